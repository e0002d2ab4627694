#include "actors/queues/standard_queue.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "libsim/failure.hpp"
#include "libsim/random/stream.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Sent = StandardQueue::SendResult;
using Receipt = StandardQueue::ReceiptResult;
using Ids = std::vector<std::uint64_t>;

Time at(Duration since_start) { return Time{} + since_start; }

StandardQueue::Outgoing message(std::uint64_t id) { return {MessageId{id}, 100}; }

/// Uniform numbers in [0, 1), always the same.
struct Draws {
  double operator()() { return stream.uniform01(); }
  RandomStream stream{StreamKey{.seed = 1, .actor = "queue", .purpose = "delivery"}};
};

/// A queue together with the stream that its draws come from.
struct Bench {
  explicit Bench(StandardQueue::Config config = {}) : queue(config) {}

  void send(std::uint64_t count, Duration when = 0s) {
    for (std::uint64_t id = 1; id <= count; ++id) {
      queue.send(at(when), message(id));
    }
  }

  std::vector<StandardQueue::Delivery> receive(Duration when, std::uint32_t count_max = 1) {
    return queue.receive(at(when), random, count_max);
  }

  Ids ids(Duration when, std::uint32_t count_max = 1) {
    Ids ids;
    for (const StandardQueue::Delivery& delivery : receive(when, count_max)) {
      ids.push_back(static_cast<std::uint64_t>(delivery.id));
    }
    return ids;
  }

  Receipt remove(Duration when, const StandardQueue::Delivery& delivery) {
    return queue.remove(at(when), delivery.receipt_handle, random);
  }

  StandardQueue queue;
  Draws random;
};

}  // namespace

