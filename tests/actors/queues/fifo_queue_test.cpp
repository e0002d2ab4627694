#include "actors/queues/fifo_queue.hpp"

#include <catch2/catch.hpp>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Sent = FifoQueue::SendResult;
using Receipt = FifoQueue::ReceiptResult;

Time at(Duration since_start) { return Time{} + since_start; }

FifoQueue::Outgoing message(std::uint64_t id, std::string group = "g") {
  return {MessageId{id}, std::move(group), "body " + std::to_string(id), ""};
}

std::vector<std::uint64_t> ids(const std::vector<FifoQueue::Delivery>& deliveries) {
  std::vector<std::uint64_t> numbers;
  for (const FifoQueue::Delivery& delivery : deliveries) {
    numbers.push_back(static_cast<std::uint64_t>(delivery.id));
  }
  return numbers;
}

std::vector<std::uint64_t> ids(const std::vector<SqsDeparted>& messages) {
  std::vector<std::uint64_t> numbers;
  for (const SqsDeparted& departed : messages) {
    numbers.push_back(static_cast<std::uint64_t>(departed.id));
  }
  return numbers;
}

using Ids = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("a group is blocked while one of its messages is in flight, other groups are not", "[fifo_queue]") {
  FifoQueue queue{{}};
  queue.send(at(0s), message(1, "a"));
  queue.send(at(0s), message(2, "a"));
  queue.send(at(0s), message(3, "b"));

  const auto first = queue.receive(at(1s));
  REQUIRE(ids(first) == Ids{1});
  REQUIRE(ids(queue.receive(at(1s))) == Ids{3});
  REQUIRE(queue.receive(at(1s)).empty());

  REQUIRE(queue.remove(at(2s), first[0].receipt_handle) == Receipt::done);
  REQUIRE(ids(queue.receive(at(2s))) == Ids{2});
}

TEST_CASE("a message received but never deleted is delivered again after the visibility timeout", "[fifo_queue]") {
  FifoQueue queue{{}};
  queue.send(at(0s), message(1));
  REQUIRE(queue.receive(at(5s))[0].visible_again_at == at(35s));  // 5 s + the default of 30 s

  REQUIRE(queue.next_change_at() == at(35s));
  REQUIRE(queue.receive(at(35s) - 1ns).empty());
  const auto again = queue.receive(at(35s));
  REQUIRE(ids(again) == Ids{1});
  REQUIRE(again[0].receive_count == 2);
}

TEST_CASE("a redelivery comes before the later messages of its group", "[fifo_queue]") {
  FifoQueue queue{{}};
  queue.send(at(0s), message(1));
  queue.send(at(0s), message(2));
  REQUIRE(ids(queue.receive(at(0s))) == Ids{1});
  REQUIRE(ids(queue.receive(at(30s), 10)) == Ids{1, 2});
}

TEST_CASE("an extended message keeps the later ones of its group waiting", "[fifo_queue]") {
  FifoQueue queue{{}};
  queue.send(at(0s), message(1));
  queue.send(at(0s), message(2));
  const auto first = queue.receive(at(0s));
  REQUIRE(queue.change_visibility(at(20s), first[0].receipt_handle, 30s) == Receipt::done);  // now until 50 s
  REQUIRE(queue.receive(at(50s) - 1ns).empty());
  REQUIRE(ids(queue.receive(at(50s))) == Ids{1});
}

TEST_CASE("a visibility of zero hands a message back at once", "[fifo_queue]") {
  FifoQueue queue{{}};
  queue.send(at(0s), message(1));
  const auto first = queue.receive(at(0s));
  queue.change_visibility(at(1s), first[0].receipt_handle, 0s);
  REQUIRE(queue.visible() == 1);
  REQUIRE(queue.not_visible() == 0);
  REQUIRE(ids(queue.receive(at(1s))) == Ids{1});
}

TEST_CASE("an extension beyond twelve hours after the receive is refused, not shortened", "[fifo_queue]") {
  FifoQueue queue{{.visibility_timeout = 11h}};
  queue.send(at(0s), message(1));
  const auto first = queue.receive(at(0s));
  REQUIRE(queue.change_visibility(at(10h), first[0].receipt_handle, 2h + 1ns) == Receipt::over_maximum);
  REQUIRE(queue.next_change_at() == at(11h));  // as before
  REQUIRE(queue.change_visibility(at(10h), first[0].receipt_handle, 2h) == Receipt::done);
  REQUIRE(queue.next_change_at() == at(12h));
}

TEST_CASE("messages before one that is still in flight come again, those after it do not", "[fifo_queue]") {
  FifoQueue queue{{}};
  for (const std::uint64_t id : {1, 2, 3}) {
    queue.send(at(0s), message(id));
  }
  const auto batch = queue.receive(at(0s), 10);
  REQUIRE(ids(batch) == Ids{1, 2, 3});
  queue.change_visibility(at(20s), batch[1].receipt_handle, 30s);  // 2 is in flight until 50 s, 1 and 3 until 30 s
  REQUIRE(ids(queue.receive(at(30s), 10)) == Ids{1});
  REQUIRE(queue.receive(at(49s), 10).empty());
  REQUIRE(ids(queue.receive(at(60s), 10)) == Ids{1, 2, 3});
}

