// Rules of SQS that concern more than one queue, or time that passes in a receive (A); see docs/components/sqs.md.
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <utility>

#include "tests/actors/queues/message_queue_bench.hpp"

using namespace queue_test;

namespace {

using StandardQueue = MessageQueue<std::string, policies::StandardQueue>;

/// A queue with its dead-letter queue and a ledger; what moves from the dead-letter queue goes back to the queue.
template <class AnyQueue>
struct Redrive {
  explicit Redrive(typename AnyQueue::Config config)
      : ledger(simulation.spawn<Ledger>("ledger", Ledger::Config{})),
        relay(simulation.spawn<Relay>("relay")),
        dead_letters(simulation.spawn<AnyQueue>("dead-letters", typename AnyQueue::Config{},
                                                typename AnyQueue::Ports{{}, {}, relay, ledger})),
        queue(simulation.spawn<AnyQueue>("queue", config, typename AnyQueue::Ports{ledger, dead_letters})) {
    simulation.get(relay).destination = queue;
  }

  /// The queue is made after the dead-letter queue that has to know it.
  struct Relay {
    using Inbox = sim::Inbox<SendMessage<std::string>>;
    explicit Relay(Context& context) : ctx(context) {}
    MessageSent on(const SendMessage<std::string>& message) {
      passed.emplace_back(static_cast<std::uint64_t>(message.id), ctx.now());
      ctx.send(destination, message);
      return {};
    }
    Context& ctx;
    Port<SendMessage<std::string>> destination;
    std::vector<std::pair<std::uint64_t, Time>> passed;
  };

  void send(std::uint64_t id, const std::string& body) {
    simulation.send(ledger, LedgerSent{MessageId{id}});
    simulation.send(queue, message(id, body));
  }

  Simulation simulation;
  Ref<Ledger> ledger;
  Ref<Relay> relay;
  Ref<AnyQueue> dead_letters;
  Ref<AnyQueue> queue;
};

}  // namespace

TEST_CASE("SQS A1: a receive without a wait time waits as long as its queue says, 0 s by default",
          "[message_queue][sqs_conformance]") {
  Simulation simulation;
  const auto patient = simulation.spawn<Queue>("patient", Queue::Config{{}, 20s}, Queue::Ports{});
  const auto queue = simulation.spawn<Queue>("queue", Queue::Config{}, Queue::Ports{});
  const auto first = simulation.spawn<Consumer>("first", patient, Receive{});
  const auto second = simulation.spawn<Consumer>("second", patient, Receive{1, 5s});
  const auto third = simulation.spawn<Consumer>("third", queue, Receive{});
  simulation.run_until(at(30s));
  REQUIRE(simulation.get(first).answered_at() == at(20s));
  REQUIRE(simulation.get(second).answered_at() == at(5s));
  REQUIRE(simulation.get(third).answered_at() == at(0s));
}

TEST_CASE("SQS A2: no receive waits longer than 20 s", "[message_queue][sqs_conformance]") {
  Simulation simulation;
  REQUIRE_THROWS(simulation.spawn<Queue>("queue", Queue::Config{{}, 20s + 1ns}, Queue::Ports{}));
  Bench bench;
  bench.receive("consumer", 20s + 1ns);
  REQUIRE_THROWS_AS(bench.simulation.run_until(at(1s)), RunFailure);
}

TEST_CASE("SQS A3: over the limit a standard queue refuses short polls, long polls wait in vain",
          "[message_queue][sqs_conformance]") {
  Simulation simulation;
  const auto queue =
      simulation.spawn<StandardQueue>("queue", StandardQueue::Config{{.in_flight_max = 1}}, StandardQueue::Ports{});
  simulation.send(queue, message(1, "one"));
  simulation.send(queue, message(2, "two"));
  const auto first = simulation.spawn<Consumer>("first", queue, Receive{});
  simulation.run_until(at(1s));
  const auto short_poll = simulation.spawn<Consumer>("short", queue, Receive{});
  const auto long_poll = simulation.spawn<Consumer>("long", queue, Receive{1, 5s});
  simulation.run_until(at(10s));
  REQUIRE_FALSE(simulation.get(first).answer()->is_over_limit);
  REQUIRE(simulation.get(short_poll).answer()->is_over_limit);
  REQUIRE_FALSE(simulation.get(long_poll).answer()->is_over_limit);
  REQUIRE(simulation.get(long_poll).answer()->messages.empty());
  REQUIRE(simulation.get(long_poll).answered_at() == at(6s));
}

TEST_CASE("SQS A4: over the limit a FIFO queue finds nothing and says nothing", "[message_queue][sqs_conformance]") {
  Bench bench({.in_flight_max = 1});
  bench.send(1, "one");
  bench.send(2, "two");
  bench.receive("first", 0s);
  const auto second = bench.receive("second", 0s);
  bench.simulation.run_until(at(1s));
  REQUIRE(bench.bodies(second).empty());
  REQUIRE_FALSE(bench.simulation.get(second).answer()->is_over_limit);
}

