// One test per documented rule of Amazon SQS. C: queues of both kinds, S: standard queues, F: FIFO queues. The table of
// rules with their sources is in docs/components/sqs.md; rules of long polls, dead-letter queues and moves between
// queues (A) are tested with the actor, in tests/actors/queues/message_queue_rules_test.cpp.
#include <algorithm>
#include <catch2/catch.hpp>

#include "libsim/failure.hpp"
#include "tests/actors/queues/sqs_bench.hpp"

using namespace sqs_test;

namespace {

template <class Rules>
bool accepts(typename Rules::Config config) {
  try {
    Rules{config};
    return true;
  } catch (const AssertionFailure&) {
    return false;
  }
}

}  // namespace

TEMPLATE_TEST_CASE("SQS C1: a received message stays in the queue, invisible for 30 s by default", "[sqs_conformance]",
                   FifoQueue, StandardQueue) {
  Bench<TestType> bench;
  bench.send(1);
  REQUIRE(ids(bench.receive(1s)) == Ids{1});
  REQUIRE(bench.queue.message_ids().size() == 1);
  REQUIRE(bench.receive(31s - 1ns).empty());
  REQUIRE(ids(bench.receive(31s)) == Ids{1});
}

TEMPLATE_TEST_CASE("SQS C2: a receive may set another visibility timeout for what it gets", "[sqs_conformance]",
                   FifoQueue, StandardQueue) {
  Bench<TestType> bench;
  bench.send(1);
  bench.receive(0s, 1, 2min);
  REQUIRE(bench.receive(2min - 1ns).empty());
  REQUIRE(ids(bench.receive(2min)) == Ids{1});
  REQUIRE(ids(bench.receive(2min + 30s)) == Ids{1});  // and back to that of the queue
}

TEMPLATE_TEST_CASE("SQS C3: a changed visibility timeout counts from the change", "[sqs_conformance]", FifoQueue,
                   StandardQueue) {
  Bench<TestType> bench({.visibility_timeout = 60s});
  bench.send(1);
  const auto first = bench.receive(0s);
  REQUIRE(bench.change(15s, first[0], 10s) == SqsReceiptResult::done);
  REQUIRE(bench.receive(25s - 1ns).empty());
  REQUIRE(ids(bench.receive(25s)) == Ids{1});
}

TEMPLATE_TEST_CASE("SQS C4: a changed visibility timeout is for that receive only", "[sqs_conformance]", FifoQueue,
                   StandardQueue) {
  Bench<TestType> bench;
  bench.send(1);
  bench.change(0s, bench.receive(0s)[0], 10s);
  REQUIRE(bench.receive(10s)[0].visible_again_at == at(40s));
}

TEMPLATE_TEST_CASE("SQS C5: a visibility timeout changed to 0 makes the message visible at once", "[sqs_conformance]",
                   FifoQueue, StandardQueue) {
  Bench<TestType> bench;
  bench.send(1);
  bench.change(5s, bench.receive(0s)[0], 0s);
  REQUIRE(ids(bench.receive(5s)) == Ids{1});
}

TEMPLATE_TEST_CASE("SQS C6: extensions that end later than 12 h after the receive are refused", "[sqs_conformance]",
                   FifoQueue, StandardQueue) {
  Bench<TestType> bench;
  bench.send(1);
  const auto first = bench.receive(0s, 1, 5h);
  REQUIRE(bench.change(4h, first[0], 6h) == SqsReceiptResult::done);  // does not start the 12 h anew
  REQUIRE(bench.change(9h, first[0], 3h + 1ns) == SqsReceiptResult::over_maximum);
  REQUIRE(bench.queue.next_change_at() == at(10h));  // nothing shortened it to what is left
  REQUIRE(bench.change(9h, first[0], 3h) == SqsReceiptResult::done);
}

TEMPLATE_TEST_CASE("SQS C7: each receive gives another receipt handle, and the last one deletes", "[sqs_conformance]",
                   FifoQueue, StandardQueue) {
  Bench<TestType> bench;
  bench.send(1);
  const auto first = bench.receive(0s);
  const auto second = bench.receive(30s);
  REQUIRE(first[0].receipt_handle != second[0].receipt_handle);
  REQUIRE(bench.remove(31s, second[0]) == SqsReceiptResult::done);
  REQUIRE(bench.queue.message_ids().empty());
}