TEST_CASE("a receipt handle is worthless once its delivery has ended", "[fifo_queue]") {
  FifoQueue queue{{}};
  queue.send(at(0s), message(1));
  const auto first = queue.receive(at(0s));

  SECTION("because the visibility timeout ran out") {
    REQUIRE(queue.remove(at(30s), first[0].receipt_handle) == Receipt::stale);
    REQUIRE(queue.change_visibility(at(30s), first[0].receipt_handle, 30s) == Receipt::stale);
    REQUIRE(queue.visible() == 1);
  }
  SECTION("because the message was delivered again") {
    const auto second = queue.receive(at(30s));
    REQUIRE(queue.remove(at(31s), first[0].receipt_handle) == Receipt::stale);
    REQUIRE(queue.remove(at(31s), second[0].receipt_handle) == Receipt::done);
  }
  SECTION("because the message was deleted") {
    REQUIRE(queue.remove(at(1s), first[0].receipt_handle) == Receipt::done);
    REQUIRE(queue.remove(at(1s), first[0].receipt_handle) == Receipt::stale);
  }
}

TEST_CASE("equal bodies within five minutes are one message, even after it was deleted", "[fifo_queue]") {
  FifoQueue queue{{}};
  REQUIRE(queue.send(at(0s), {MessageId{1}, "g", "the same", ""}).result == Sent::accepted);
  queue.remove(at(1s), queue.receive(at(1s))[0].receipt_handle);

  const auto repeated = queue.send(at(5min) - 1ns, {MessageId{2}, "g", "the same", ""});
  REQUIRE(repeated == FifoQueue::Sent{Sent::deduplicated, MessageId{1}});
  REQUIRE(queue.receive(at(5min) - 1ns).empty());
}

TEST_CASE("the deduplication interval ends five minutes after the first send and is not renewed", "[fifo_queue]") {
  FifoQueue queue{{}};
  queue.send(at(0s), {MessageId{1}, "g", "the same", ""});
  queue.send(at(4min), {MessageId{2}, "g", "the same", ""});
  REQUIRE(queue.send(at(5min), {MessageId{3}, "g", "the same", ""}).result == Sent::accepted);
  REQUIRE(queue.message_ids() == std::vector{MessageId{1}, MessageId{3}});
}

namespace {

/// Whether the second of two equal bodies is dropped up to the last nanosecond before five minutes, and no longer.
bool drops_repeats_for_exactly_five_minutes(const FifoQueue& queue) {
  const auto second_at = [&queue](Duration when) {
    FifoQueue copy = queue;
    copy.send(at(0s), {MessageId{1}, "g", "the same", ""});
    return copy.send(at(when), {MessageId{2}, "g", "the same", ""}).result;
  };
  return second_at(5min - 1ns) == Sent::deduplicated && second_at(5min) == Sent::accepted;
}

}  // namespace

TEST_CASE("a queue whose deduplication interval is off by a nanosecond is found out", "[fifo_queue]") {
  REQUIRE(drops_repeats_for_exactly_five_minutes(FifoQueue{{}}));
  REQUIRE_FALSE(drops_repeats_for_exactly_five_minutes(FifoQueue{{.deduplication_interval = 5min - 1ns}}));
  REQUIRE_FALSE(drops_repeats_for_exactly_five_minutes(FifoQueue{{.deduplication_interval = 5min + 1ns}}));
}

TEST_CASE("a deduplication id counts instead of the body", "[fifo_queue]") {
  FifoQueue queue{{}};
  queue.send(at(0s), {MessageId{1}, "g", "the same", "command-1"});
  REQUIRE(queue.send(at(0s), {MessageId{2}, "g", "the same", "command-2"}).result == Sent::accepted);
  REQUIRE(queue.send(at(0s), {MessageId{3}, "g", "another", "command-1"}).result == Sent::deduplicated);
}

TEST_CASE("duplicates are looked for in the whole queue, or within a group", "[fifo_queue]") {
  FifoQueue per_queue{{}};
  FifoQueue per_group{{.deduplication_scope = FifoQueue::DeduplicationScope::message_group}};
  for (FifoQueue* queue : {&per_queue, &per_group}) {
    queue->send(at(0s), {MessageId{1}, "a", "the same", ""});
    queue->send(at(0s), {MessageId{2}, "b", "the same", ""});
  }
  REQUIRE(per_queue.visible() == 1);
  REQUIRE(per_group.visible() == 2);
}

TEST_CASE("a queue that is not content based refuses a message without deduplication id", "[fifo_queue]") {
  FifoQueue queue{{.content_based_deduplication = false}};
  REQUIRE(queue.send(at(0s), message(1)).result == Sent::no_deduplication_id);
  REQUIRE(queue.message_ids().empty());
}