TEST_CASE("a standard queue delivers in the order of sending and blocks nothing", "[standard_queue]") {
  Bench bench;
  bench.send(12);
  REQUIRE(bench.ids(0s) == Ids{1});
  REQUIRE(bench.ids(0s) == Ids{2});
  REQUIRE(bench.ids(0s, 10) == Ids{3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  REQUIRE(bench.ids(30s) == Ids{1});  // its visibility timeout is over
}

TEST_CASE("equal messages are two messages in a standard queue", "[standard_queue]") {
  Bench bench;
  bench.queue.send(at(0s), message(1));
  REQUIRE(bench.queue.send(at(0s), message(1)).result == Sent::accepted);
  REQUIRE(bench.ids(0s, 10) == Ids{1, 1});
}

TEST_CASE("a standard message comes again after its visibility timeout and counts its receives", "[standard_queue]") {
  Bench bench({.visibility_timeout = 40s});
  bench.send(1);
  REQUIRE(bench.receive(5s)[0].visible_again_at == at(45s));
  REQUIRE(bench.receive(45s - 1ns).empty());
  REQUIRE(bench.receive(45s)[0].receive_count == 2);
}

TEST_CASE("a receive may bring its own visibility timeout", "[standard_queue]") {
  Bench bench;
  bench.send(1);
  REQUIRE(bench.queue.receive(at(0s), bench.random, 1, 2min)[0].visible_again_at == at(2min));
}

TEST_CASE("the newest receipt handle deletes even after its visibility timeout", "[standard_queue]") {
  Bench bench;
  bench.send(1);
  const auto first = bench.receive(0s);
  REQUIRE(bench.remove(40s, first[0]) == Receipt::done);
  REQUIRE(bench.queue.message_ids().empty());
  REQUIRE(bench.remove(40s, first[0]) == Receipt::stale);
}

TEST_CASE("an older receipt handle deletes nothing", "[standard_queue]") {
  Bench bench;
  bench.send(1);
  const auto first = bench.receive(0s);
  const auto second = bench.receive(30s);
  REQUIRE(bench.remove(31s, first[0]) == Receipt::stale);
  REQUIRE(bench.remove(31s, second[0]) == Receipt::done);
}

TEST_CASE("the timeout of a message that is not in flight cannot be changed", "[standard_queue]") {
  Bench bench;
  bench.send(1);
  const auto first = bench.receive(0s);
  REQUIRE(bench.queue.change_visibility(at(30s), first[0].receipt_handle, 30s) == Receipt::not_in_flight);
  REQUIRE(bench.queue.visible() == 1);
  bench.receive(31s);
  REQUIRE(bench.queue.change_visibility(at(31s), first[0].receipt_handle, 30s) == Receipt::stale);
}

TEST_CASE("a standard message can be extended, handed back, and kept for twelve hours at most", "[standard_queue]") {
  Bench bench;
  bench.send(1);
  const auto first = bench.receive(0s);
  const auto handle = first[0].receipt_handle;
  REQUIRE(bench.queue.change_visibility(at(20s), handle, 11h) == Receipt::done);
  REQUIRE(bench.queue.next_change_at() == at(11h + 20s));
  REQUIRE(bench.queue.change_visibility(at(1h), handle, 11h + 1ns) == Receipt::over_maximum);
  REQUIRE(bench.queue.change_visibility(at(1h), handle, 11h) == Receipt::done);
  REQUIRE(bench.queue.next_change_at() == at(12h));
  REQUIRE(bench.queue.change_visibility(at(2h), handle, 0s) == Receipt::done);
  REQUIRE(bench.queue.not_visible() == 0);
  REQUIRE(bench.ids(2h) == Ids{1});
}

TEST_CASE("the delay of a message goes before that of its queue", "[standard_queue]") {
  Bench bench({.delay = 10s});
  bench.queue.send(at(0s), {MessageId{1}, 100, 20s});
  bench.queue.send(at(0s), {MessageId{2}, 100});
  bench.queue.send(at(0s), {MessageId{3}, 100, 0s});
  REQUIRE(bench.queue.delayed() == 2);
  REQUIRE(bench.ids(0s, 10) == Ids{3});
  REQUIRE(bench.ids(10s - 1ns, 10).empty());
  REQUIRE(bench.ids(10s, 10) == Ids{2});
  REQUIRE(bench.ids(20s, 10) == Ids{1});
}

TEST_CASE("a message timer of more than 15 minutes, or a negative one, is a bug", "[standard_queue]") {
  Bench bench;
  REQUIRE(bench.queue.send(at(0s), {MessageId{1}, 100, 15min}).result == Sent::accepted);
  REQUIRE_THROWS_AS(bench.queue.send(at(0s), {MessageId{2}, 100, 15min + 1ns}), AssertionFailure);
  REQUIRE_THROWS_AS(bench.queue.send(at(0s), {MessageId{2}, 100, -1ns}), AssertionFailure);
}

TEST_CASE("a standard message received max_receive_count times leaves at the next receive", "[standard_queue]") {
  Bench bench({.max_receive_count = 2});
  bench.send(1, 7s);
  bench.receive(7s);
  bench.receive(37s);
  bench.queue.advance(at(67s));
  REQUIRE(bench.queue.take_dead_lettered().empty());
  REQUIRE(bench.receive(67s).empty());
  REQUIRE(bench.queue.take_dead_lettered() == std::vector{SqsDeparted{MessageId{1}, at(7s)}});
  REQUIRE(bench.queue.message_ids().empty());
}

TEST_CASE("retention of a standard queue counts from the first send, in whatever queue that was", "[standard_queue]") {
  Bench dead_letters;  // keeps messages for 4 days
  dead_letters.queue.send(at(24h), {MessageId{1}, 100, std::nullopt, at(0s)});
  dead_letters.queue.send(at(24h), {MessageId{2}, 100});
  REQUIRE(dead_letters.queue.age_of_oldest(at(25h)) == 1h);  // since it came here
  dead_letters.queue.advance(at(96h) - 1ns);
  REQUIRE(dead_letters.queue.take_expired().empty());
  dead_letters.queue.advance(at(96h));  // 3 days after it came
  REQUIRE(dead_letters.queue.take_expired() == std::vector{MessageId{1}});
  dead_letters.queue.advance(at(120h));
  REQUIRE(dead_letters.queue.take_expired() == std::vector{MessageId{2}});
}

TEST_CASE("a standard message may expire before its delay is over", "[standard_queue]") {
  Bench bench({.message_retention_period = 60s});
  bench.queue.send(at(0s), {MessageId{1}, 100, 5min});
  REQUIRE(bench.queue.next_change_at() == at(60s));
  bench.queue.advance(at(60s));
  REQUIRE(bench.queue.delayed() == 0);
  REQUIRE(bench.queue.next_change_at() == std::nullopt);
}

TEST_CASE("at the limit of messages in flight a standard queue gives none and says so", "[standard_queue]") {
  Bench bench({.in_flight_max = 2});
  bench.send(3);
  REQUIRE_FALSE(bench.queue.is_over_limit());
  const auto both = bench.receive(0s, 10);
  REQUIRE(both.size() == 2);
  REQUIRE(bench.queue.is_over_limit());
  REQUIRE(bench.receive(0s).empty());
  bench.remove(0s, both[0]);
  REQUIRE(bench.ids(0s) == Ids{3});
}

TEST_CASE("a message larger than the maximum is refused", "[standard_queue]") {
  Bench bench;
  REQUIRE(bench.queue.send(at(0s), {MessageId{1}, 262'144}).result == Sent::accepted);
  REQUIRE(bench.queue.send(at(0s), {MessageId{2}, 262'145}) == StandardQueue::Sent{Sent::too_large, MessageId{2}});
  REQUIRE(bench.queue.message_ids() == std::vector{MessageId{1}});
}

TEST_CASE("a duplicated delivery leaves the message visible, but never twice in one batch", "[standard_queue]") {
  Bench bench({.duplicate_probability = 1});
  bench.send(2);
  const auto first = bench.receive(0s, 10);
  REQUIRE(first.size() == 2);
  REQUIRE(bench.queue.visible() == 2);
  REQUIRE(bench.queue.not_visible() == 0);
  const auto second = bench.receive(0s);
  REQUIRE(second[0].id == MessageId{1});
  REQUIRE(second[0].receive_count == 2);
  REQUIRE(bench.remove(0s, first[0]) == Receipt::stale);  // 1 was received again
  REQUIRE(bench.remove(0s, first[1]) == Receipt::done);   // 2 was not
  REQUIRE(bench.queue.oddities().duplicates_count == 3);
}

TEST_CASE("a lost delete looks like a delete, and the message comes again", "[standard_queue]") {
  Bench bench({.lost_delete_probability = 1});
  bench.send(1);
  REQUIRE(bench.remove(1s, bench.receive(0s)[0]) == Receipt::copy_left);
  REQUIRE(bench.receive(30s - 1ns).empty());
  REQUIRE(bench.ids(30s) == Ids{1});
  REQUIRE(bench.queue.oddities().lost_deletes_count == 1);
  REQUIRE(bench.queue.statistics().deleted_count == 0);
}

TEST_CASE("a delete with a stale handle cannot get lost", "[standard_queue]") {
  Bench bench({.lost_delete_probability = 1});
  bench.send(1);
  const auto first = bench.receive(0s);
  bench.receive(30s);
  REQUIRE(bench.remove(30s, first[0]) == Receipt::stale);
  REQUIRE(bench.queue.oddities().lost_deletes_count == 0);
}

TEST_CASE("disorder takes any of the oldest messages, with equal chances", "[standard_queue]") {
  Bench bench({.out_of_order_probability = 1, .disorder_window_messages = 4});
  std::map<std::uint64_t, int> counts;
  for (int i = 0; i < 4'000; ++i) {
    StandardQueue copy = bench.queue;
    for (std::uint64_t id = 1; id <= 10; ++id) {
      copy.send(at(0s), message(id));
    }
    ++counts[static_cast<std::uint64_t>(copy.receive(at(0s), bench.random)[0].id)];
  }
  REQUIRE(counts.size() == 4);
  for (const auto& [id, count] : counts) {
    REQUIRE(id <= 4);
    REQUIRE(count == Approx(1'000).margin(110));  // 4 standard deviations: 4·√(4000·¼·¾) = 110
  }
}

TEST_CASE("the probabilities strike as often as they say", "[standard_queue]") {
  Bench bench({.visibility_timeout = 0s,
               .duplicate_probability = 0.2,
               .out_of_order_probability = 0.3,
               .disorder_window_messages = 2});
  bench.send(2);
  for (int i = 0; i < 10'000; ++i) {
    bench.receive(i * 1s);
  }
  // 4 standard deviations: 4·√(10000·0.2·0.8) = 160; of the disordered half is the oldest all the same: 0.3·½
  REQUIRE(bench.queue.oddities().duplicates_count == Approx(2'000).margin(160));
  REQUIRE(bench.queue.oddities().out_of_order_count == Approx(1'500).margin(143));
}

TEST_CASE("without oddities a standard queue draws nothing", "[standard_queue]") {
  Bench bench;
  bench.send(3);
  const auto all = bench.receive(0s, 10);
  bench.remove(0s, all[0]);
  Draws fresh;
  REQUIRE(bench.random() == fresh());
}

TEST_CASE("visible messages move out of a standard dead-letter queue, the oldest first", "[standard_queue]") {
  Bench bench;
  bench.send(3, 5s);
  bench.receive(5s);
  const std::vector<SqsDeparted> both{{MessageId{2}, at(5s)}, {MessageId{3}, at(5s)}};
  REQUIRE(bench.queue.take_for_move(at(6s), 10) == both);
  REQUIRE(bench.queue.message_ids() == std::vector{MessageId{1}});
  REQUIRE(bench.queue.statistics().moved_count == 2);
}

TEST_CASE("wrong attributes of a standard queue, and wrong calls, are bugs", "[standard_queue]") {
  using Config = StandardQueue::Config;
  REQUIRE_THROWS_AS(StandardQueue(Config{.visibility_timeout = 12h + 1ns}), AssertionFailure);
  REQUIRE_THROWS_AS(StandardQueue(Config{.message_retention_period = 59s}), AssertionFailure);
  REQUIRE_THROWS_AS(StandardQueue(Config{.delay = 16min}), AssertionFailure);
  REQUIRE_THROWS_AS(StandardQueue(Config{.max_receive_count = 1'001}), AssertionFailure);
  REQUIRE_THROWS_AS(StandardQueue(Config{.message_bytes_max = 1'023}), AssertionFailure);
  REQUIRE_THROWS_AS(StandardQueue(Config{.duplicate_probability = 1.5}), AssertionFailure);
  REQUIRE_THROWS_AS(StandardQueue(Config{.lost_delete_probability = -0.1}), AssertionFailure);
  REQUIRE_THROWS_AS(StandardQueue(Config{.out_of_order_probability = 2}), AssertionFailure);
  REQUIRE_THROWS_AS(StandardQueue(Config{.disorder_window_messages = 0}), AssertionFailure);
  Bench bench;
  REQUIRE_THROWS_AS(bench.receive(0s, 0), AssertionFailure);
  REQUIRE_THROWS_AS(bench.receive(0s, 11), AssertionFailure);
  REQUIRE_THROWS_AS(bench.queue.receive(at(0s), bench.random, 1, 13h), AssertionFailure);
  bench.queue.advance(at(1s));
  REQUIRE_THROWS_AS(bench.queue.advance(at(0s)), AssertionFailure);
  REQUIRE_THROWS_AS(bench.queue.send(at(1s), {MessageId{1}, 100, std::nullopt, at(2s)}), AssertionFailure);
}
