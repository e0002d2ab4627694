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

TEST_CASE("a message without group, with a delay of its own or too large is refused", "[fifo_queue]") {
  FifoQueue queue{{.message_bytes_max = 1'024}};
  REQUIRE(queue.send(at(0s), {MessageId{1}, "", "body", ""}).result == Sent::no_message_group);
  REQUIRE(queue.send(at(0s), {MessageId{1}, "g", "body", "", 1s}).result == Sent::delay_of_one_message);
  REQUIRE(queue.send(at(0s), {MessageId{1}, "g", std::string(1'025, 'x'), ""}).result == Sent::too_large);
  REQUIRE(queue.send(at(0s), {MessageId{1}, "g", std::string(1'024, 'x'), ""}).result == Sent::accepted);
  REQUIRE(queue.message_ids() == std::vector{MessageId{1}});
}

TEST_CASE("a FIFO message that says it has a delay of 0 has that of its queue", "[fifo_queue][field]") {
  FifoQueue queue{{.delay = 10s}};
  REQUIRE(queue.send(at(0s), {MessageId{1}, "g", "body", "", 0s}).result == Sent::accepted);
  REQUIRE(queue.delayed() == 1);
  REQUIRE(queue.receive(at(9s)).empty());
  REQUIRE(queue.receive(at(10s)).size() == 1);
}

TEST_CASE("a refused message is not remembered for deduplication", "[fifo_queue]") {
  FifoQueue queue{{.message_bytes_max = 1'024}};
  queue.send(at(0s), {MessageId{1}, "g", std::string(1'025, 'x'), "id"});
  REQUIRE(queue.send(at(0s), {MessageId{1}, "g", "short", "id"}).result == Sent::accepted);
}

TEST_CASE("a receive repeated under its attempt id gives the same handles and restarts the timeout", "[fifo_queue]") {
  FifoQueue queue{{}};
  queue.send(at(0s), message(1));
  queue.send(at(0s), message(2));
  const auto first = queue.receive_attempt(at(0s), "attempt", 2);
  const auto again = queue.receive_attempt(at(10s), "attempt", 2);
  REQUIRE(again.is_valid);
  REQUIRE(ids(again.deliveries) == Ids{1, 2});
  REQUIRE(again.deliveries[0].receipt_handle == first.deliveries[0].receipt_handle);
  REQUIRE(again.deliveries[0].receive_count == 1);
  REQUIRE(again.deliveries[0].visible_again_at == at(40s));  // 10 s + 30 s
  REQUIRE(queue.receive(at(40s) - 1ns).empty());
  REQUIRE(ids(queue.receive(at(40s), 10)) == Ids{1, 2});
}

TEST_CASE("an attempt id is of no use once one of its messages changed", "[fifo_queue]") {
  FifoQueue queue{{}};
  queue.send(at(0s), message(1));
  queue.send(at(0s), message(2));
  const auto first = queue.receive_attempt(at(0s), "attempt", 2);
  Time retry_at = at(2s);
  SECTION("because it was deleted") { queue.remove(at(1s), first.deliveries[0].receipt_handle); }
  SECTION("because its visibility timeout was changed") {
    queue.change_visibility(at(1s), first.deliveries[1].receipt_handle, 30s);
  }
  SECTION("because it became visible") { retry_at = at(30s); }
  const auto again = queue.receive_attempt(retry_at, "attempt", 2);
  REQUIRE_FALSE(again.is_valid);
  REQUIRE(again.deliveries.empty());
}

TEST_CASE("an attempt id is forgotten after five minutes, and an empty receive is not remembered", "[fifo_queue]") {
  FifoQueue queue{{.visibility_timeout = 1h}};
  REQUIRE(queue.receive_attempt(at(0s), "attempt").deliveries.empty());
  queue.send(at(0s), message(1, "a"));
  queue.send(at(0s), message(2, "b"));
  REQUIRE(ids(queue.receive_attempt(at(1s), "attempt").deliveries) == Ids{1});
  REQUIRE(ids(queue.receive_attempt(at(301s) - 1ns, "attempt").deliveries) == Ids{1});
  REQUIRE(ids(queue.receive_attempt(at(301s), "attempt").deliveries) == Ids{2});
}

TEST_CASE("groups are looked for among the first lookahead_messages_max messages only", "[fifo_queue]") {
  FifoQueue queue{{.lookahead_messages_max = 3}};
  for (const std::uint64_t id : {1, 2, 3}) {
    queue.send(at(0s), message(id, "a"));
  }
  queue.send(at(0s), message(4, "b"));
  queue.send(at(0s), message(5, "c"));
  const auto first = queue.receive(at(0s));
  REQUIRE_FALSE(queue.has_receivable());  // a is blocked; b is the fourth message, c the fifth
  queue.remove(at(1s), first[0].receipt_handle);
  const auto second = queue.receive(at(1s), 10);
  REQUIRE(ids(second) == Ids{2, 3, 4});
  queue.remove(at(2s), second[2].receipt_handle);  // 4, within the view
  REQUIRE(ids(queue.receive(at(2s), 10)) == Ids{5});
}

TEST_CASE("a move does not look further than a receive", "[fifo_queue]") {
  FifoQueue queue{{.lookahead_messages_max = 2}};
  for (const std::uint64_t id : {1, 2}) {
    queue.send(at(0s), message(id, "a"));
  }
  queue.send(at(0s), message(3, "b"));
  queue.receive(at(0s));
  REQUIRE(queue.take_for_move(at(0s), 10).empty());
}

TEST_CASE("each message that goes away brings one more into view", "[fifo_queue]") {
  FifoQueue queue{{.message_retention_period = 60s, .lookahead_messages_max = 2}};
  for (const std::uint64_t id : {1, 2}) {
    queue.send(at(0s), message(id, "a"));
  }
  queue.send(at(1s), message(3, "b"));
  queue.send(at(1s), message(4, "c"));
  const auto first = queue.receive(at(1s), 10);
  REQUIRE(ids(first) == Ids{1, 2});
  REQUIRE(queue.receive(at(2s), 10).empty());
  queue.remove(at(2s), first[0].receipt_handle);
  const auto third = queue.receive(at(2s), 10);
  REQUIRE(ids(third) == Ids{3});
  queue.remove(at(2s), third[0].receipt_handle);
  REQUIRE(ids(queue.receive(at(2s), 10)) == Ids{4});
}

TEST_CASE("receivable messages move out of a dead-letter queue, the oldest first, others stay", "[fifo_queue]") {
  FifoQueue queue{{}};
  queue.send(at(0s), message(1, "a"));
  queue.send(at(0s), message(2, "b"));
  queue.send(at(0s), message(3, "a"));
  queue.send(at(0s), message(4, "b"));
  REQUIRE(ids(queue.receive(at(0s))) == Ids{1});
  REQUIRE(ids(queue.take_for_move(at(1s), 1)) == Ids{2});
  REQUIRE(ids(queue.take_for_move(at(1s), 10)) == Ids{4});  // 3 waits for 1
  REQUIRE(queue.message_ids() == std::vector{MessageId{1}, MessageId{3}});
}

TEST_CASE("the statistics of a queue add up", "[fifo_queue]") {
  FifoQueue queue{{.message_retention_period = 60s, .max_receive_count = 1}};
  for (const std::uint64_t id : {1, 2, 3, 4, 5}) {
    queue.send(at(0s), message(id, std::to_string(id)));
  }
  const auto both = queue.receive(at(0s), 2);
  queue.remove(at(1s), both[0].receipt_handle);
  queue.receive(at(30s), 2);  // 2 is spent and leaves; 3 and 4 are delivered
  queue.change_visibility(at(31s), queue.receive(at(31s))[0].receipt_handle, 0s);
  queue.take_for_move(at(31s), 1);
  queue.advance(at(60s));
  const SqsStatistics expected{.sent_count = 5,
                               .delivered_count = 5,
                               .redelivered_count = 0,
                               .deleted_count = 1,
                               .dead_lettered_count = 1,
                               .expired_count = 2,
                               .moved_count = 1};
  REQUIRE(queue.statistics() == expected);
  REQUIRE(queue.message_ids().empty());
}

TEST_CASE("attributes out of their ranges are bugs", "[fifo_queue]") {
  using Config = FifoQueue::Config;
  REQUIRE_THROWS_AS(FifoQueue(Config{.visibility_timeout = -1ns}), AssertionFailure);
  REQUIRE_THROWS_AS(FifoQueue(Config{.visibility_timeout = 12h + 1ns}), AssertionFailure);
  REQUIRE_THROWS_AS(FifoQueue(Config{.message_retention_period = 60s - 1ns}), AssertionFailure);
  REQUIRE_THROWS_AS(FifoQueue(Config{.message_retention_period = 336h + 1ns}), AssertionFailure);
  REQUIRE_THROWS_AS(FifoQueue(Config{.delay = 15min + 1ns}), AssertionFailure);
  REQUIRE_THROWS_AS(FifoQueue(Config{.deduplication_interval = -1ns}), AssertionFailure);
  REQUIRE_THROWS_AS(FifoQueue(Config{.visibility_total_max = 12h + 1ns}), AssertionFailure);
  REQUIRE_THROWS_AS(FifoQueue(Config{.max_receive_count = 1'001}), AssertionFailure);
  REQUIRE_THROWS_AS(FifoQueue(Config{.in_flight_max = 0}), AssertionFailure);
  REQUIRE_THROWS_AS(FifoQueue(Config{.message_bytes_max = 1'023}), AssertionFailure);
  REQUIRE_THROWS_AS(FifoQueue(Config{.message_bytes_max = 1'048'577}), AssertionFailure);
  REQUIRE_THROWS_AS(FifoQueue(Config{.lookahead_messages_max = 0}), AssertionFailure);
  const Config widest{.visibility_timeout = 12h,
                      .message_retention_period = 336h,
                      .delay = 15min,
                      .max_receive_count = 1'000,
                      .message_bytes_max = 1'048'576};
  REQUIRE_NOTHROW(FifoQueue(widest));
}