TEST_CASE("SQS A5: a dead letter of a FIFO queue starts its retention anew, that of a standard queue does not",
          "[message_queue][sqs_conformance]") {
  const auto run = [](auto redrive, Time end) {
    redrive->send(1, "poison");
    auto& simulation = redrive->simulation;
    simulation.template spawn<Consumer>("first", redrive->queue, Receive{});
    simulation.run_until(at(24h));
    simulation.template spawn<Consumer>("second", redrive->queue, Receive{});  // makes it a dead letter, a day old
    simulation.run_until(end);
    return simulation.get(redrive->dead_letters).message_ids().size();
  };
  const auto fifo = [] { return std::make_unique<Redrive<Queue>>(Queue::Config{{.max_receive_count = 1}}); };
  const auto standard = [] {
    return std::make_unique<Redrive<StandardQueue>>(StandardQueue::Config{{.max_receive_count = 1}});
  };
  REQUIRE(run(standard(), at(4 * 24h) - 1ns) == 1);
  REQUIRE(run(standard(), at(4 * 24h)) == 0);
  REQUIRE(run(fifo(), at(5 * 24h) - 1ns) == 1);
  REQUIRE(run(fifo(), at(5 * 24h)) == 0);
}

TEST_CASE("SQS A6: two messages that share a deduplication id can both become dead letters",
          "[message_queue][sqs_conformance]") {
  Redrive<Queue> redrive(Queue::Config{{.deduplication_interval = 10s, .max_receive_count = 1}});
  auto repeated = message(1, "body");
  repeated.deduplication_id = "id";
  redrive.simulation.send(redrive.ledger, LedgerSent{MessageId{1}});
  redrive.simulation.send(redrive.ledger, LedgerSent{MessageId{2}});
  redrive.simulation.send(redrive.queue, repeated);
  repeated.id = MessageId{2};
  repeated.group = "another";
  redrive.simulation.send(redrive.queue, repeated, 20s);
  redrive.simulation.run_until(at(21s));
  redrive.simulation.spawn<Consumer>("first", redrive.queue, Receive{10, 0s});
  redrive.simulation.run_until(at(60s));
  redrive.simulation.spawn<Consumer>("second", redrive.queue, Receive{10, 0s});
  redrive.simulation.run_until(at(61s));
  REQUIRE(redrive.simulation.get(redrive.dead_letters).message_ids() == std::vector{MessageId{1}, MessageId{2}});
}

namespace {

/// Three dead letters at 31 s, moved back from 60 s on, at `rate` per second.
template <class AnyQueue>
std::unique_ptr<Redrive<AnyQueue>> moved_back(std::uint32_t rate) {
  auto redrive = std::make_unique<Redrive<AnyQueue>>(typename AnyQueue::Config{{.max_receive_count = 1}});
  for (const std::uint64_t id : {1, 2, 3}) {
    redrive->send(id, "body " + std::to_string(id));
  }
  auto& simulation = redrive->simulation;
  simulation.template spawn<Consumer>("first", redrive->queue, Receive{10, 0s});
  simulation.run_until(at(31s));
  simulation.template spawn<Consumer>("second", redrive->queue, Receive{10, 0s});
  simulation.run_until(at(60s));
  using Move = sim::testing::AskOnce<StartMessageMoveTask>;
  const auto move =
      simulation.template spawn<Move>("move", redrive->dead_letters, StartMessageMoveTask{MessageId{101}, rate});
  const auto again =
      simulation.template spawn<Move>("again", redrive->dead_letters, StartMessageMoveTask{MessageId{201}, rate});
  simulation.run_until(at(70s));
  REQUIRE(simulation.get(move).answer()->is_started);
  REQUIRE_FALSE(simulation.get(again).answer()->is_started);
  return redrive;
}

}  // namespace

TEMPLATE_TEST_CASE("SQS A7: a move task takes dead letters back to their queue, the oldest first, at its rate",
                   "[message_queue][sqs_conformance]", Queue, StandardQueue) {
  const auto redrive = moved_back<TestType>(2);
  using Passed = std::vector<std::pair<std::uint64_t, Time>>;
  const Passed expected{{101, at(60s)}, {102, at(60s + 500ms)}, {103, at(61s)}};
  REQUIRE(redrive->simulation.get(redrive->relay).passed == expected);
  REQUIRE(redrive->simulation.get(redrive->dead_letters).message_ids().empty());
  const auto consumer = redrive->simulation.template spawn<Consumer>("third", redrive->queue, Receive{10, 0s});
  redrive->simulation.run_until(at(71s));
  const auto& messages = redrive->simulation.get(consumer).answer()->messages;
  REQUIRE(messages.size() == 3);
  REQUIRE(messages[2].body == "body 3");
  REQUIRE(messages[2].receive_count == 1);
}

