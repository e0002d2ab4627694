// The rules of FIFO queues (F); see sqs_conformance_test.cpp.
#include <catch2/catch.hpp>

#include "tests/actors/queues/sqs_bench.hpp"

using namespace sqs_test;

TEST_CASE("SQS F1: the messages of a group are received strictly in order", "[sqs_conformance]") {
  Fifo bench;
  for (std::uint64_t id = 1; id <= 6; ++id) {
    bench.send(id, 0s, id % 2 == 0 ? "even" : "odd");
  }
  Ids odd;
  Ids even;
  while (bench.queue.has_receivable()) {
    const auto next = bench.receive(0s);
    (static_cast<std::uint64_t>(next[0].id) % 2 == 0 ? even : odd).push_back(ids(next)[0]);
    bench.remove(0s, next[0]);
  }
  REQUIRE(odd == Ids{1, 3, 5});
  REQUIRE(even == Ids{2, 4, 6});
}

TEST_CASE("SQS F2: a message in flight blocks its group until it is deleted or visible, other groups go on",
          "[sqs_conformance]") {
  Fifo bench;
  bench.send(1, 0s, "a");
  bench.send(2, 0s, "a");
  bench.send(3, 0s, "b");
  const auto first = bench.receive(0s);
  REQUIRE(ids(bench.receive(0s, 10)) == Ids{3});
  REQUIRE(bench.receive(29s, 10).empty());
  bench.remove(29s, first[0]);
  REQUIRE(ids(bench.receive(29s, 10)) == Ids{2});
}

TEST_CASE("SQS F3: a batch has as many messages of one group as possible, then others, in order", "[sqs_conformance]") {
  Fifo bench;
  for (std::uint64_t id = 1; id <= 12; ++id) {
    bench.send(id, 0s, id % 2 == 0 ? "even" : "odd");
  }
  REQUIRE(ids(bench.receive(0s, 10)) == Ids{1, 3, 5, 7, 9, 11, 2, 4, 6, 8});
}

TEST_CASE("SQS F4: of a group whose message k was extended, those before k come again, those after it wait",
          "[sqs_conformance]") {
  Fifo bench({.visibility_timeout = 10s});
  for (const std::uint64_t id : {1, 2, 3}) {
    bench.send(id);
  }
  SECTION("k is the first") {
    bench.change(0s, bench.receive(0s, 5)[0], 15s);
    REQUIRE(bench.receive(12s, 5).empty());
    REQUIRE(ids(bench.receive(15s, 5)) == Ids{1, 2, 3});
  }
  SECTION("k is in the middle") {
    bench.change(0s, bench.receive(0s, 5)[1], 15s);
    REQUIRE(ids(bench.receive(12s, 5)) == Ids{1});
    REQUIRE(bench.receive(15s, 5).empty());  // 1 is in flight until 22 s
    REQUIRE(ids(bench.receive(22s, 5)) == Ids{1, 2, 3});
  }
}

TEST_CASE("SQS F5: a send to a group that is blocked does not free it", "[sqs_conformance]") {
  Fifo bench;
  bench.send(1);
  bench.receive(0s);
  bench.send(2, 1s);
  REQUIRE(bench.receive(2s, 10).empty());
}

TEST_CASE("SQS F6: a deduplication id is remembered for five minutes from the send, even after a delete",
          "[sqs_conformance]") {
  Fifo bench;
  const auto send = [&](std::uint64_t id, Duration when) {
    return bench.queue.send(at(when), {MessageId{id}, "g", std::to_string(id), "same"});
  };
  send(1, 0s);
  bench.remove(1s, bench.receive(1s)[0]);
  // Acknowledged like any other, but never delivered.
  REQUIRE(send(2, 5min - 1ns) == SqsSent{SqsSendResult::deduplicated, MessageId{1}});
  REQUIRE(bench.receive(5min - 1ns).empty());
  REQUIRE(send(3, 5min).result == SqsSendResult::accepted);
}

TEST_CASE("SQS F7: content-based deduplication takes the body, unless there is a deduplication id",
          "[sqs_conformance]") {
  Fifo bench;
  bench.queue.send(at(0s), {MessageId{1}, "g", "body", ""});
  REQUIRE(bench.queue.send(at(0s), {MessageId{2}, "h", "body", ""}).result == SqsSendResult::deduplicated);
  REQUIRE(bench.queue.send(at(0s), {MessageId{3}, "g", "body", "id"}).result == SqsSendResult::accepted);
  REQUIRE(bench.queue.send(at(0s), {MessageId{4}, "g", "another", "id"}).result == SqsSendResult::deduplicated);
}

