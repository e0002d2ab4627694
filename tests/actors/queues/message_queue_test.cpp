#include <catch2/catch.hpp>
#include <string>

#include "tests/actors/queues/message_queue_bench.hpp"

using namespace queue_test;

TEST_CASE("a long poll is answered at the moment when a message arrives", "[message_queue]") {
  Bench bench;
  const auto consumer = bench.receive("consumer", 20s);
  bench.send(1, "hello", 7s);
  bench.simulation.run_until(at(30s));
  REQUIRE(bench.bodies(consumer) == Bodies{"hello"});
  REQUIRE(bench.simulation.get(consumer).answered_at() == at(7s));
}

TEST_CASE("a long poll ends empty after its wait time", "[message_queue]") {
  Bench bench;
  const auto consumer = bench.receive("consumer", 20s);
  bench.simulation.run_until(at(30s));
  REQUIRE(bench.bodies(consumer).empty());
  REQUIRE(bench.simulation.get(consumer).answered_at() == at(20s));
}

TEST_CASE("a receive without wait time is answered at once", "[message_queue]") {
  Bench bench;
  const auto consumer = bench.receive("consumer", 0s);
  bench.simulation.run_until(at(1s));
  REQUIRE(bench.bodies(consumer).empty());
  REQUIRE(bench.simulation.get(consumer).answered_at() == at(0s));
}

TEST_CASE("a waiting consumer gets a message again when its visibility timeout is over", "[message_queue]") {
  Bench bench;
  bench.send(1, "hello");
  const auto first = bench.receive("first", 0s);
  const auto second = bench.receive("second", 20s);
  bench.simulation.run_until(at(15s));
  const auto third = bench.receive("third", 20s);
  bench.simulation.run_until(at(60s));
  REQUIRE(bench.bodies(first) == Bodies{"hello"});
  REQUIRE(bench.bodies(second).empty());
  REQUIRE(bench.simulation.get(third).answered_at() == at(30s));
  REQUIRE(bench.simulation.get(third).answer()->messages[0].receive_count == 2);
}

TEST_CASE("the long poll of a killed consumer is forgotten, and its message goes to the next", "[message_queue]") {
  Bench bench;
  const auto first = bench.receive("first", 20s);
  bench.simulation.run_until(at(1s));
  bench.simulation.kill(first);
  const auto second = bench.receive("second", 20s);
  bench.send(1, "hello", 1s);
  bench.simulation.run_until(at(10s));
  REQUIRE(bench.bodies(second) == Bodies{"hello"});
}

TEST_CASE("a deleted message does not come back, and a stale receipt handle deletes nothing", "[message_queue]") {
  Bench bench;
  bench.send(1, "hello");
  const auto consumer = bench.receive("consumer", 0s);
  bench.simulation.run_until(at(31s));  // the delivery ended at 30 s
  const auto handle = bench.simulation.get(consumer).answer()->messages[0].receipt_handle;
  using Delete = sim::testing::AskOnce<DeleteMessage>;
  const auto stale = bench.simulation.spawn<Delete>("stale", bench.queue, DeleteMessage{handle});
  const auto again = bench.receive("again", 0s);
  bench.simulation.run_until(at(32s));
  REQUIRE_FALSE(bench.simulation.get(stale).answer()->was_current);
  const auto current_handle = bench.simulation.get(again).answer()->messages[0].receipt_handle;
  const auto current = bench.simulation.spawn<Delete>("current", bench.queue, DeleteMessage{current_handle});
  bench.simulation.run_until(at(100s));
  REQUIRE(bench.simulation.get(current).answer()->was_current);
  REQUIRE(bench.simulation.get(bench.queue).message_ids().empty());
}

TEST_CASE("a heartbeat keeps a message invisible", "[message_queue]") {
  Bench bench;
  bench.send(1, "hello");
  const auto consumer = bench.receive("consumer", 0s);
  bench.simulation.run_until(at(20s));
  const auto handle = bench.simulation.get(consumer).answer()->messages[0].receipt_handle;
  bench.simulation.send(bench.queue, ChangeMessageVisibility{handle, 30s});
  bench.simulation.run_until(at(49s));
  REQUIRE(bench.simulation.get(bench.queue).rules().visible() == 0);
  bench.simulation.run_until(at(50s));
  REQUIRE(bench.simulation.get(bench.queue).rules().visible() == 1);
}

TEST_CASE("a message received too often ends in the ledger and lies in the dead-letter queue", "[message_queue]") {
  Bench bench({.max_receive_count = 1});
  bench.send(1, "poison");
  bench.send(2, "good");
  bench.receive("first", 0s);
  bench.simulation.run_until(at(30s));
  const auto second = bench.receive("second", 0s);
  bench.simulation.run_until(at(31s));
  REQUIRE(bench.bodies(second) == Bodies{"good"});
  REQUIRE(bench.outcome(1) == policies::OutcomeLedger::Ended{policies::Outcome::dead_lettered, at(30s)});
  REQUIRE(bench.simulation.get(bench.dead_letters).message_ids() == std::vector{MessageId{1}});
}

TEST_CASE("a repeated body ends as deduplicated, a retransmission of the same message does not", "[message_queue]") {
  Bench bench;
  bench.send(1, "the same");
  bench.send(2, "the same");
  bench.simulation.send(bench.queue, message(1, "the same"));
  bench.simulation.run_until(at(1s));
  REQUIRE(bench.outcome(2) == policies::OutcomeLedger::Ended{policies::Outcome::deduplicated, at(0s)});
  REQUIRE_FALSE(bench.outcome(1));
}

TEST_CASE("a message that nobody receives within the retention period expires", "[message_queue]") {
  Bench bench({.message_retention_period = 60s});
  bench.send(1, "late");
  bench.simulation.run_until(at(2min));
  REQUIRE(bench.outcome(1) == policies::OutcomeLedger::Ended{policies::Outcome::expired, at(60s)});
}

TEST_CASE("a message without deduplication id is rejected where content does not count", "[message_queue]") {
  Bench bench({.content_based_deduplication = false});
  bench.send(1, "hello");
  bench.simulation.run_until(at(1s));
  REQUIRE(bench.outcome(1) == policies::OutcomeLedger::Ended{policies::Outcome::rejected, at(0s)});
}

TEST_CASE("the queue depth is the time-weighted number of visible messages", "[message_queue]") {
  Bench bench;
  bench.send(1, "one");
  bench.send(2, "two");
  bench.simulation.run_until(at(10s));
  bench.receive("consumer", 0s);
  bench.simulation.run_until(at(20s));
  // 2 visible for 10 s, then 1 for 10 s
  REQUIRE(bench.simulation.metrics().gauge("queue_depth_messages", "queue").integral() == Approx(2 * 10 + 1 * 10));
}