TEMPLATE_TEST_CASE("SQS A8: moved messages are new: other ids, and retention from the move on",
                   "[message_queue][sqs_conformance]", Queue, StandardQueue) {
  const auto redrive = moved_back<TestType>(500);
  const auto outcome = [&](std::uint64_t id) {
    return redrive->simulation.get(redrive->ledger).entries().outcome(MessageId{id});
  };
  redrive->simulation.run_until(at(96h + 60s) - 1ns);
  REQUIRE(outcome(1)->outcome == policies::Outcome::dead_lettered);
  REQUIRE_FALSE(outcome(101));
  REQUIRE(redrive->simulation.get(redrive->queue).message_ids().size() == 3);
  redrive->simulation.run_until(at(96h + 60s));
  REQUIRE(outcome(101) == policies::OutcomeLedger::Ended{policies::Outcome::expired, at(96h + 60s)});
}

TEST_CASE("SQS A9: only one move task runs at a time, the next may start when it is done",
          "[message_queue][sqs_conformance]") {
  const auto redrive = moved_back<Queue>(500);  // a second one was refused while it ran
  using Move = sim::testing::AskOnce<StartMessageMoveTask>;
  const auto later = redrive->simulation.spawn<Move>("later", redrive->dead_letters, StartMessageMoveTask{});
  redrive->simulation.run_until(at(71s));
  REQUIRE(redrive->simulation.get(later).answer()->is_started);
}

TEST_CASE("a move task of 0 or of more than 500 messages per second is a bug", "[message_queue]") {
  for (const std::uint32_t rate : {0u, 501u}) {
    Bench bench;
    bench.simulation.send(bench.dead_letters, StartMessageMoveTask{MessageId{1}, rate});
    REQUIRE_THROWS_AS(bench.simulation.run_until(at(1s)), RunFailure);
  }
}

TEST_CASE("a receive may bring a visibility timeout of its own to the queue", "[message_queue]") {
  Bench bench;
  bench.send(1, "hello");
  bench.simulation.spawn<Consumer>("first", bench.queue, Receive{1, 0s, 5s});
  bench.simulation.run_until(at(4s));
  const auto second = bench.receive("second", 20s);
  bench.simulation.run_until(at(10s));
  REQUIRE(bench.simulation.get(second).answered_at() == at(5s));
}

TEST_CASE("a standard queue holds the body of a repeated message until both copies are gone", "[message_queue]") {
  Simulation simulation;
  const auto queue = simulation.spawn<StandardQueue>("queue", StandardQueue::Config{}, StandardQueue::Ports{});
  simulation.send(queue, message(1, "hello"));
  simulation.send(queue, message(1, "hello"));
  const auto both = simulation.spawn<Consumer>("both", queue, Receive{10, 0s});
  simulation.run_until(at(1s));
  REQUIRE(simulation.get(both).answer()->messages.size() == 2);
  using Delete = sim::testing::AskOnce<DeleteMessage>;
  const auto handle = simulation.get(both).answer()->messages[0].receipt_handle;
  simulation.spawn<Delete>("delete", queue, DeleteMessage{handle});
  simulation.run_until(at(30s));
  const auto again = simulation.spawn<Consumer>("again", queue, Receive{10, 0s});
  simulation.run_until(at(31s));
  REQUIRE(simulation.get(again).answer()->messages.size() == 1);
  REQUIRE(simulation.get(again).answer()->messages[0].body == "hello");
}

TEST_CASE("a standard queue whose deletes get lost reports them as done", "[message_queue]") {
  Simulation simulation;
  const auto queue = simulation.spawn<StandardQueue>("queue", StandardQueue::Config{{.lost_delete_probability = 1}},
                                                     StandardQueue::Ports{});
  simulation.send(queue, message(1, "hello"));
  const auto first = simulation.spawn<Consumer>("first", queue, Receive{});
  simulation.run_until(at(1s));
  using Delete = sim::testing::AskOnce<DeleteMessage>;
  const auto handle = simulation.get(first).answer()->messages[0].receipt_handle;
  const auto removal = simulation.spawn<Delete>("delete", queue, DeleteMessage{handle});
  const auto second = simulation.spawn<Consumer>("second", queue, Receive{1, 20s});
  simulation.run_until(at(15s));
  const auto third = simulation.spawn<Consumer>("third", queue, Receive{1, 20s});
  simulation.run_until(at(60s));
  REQUIRE(simulation.get(removal).answer()->was_current);
  REQUIRE(simulation.get(second).answer()->messages.empty());
  REQUIRE(simulation.get(third).answered_at() == at(30s));
}