TEST_CASE("SQS F8: deduplication is for the whole queue, or per group where the scope says so", "[sqs_conformance]") {
  for (const auto scope : {FifoQueue::DeduplicationScope::queue, FifoQueue::DeduplicationScope::message_group}) {
    Fifo bench({.deduplication_scope = scope});
    bench.queue.send(at(0s), {MessageId{1}, "a", "body", "id"});
    const bool is_duplicate =
        bench.queue.send(at(0s), {MessageId{2}, "b", "body", "id"}).result == SqsSendResult::deduplicated;
    REQUIRE(is_duplicate == (scope == FifoQueue::DeduplicationScope::queue));
    REQUIRE(bench.queue.send(at(0s), {MessageId{3}, "a", "body", "id"}).result == SqsSendResult::deduplicated);
  }
}

TEST_CASE("SQS F9: without content-based deduplication a message needs a deduplication id", "[sqs_conformance]") {
  Fifo bench({.content_based_deduplication = false});
  REQUIRE(bench.queue.send(at(0s), {MessageId{1}, "g", "body", ""}).result == SqsSendResult::no_deduplication_id);
  REQUIRE(bench.queue.send(at(0s), {MessageId{1}, "g", "body", "id"}).result == SqsSendResult::accepted);
}

TEST_CASE("SQS F10: a message without group is refused", "[sqs_conformance]") {
  Fifo bench;
  REQUIRE(bench.send(1, 0s, "") == SqsSendResult::no_message_group);
}

TEST_CASE("SQS F11: a message cannot have a delay of its own, unless it is 0", "[sqs_conformance]") {
  Fifo bench;
  REQUIRE(bench.queue.send(at(0s), {MessageId{1}, "g", "body", "", 5s}).result == SqsSendResult::delay_of_one_message);
  REQUIRE(bench.queue.send(at(0s), {MessageId{1}, "g", "body", "", 0s}).result == SqsSendResult::accepted);
}

TEST_CASE("SQS F12: a receipt handle expires with its visibility timeout", "[sqs_conformance]") {
  Fifo bench;
  bench.send(1);
  const auto first = bench.receive(0s);
  REQUIRE(bench.remove(30s, first[0]) == SqsReceiptResult::stale);
  REQUIRE(bench.change(30s, first[0], 10s) == SqsReceiptResult::stale);
  REQUIRE(bench.queue.message_ids().size() == 1);
}

TEST_CASE("SQS F13: groups are looked for among the first 120,000 messages", "[sqs_conformance]") {
  Fifo bench;
  for (std::uint64_t id = 1; id <= 120'000; ++id) {
    bench.send(id, 0s, "a");
  }
  bench.send(120'001, 0s, "b");
  const auto first = bench.receive(0s);
  REQUIRE(ids(first) == Ids{1});
  REQUIRE(bench.receive(0s).empty());
  bench.remove(0s, first[0]);
  const auto second = bench.receive(0s, 1);
  REQUIRE(ids(second) == Ids{2});
  REQUIRE(ids(bench.receive(0s, 1)) == Ids{120'001});
}

TEST_CASE("SQS F14: a receive repeated under its attempt id within five minutes gets the same messages",
          "[sqs_conformance]") {
  Fifo bench({.visibility_timeout = 1min});
  bench.send(1);
  const auto first = bench.queue.receive_attempt(at(0s), "id");
  const auto again = bench.queue.receive_attempt(at(50s), "id");
  REQUIRE(again.deliveries[0].receipt_handle == first.deliveries[0].receipt_handle);
  REQUIRE(bench.receive(110s - 1ns).empty());  // the timeout started anew
  REQUIRE(ids(bench.receive(110s)) == Ids{1});
  REQUIRE_FALSE(bench.queue.receive_attempt(at(110s), "id").is_valid);  // another receive has the message now
}

TEST_CASE("SQS F15: a dead letter no longer blocks its group", "[sqs_conformance]") {
  Fifo bench({.max_receive_count = 1});
  bench.send(1);
  bench.send(2);
  bench.receive(0s);
  REQUIRE(ids(bench.receive(30s)) == Ids{2});
  REQUIRE(bench.queue.take_dead_lettered().size() == 1);
}

TEST_CASE("SQS F16: at the limit of messages in flight a FIFO queue finds nothing, without an error",
          "[sqs_conformance]") {
  Fifo bench({.in_flight_max = 2});
  for (const std::uint64_t id : {1, 2, 3}) {
    bench.send(id);
  }
  REQUIRE(bench.receive(0s, 10).size() == 2);
  REQUIRE(bench.receive(0s, 10).empty());
}

TEST_CASE("SQS F17: in a FIFO queue a message received three times stays in front of its group", "[sqs_conformance]") {
  Fifo bench({.visibility_timeout = 10s});
  bench.send(1, 0s);
  bench.send(2, 0s);
  for (const Duration when : {0s, 10s, 20s, 30s}) {
    REQUIRE(ids(bench.receive(when)) == Ids{1});
  }
  REQUIRE(bench.queue.age_of_oldest(at(30s)) == 30s);
}
