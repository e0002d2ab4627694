#include "models/sessions/actors/session_client.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "actors/monitoring/ledger.hpp"
#include "tests/actors/ask_once.hpp"

using namespace sim;
using namespace sim::actors;
using Speaker = sim::testing::AskOnce<Say>;
using Record = SessionClient::Record;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

struct StubOrchestrator {
  struct Config {};
  using Inbox = sim::Inbox<RouteSession>;
  StubOrchestrator(Context&, Config) {}
  SessionRouted on(const RouteSession&) { return {}; }
};

/// A queue that ends every command in the order and at the times that the test wants.
struct StubQueue {
  struct Config {};
  using Inbox = sim::Inbox<SendMessage<Command>, SendMessage<Interrupt>>;
  StubQueue(Context& context, Config) : ctx(context) {}
  MessageSent on(const SendMessage<Command>& message) {
    sent.push_back(message);
    sent_at.push_back(ctx.now());
    return {};
  }
  MessageSent on(const SendMessage<Interrupt>& message) {
    interrupts.push_back(message);
    return {};
  }

  Context& ctx;
  std::vector<SendMessage<Command>> sent;
  std::vector<Time> sent_at;
  std::vector<SendMessage<Interrupt>> interrupts;
};

struct Bench {
  explicit Bench(SessionClient::Config config = {}) {
    config.api_latency = constant(10ms);
    ledger = simulation.spawn<Ledger>("ledger", Ledger::Config{});
    queue = simulation.spawn<StubQueue>("queue", StubQueue::Config{});
    const auto orchestrator = simulation.spawn<StubOrchestrator>("orchestrator", StubOrchestrator::Config{});
    client = simulation.spawn<SessionClient>("client", config,
                                             SessionClient::Ports{orchestrator, queue, queue, ledger, ledger, {}});
  }

  void say(const std::string& instruction) { simulation.send(client, Say{instruction}); }

  /// Ends the n-th command that reached the queue.
  void end(std::size_t n, bool interrupted = false) {
    const Command& command = simulation.get(queue).sent[n].body;
    simulation.send(command.client, CommandEnded{command.message, interrupted});
    simulation.run_until(simulation.now());
  }

  const std::vector<Record>& records() { return simulation.get(client).records(); }
  const policies::OutcomeLedger& entries() { return simulation.get(ledger).entries(); }

  Simulation simulation;
  Ref<Ledger> ledger;
  Ref<StubQueue> queue;
  Ref<SessionClient> client;
};

}  // namespace

TEST_CASE("messages reach the queue in the order in which they were said, each after the one before",
          "[session_client]") {
  Bench bench;
  bench.say("one");
  bench.say("two");
  bench.simulation.run();
  const StubQueue& queue = bench.simulation.get(bench.queue);
  REQUIRE(queue.sent.size() == 2);
  REQUIRE(queue.sent[0].body.instruction == "one");
  REQUIRE(queue.sent_at == std::vector{at(20ms), at(40ms)});  // a route and a send take 10 ms each
}

TEST_CASE("a message is on a walk until the queue has confirmed it", "[session_client]") {
  Bench bench;
  bench.say("one");
  bench.simulation.run_until(at(15ms));
  REQUIRE(bench.simulation.get(bench.client).messages_being_sent().size() == 1);
  bench.simulation.run();
  REQUIRE(bench.simulation.get(bench.client).messages_being_sent().empty());
}

TEST_CASE("equal instructions have different bodies, because the body holds the command id", "[session_client]") {
  Bench bench;
  bench.say("again");
  bench.say("again");
  bench.simulation.run();
  const auto& sent = bench.simulation.get(bench.queue).sent;
  REQUIRE(sent[0].body_text == "client-1\nagain");
  REQUIRE(sent[1].body_text == "client-2\nagain");
}

TEST_CASE("an answer ends the message in the records and in the ledger", "[session_client]") {
  Bench bench;
  bench.say("one");
  bench.simulation.run_until(at(3s));
  bench.end(0);
  REQUIRE(bench.records()[0].end == Record::End::answered);
  REQUIRE(bench.records()[0].ended_at == at(3s));
  REQUIRE(bench.entries().count(policies::Outcome::answered) == 1);
}

TEST_CASE("a second answer to the same message changes nothing", "[session_client]") {
  Bench bench;
  bench.say("one");
  bench.simulation.run_until(at(3s));
  bench.end(0);
  bench.end(0);
  REQUIRE(bench.entries().count(policies::Outcome::answered) == 1);
  REQUIRE(bench.simulation.metrics().counter_total("repeated_ends_count") == 1);
}

TEST_CASE("who made the client speak hears of the answer, or of the timeout", "[session_client]") {
  Bench bench({.timeout = 60s});
  const auto first = bench.simulation.spawn<Speaker>("first", bench.client, Say{"one"});
  const auto second = bench.simulation.spawn<Speaker>("second", bench.client, Say{"two"});
  bench.simulation.run_until(at(5s));
  bench.end(0);
  bench.simulation.run_until(at(2min));
  REQUIRE(bench.simulation.get(first).answer() == Said{Said::End::answered, 5s});
  REQUIRE(bench.simulation.get(second).answer() == Said{Said::End::timed_out, 60s});
  REQUIRE(bench.simulation.get(second).answered_at() == at(60s));
}

TEST_CASE("an answer after the timeout still ends the message", "[session_client]") {
  Bench bench;
  bench.simulation.spawn<Speaker>("speaker", bench.client, Say{"one"});
  bench.simulation.run_until(at(2min));
  bench.end(0);
  REQUIRE(bench.records()[0].end == Record::End::answered);
  REQUIRE(bench.entries().open_count() == 0);
}

TEST_CASE("every pair that is answered in another order than sent counts as a violation", "[session_client]") {
  Bench bench;
  for (const char* instruction : {"one", "two", "three"}) {
    bench.say(instruction);
  }
  bench.simulation.run();
  bench.end(2);
  bench.end(0);
  bench.end(1);
  REQUIRE(bench.simulation.get(bench.client).order_violations_count() == 2);  // (1, 3) and (2, 3)
}

TEST_CASE("a stop goes to the interrupt queue and its acknowledgement is counted", "[session_client]") {
  Bench bench;
  bench.say("one");
  bench.simulation.run_until(at(1s));
  const MessageId message = bench.records()[0].message;
  bench.simulation.send(bench.client, StopCommand{message});
  bench.simulation.run_until(at(2s));
  REQUIRE(bench.simulation.get(bench.queue).interrupts.size() == 1);
  bench.simulation.send(bench.client, InterruptAcknowledged{message, true});
  bench.end(0, true);
  REQUIRE(bench.simulation.metrics().counter_total("interrupts_acknowledged_count") == 1);
  REQUIRE(bench.simulation.metrics().counter_total("commands_stopped_count") == 1);
  REQUIRE(bench.entries().count(policies::Outcome::interrupted) == 1);
}