TEMPLATE_TEST_CASE("SQS C8: a receive gets 1 to 10 messages, 1 by default, or as many as there are",
                   "[sqs_conformance]", FifoQueue, StandardQueue) {
  Bench<TestType> bench;
  for (std::uint64_t id = 1; id <= 13; ++id) {
    bench.send(id, 0s, std::to_string(id));
  }
  REQUIRE(bench.receive(0s).size() == 1);
  REQUIRE(bench.receive(0s, 10).size() == 10);
  REQUIRE(bench.receive(0s, 10).size() == 2);
  REQUIRE_THROWS_AS(bench.receive(0s, 0), AssertionFailure);
  REQUIRE_THROWS_AS(bench.receive(0s, 11), AssertionFailure);
}

TEMPLATE_TEST_CASE("SQS C9: the attributes have the documented defaults and ranges", "[sqs_conformance]", FifoQueue,
                   StandardQueue) {
  using Config = typename TestType::Config;
  const Config defaults;
  REQUIRE(defaults.visibility_timeout == 30s);
  REQUIRE(defaults.message_retention_period == 4 * 24h);
  REQUIRE(defaults.delay == 0s);
  REQUIRE(defaults.message_bytes_max == 256 * 1'024);
  REQUIRE(defaults.in_flight_max == 120'000);
  REQUIRE(accepts<TestType>({.visibility_timeout = 0s}));
  REQUIRE(accepts<TestType>({.visibility_timeout = 12h}));
  REQUIRE_FALSE(accepts<TestType>({.visibility_timeout = 12h + 1s}));
  REQUIRE(accepts<TestType>({.message_retention_period = 60s}));
  REQUIRE_FALSE(accepts<TestType>({.message_retention_period = 59s}));
  REQUIRE(accepts<TestType>({.message_retention_period = 14 * 24h}));
  REQUIRE_FALSE(accepts<TestType>({.message_retention_period = 14 * 24h + 1s}));
  REQUIRE(accepts<TestType>({.delay = 15min}));
  REQUIRE_FALSE(accepts<TestType>({.delay = 15min + 1s}));
  REQUIRE_FALSE(accepts<TestType>({.delay = -1s}));
  REQUIRE(accepts<TestType>({.max_receive_count = 1'000}));
  REQUIRE_FALSE(accepts<TestType>({.max_receive_count = 1'001}));
  REQUIRE(accepts<TestType>({.message_bytes_max = 1'024}));
  REQUIRE_FALSE(accepts<TestType>({.message_bytes_max = 1'023}));
  REQUIRE(accepts<TestType>({.message_bytes_max = 1'048'576}));
  REQUIRE_FALSE(accepts<TestType>({.message_bytes_max = 1'048'577}));
}

TEMPLATE_TEST_CASE("SQS C10: a message expires after the retention period, in flight or not", "[sqs_conformance]",
                   FifoQueue, StandardQueue) {
  Bench<TestType> bench({.message_retention_period = 60s});
  bench.send(1, 0s, "a");
  bench.send(2, 0s, "b");
  const auto first = bench.receive(59s);
  bench.queue.advance(at(60s));
  REQUIRE(bench.queue.take_expired() == std::vector{MessageId{1}, MessageId{2}});
  REQUIRE(bench.remove(60s, first[0]) == SqsReceiptResult::stale);
}

TEMPLATE_TEST_CASE("SQS C11: a message received max_receive_count times and not deleted becomes a dead letter",
                   "[sqs_conformance]", FifoQueue, StandardQueue) {
  Bench<TestType> bench({.max_receive_count = 5});
  bench.send(1);
  for (std::uint32_t receive = 1; receive <= 5; ++receive) {
    REQUIRE(bench.receive(receive * 30s)[0].receive_count == receive);
  }
  REQUIRE(bench.receive(180s).empty());
  REQUIRE(bench.queue.take_dead_lettered() == std::vector{SqsDeparted{MessageId{1}, at(0s)}});
}

TEMPLATE_TEST_CASE("SQS C12: a delay queue hides new messages for its delay", "[sqs_conformance]", FifoQueue,
                   StandardQueue) {
  Bench<TestType> bench({.delay = 45s});
  bench.send(1);
  REQUIRE(bench.queue.delayed() == 1);
  REQUIRE(bench.receive(45s - 1ns).empty());
  REQUIRE(ids(bench.receive(45s)) == Ids{1});
  REQUIRE(ids(bench.receive(75s)) == Ids{1});  // not when it comes back
}

TEMPLATE_TEST_CASE("SQS C13: a message larger than the maximum is refused", "[sqs_conformance]", FifoQueue,
                   StandardQueue) {
  Bench<TestType> bench;
  REQUIRE(bench.send(1, 0s, "g", 262'144) == SqsSendResult::accepted);
  REQUIRE(bench.send(2, 0s, "g", 262'145) == SqsSendResult::too_large);
}

TEMPLATE_TEST_CASE("SQS C14: visible, invisible and delayed messages are counted apart", "[sqs_conformance]", FifoQueue,
                   StandardQueue) {
  Bench<TestType> bench({.delay = 10s});
  bench.send(1, 0s);
  bench.send(2, 0s);
  bench.receive(10s);
  bench.send(3, 10s);
  REQUIRE(bench.queue.visible() == 1);
  REQUIRE(bench.queue.not_visible() == 1);
  REQUIRE(bench.queue.delayed() == 1);
  REQUIRE(bench.queue.age_of_oldest(at(25s)) == 25s);
}

TEMPLATE_TEST_CASE("SQS C15: as long as 120,000 messages are in flight no further one is received", "[sqs_conformance]",
                   FifoQueue, StandardQueue) {
  Bench<TestType> bench;
  for (std::uint64_t id = 1; id <= 120'001; ++id) {
    bench.send(id, 0s, std::to_string(id));
  }
  Deliveries last;
  for (int receive = 0; receive < 12'000; ++receive) {
    last = bench.receive(0s, 10);
    REQUIRE(last.size() == 10);
  }
  REQUIRE(bench.receive(0s, 10).empty());
  bench.remove(0s, last[0]);
  REQUIRE(ids(bench.receive(0s, 10)) == Ids{120'001});
}

TEST_CASE("SQS S1: a message may be delivered again while it is in flight", "[sqs_conformance]") {
  Standard bench({.duplicate_probability = 1});
  bench.send(1);
  REQUIRE(ids(bench.receive(0s)) == Ids{1});
  REQUIRE(ids(bench.receive(0s)) == Ids{1});
}

TEST_CASE("SQS S2: messages may be delivered in another order than they were sent", "[sqs_conformance]") {
  Standard bench({.out_of_order_probability = 1});
  Ids sent;
  for (std::uint64_t id = 1; id <= 10; ++id) {
    bench.send(id);
    sent.push_back(id);
  }
  Ids received = ids(bench.receive(0s, 10));
  REQUIRE(received != sent);
  std::sort(received.begin(), received.end());
  REQUIRE(received == sent);
}

TEST_CASE("SQS S3: a repeated message is another message", "[sqs_conformance]") {
  Standard bench;
  bench.send(1);
  REQUIRE(bench.send(1) == SqsSendResult::accepted);
  REQUIRE(ids(bench.receive(0s, 10)) == Ids{1, 1});
}

TEST_CASE("SQS S4: a message may be delivered after it was deleted", "[sqs_conformance]") {
  Standard bench({.lost_delete_probability = 1});
  bench.send(1);
  REQUIRE(bench.remove(1s, bench.receive(0s)[0]) == SqsReceiptResult::copy_left);
  REQUIRE(ids(bench.receive(30s)) == Ids{1});
}

TEST_CASE("SQS S5: an old receipt handle of a message that was received again need not delete it",
          "[sqs_conformance]") {
  Standard bench;
  bench.send(1);
  const auto first = bench.receive(0s);
  bench.receive(30s);
  REQUIRE(bench.remove(31s, first[0]) == SqsReceiptResult::stale);
  REQUIRE(bench.queue.message_ids().size() == 1);
}

TEST_CASE("SQS S6: a receipt handle deletes after its timeout if nobody received the message since",
          "[sqs_conformance]") {
  Standard bench;
  bench.send(1);
  REQUIRE(bench.remove(2min, bench.receive(0s)[0]) == SqsReceiptResult::done);
}

TEST_CASE("SQS S7: the visibility timeout of a message that is not in flight cannot be changed", "[sqs_conformance]") {
  Standard bench;
  bench.send(1);
  REQUIRE(bench.change(30s, bench.receive(0s)[0], 10s) == SqsReceiptResult::not_in_flight);
}

TEST_CASE("SQS S8: the timer of a message, 0 s to 15 min, goes before the delay of its queue", "[sqs_conformance]") {
  Standard bench({.delay = 1min});
  bench.queue.send(at(0s), {MessageId{1}, 10, 15min});
  bench.queue.send(at(0s), {MessageId{2}, 10, 0s});
  REQUIRE_THROWS_AS(bench.queue.send(at(0s), {MessageId{3}, 10, 15min + 1s}), AssertionFailure);
  REQUIRE(ids(bench.receive(0s, 10)) == Ids{2});
  REQUIRE(ids(bench.receive(15min, 10)) == Ids{1, 2});  // 2 comes back
}

TEST_CASE("SQS S9: at the limit of messages in flight a standard queue reports an error", "[sqs_conformance]") {
  Standard bench({.in_flight_max = 1});
  bench.send(1);
  bench.send(2);
  REQUIRE_FALSE(bench.queue.is_over_limit());
  bench.receive(0s);
  REQUIRE(bench.queue.is_over_limit());
}

TEST_CASE("SQS S10: in a dead-letter queue retention goes on counting from the first send", "[sqs_conformance]") {
  Standard dead_letters;
  dead_letters.queue.send(at(24h), {MessageId{1}, 10, std::nullopt, at(0s)});  // a day in the queue before
  dead_letters.queue.advance(at(96h) - 1ns);
  REQUIRE(dead_letters.queue.message_ids().size() == 1);
  dead_letters.queue.advance(at(96h));  // 4 days after the send, 3 days after it became a dead letter
  REQUIRE(dead_letters.queue.message_ids().empty());
}

TEST_CASE("SQS S11: a message received three times and not deleted goes to the back of the queue",
          "[sqs_conformance]") {
  Standard bench({.visibility_timeout = 10s});
  bench.send(1, 0s);
  bench.send(2, 1s);
  REQUIRE(ids(bench.receive(1s)) == Ids{1});
  REQUIRE(ids(bench.receive(11s)) == Ids{1});
  REQUIRE(ids(bench.receive(21s)) == Ids{1});
  bench.send(3, 22s);
  REQUIRE(ids(bench.receive(31s, 10)) == Ids{2, 3, 1});
}

TEST_CASE("SQS S12: a message received three times leaves the age of the oldest, the next oldest counts",
          "[sqs_conformance]") {
  Standard bench({.visibility_timeout = 10s});
  bench.send(1, 0s);
  bench.send(2, 5s);
  for (const Duration when : {5s, 15s, 25s}) {
    REQUIRE(bench.queue.age_of_oldest(at(when)) == when);
    REQUIRE(ids(bench.receive(when)) == Ids{1});
  }
  REQUIRE(bench.queue.age_of_oldest(at(25s)) == 20s);
  const auto second = bench.receive(35s);
  REQUIRE(ids(second) == Ids{2});
  REQUIRE(bench.remove(35s, second[0]) == SqsReceiptResult::done);
  REQUIRE(bench.queue.age_of_oldest(at(36s)) == 0s);
}

TEST_CASE("SQS S13: a message that went to the back is deleted by its last handle and expires as it would have",
          "[sqs_conformance]") {
  Standard bench({.visibility_timeout = 10s, .message_retention_period = 60s});
  bench.send(1, 0s);
  bench.send(2, 0s);
  Deliveries last;
  for (const Duration when : {0s, 10s, 20s}) {
    last = bench.receive(when);
    REQUIRE(ids(last) == Ids{1});
  }
  bench.queue.advance(at(30s));
  REQUIRE(bench.remove(31s, last[0]) == SqsReceiptResult::done);
  for (const Duration when : {31s, 41s, 51s}) {
    REQUIRE(ids(bench.receive(when)) == Ids{2});
  }
  bench.queue.advance(at(60s));
  REQUIRE(bench.queue.message_ids().empty());
  REQUIRE(bench.queue.take_expired() == std::vector{MessageId{2}});
}