TEST_CASE("a message received max_receive_count times goes to the dead-letter queue and frees its group",
          "[fifo_queue]") {
  FifoQueue queue{{.max_receive_count = 2}};
  queue.send(at(0s), message(1));
  queue.send(at(0s), message(2));
  REQUIRE(ids(queue.receive(at(0s))) == Ids{1});
  REQUIRE(ids(queue.receive(at(30s))) == Ids{1});
  REQUIRE(queue.take_dead_lettered().empty());

  REQUIRE(ids(queue.receive(at(60s))) == Ids{2});
  REQUIRE(ids(queue.take_dead_lettered()) == Ids{1});
  REQUIRE(queue.take_dead_lettered().empty());
  REQUIRE(queue.message_ids() == std::vector{MessageId{2}});
}

TEST_CASE("a delayed message is counted apart and arrives after its delay", "[fifo_queue]") {
  FifoQueue queue{{.delay = 10s}};
  queue.send(at(0s), message(1));
  REQUIRE(queue.delayed() == 1);
  REQUIRE(queue.visible() == 0);
  REQUIRE(queue.next_change_at() == at(10s));
  REQUIRE(queue.receive(at(10s) - 1ns).empty());
  REQUIRE(ids(queue.receive(at(10s))) == Ids{1});
  REQUIRE(queue.delayed() == 0);
}

TEST_CASE("a message that outlives the retention period expires, in flight or not", "[fifo_queue]") {
  FifoQueue queue{{.message_retention_period = 60s}};
  queue.send(at(0s), message(1, "a"));
  queue.send(at(1s), message(2, "b"));
  const auto first = queue.receive(at(50s));
  queue.advance(at(60s));
  REQUIRE(queue.take_expired() == std::vector{MessageId{1}});
  REQUIRE(queue.remove(at(60s), first[0].receipt_handle) == Receipt::stale);
  queue.advance(at(61s));
  REQUIRE(queue.take_expired() == std::vector{MessageId{2}});
  REQUIRE(!queue.next_change_at());
}

TEST_CASE("a batch receive takes several messages of one group in order, and all of them block it", "[fifo_queue]") {
  FifoQueue queue{{}};
  for (std::uint64_t id = 1; id <= 12; ++id) {
    queue.send(at(0s), message(id));
  }
  const auto batch = queue.receive(at(0s), 10);
  REQUIRE(ids(batch) == Ids{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  for (std::size_t i = 0; i + 1 < batch.size(); ++i) {
    queue.remove(at(1s), batch[i].receipt_handle);
    REQUIRE(queue.receive(at(1s), 10).empty());
  }
  queue.remove(at(1s), batch.back().receipt_handle);
  REQUIRE(ids(queue.receive(at(1s), 10)) == Ids{11, 12});
}

TEST_CASE("free groups are served in the order of their oldest message", "[fifo_queue]") {
  FifoQueue queue{{}};
  queue.send(at(0s), message(1, "z"));
  queue.send(at(0s), message(2, "a"));
  queue.send(at(0s), message(3, "z"));
  REQUIRE(ids(queue.receive(at(0s), 3)) == Ids{1, 3, 2});
}

TEST_CASE("no more than in_flight_max messages are in flight", "[fifo_queue]") {
  FifoQueue queue{{.in_flight_max = 2}};
  for (std::uint64_t id = 1; id <= 3; ++id) {
    queue.send(at(0s), message(id, std::to_string(id)));
  }
  const auto first = queue.receive(at(0s), 10);
  REQUIRE(ids(first) == Ids{1, 2});
  REQUIRE(!queue.has_receivable());
  queue.remove(at(0s), first[0].receipt_handle);
  REQUIRE(ids(queue.receive(at(0s), 10)) == Ids{3});
}

TEST_CASE("the counts tell visible, invisible and delayed messages apart", "[fifo_queue]") {
  FifoQueue queue{{}};
  for (std::uint64_t id = 1; id <= 5; ++id) {
    queue.send(at(0s), message(id));
  }
  queue.receive(at(0s), 2);
  REQUIRE(queue.visible() == 3);  // blocked behind the two, yet visible
  REQUIRE(queue.not_visible() == 2);
  REQUIRE(!queue.has_receivable());
  REQUIRE(queue.age_of_oldest(at(7s)) == 7s);
}

TEST_CASE("a receive of none or of more than ten, and a clock that goes back, are bugs", "[fifo_queue]") {
  FifoQueue queue{{}};
  REQUIRE_THROWS_AS(queue.receive(at(0s), 0), AssertionFailure);
  REQUIRE_THROWS_AS(queue.receive(at(0s), 11), AssertionFailure);
  queue.advance(at(1s));
  REQUIRE_THROWS_AS(queue.advance(at(0s)), AssertionFailure);
}

TEST_CASE("a copy of a queue goes its own way", "[fifo_queue]") {
  FifoQueue queue{{}};
  queue.send(at(0s), message(1));
  FifoQueue copy = queue;
  REQUIRE(ids(queue.receive(at(0s))) == Ids{1});
  REQUIRE(ids(copy.receive(at(0s))) == Ids{1});
}
