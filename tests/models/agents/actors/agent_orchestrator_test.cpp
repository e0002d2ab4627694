#include "models/agents/actors/agent_orchestrator.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "actors/server/server.hpp"
#include "libsim/sim.hpp"
#include "models/agents/actors/agent.hpp"
#include "models/agents/actors/security_gate.hpp"
#include "tests/actors/ask_once.hpp"

using namespace sim;
using namespace sim::actors;

namespace {

using AskAgent = sim::testing::AskOnce<InvokeAgent>;
using AskTeam = sim::testing::AskOnce<InvokeTeam>;

/// Two agents, of 10 and 100 ms per input and 5 ms per call, with two workers; dispatches and look-ups take 1 ms.
class Bench {
 public:
  explicit Bench(AgentOrchestrator::Config config = {}, bool is_secure = false, std::uint64_t queue_max = 100)
      : workers(spawn_server("workers", 2, 2 + queue_max)) {
    config.dispatch_time = constant(1ms);
    config.lookup_time = constant(1ms);
    config.aggregation_time = constant(1ms);
    AgentOrchestrator::Ports ports;
    for (const Duration work : {10ms, 100ms}) {
      agents.push_back(simulation.spawn<Agent>(work == 10ms ? "quick" : "slow",
                                               Agent::Config{constant(5ms), constant(work), 0}, workers));
      ports.agents.emplace_back(agents.back());
    }
    ports.event_loop = spawn_server("event-loop", 1, 0);
    if (is_secure) {
      const SecurityGate::Config gate_config{constant(4ms), constant(2ms), constant(1ms)};
      const auto gate = simulation.spawn<SecurityGate>("gate", gate_config, spawn_server("threads", 4, 0));
      ports.security = AgentOrchestrator::Security{gate, gate};
    }
    orchestrator = simulation.spawn<AgentOrchestrator>("orchestrator", config, std::move(ports));
  }

  struct Answer {
    Invoked invoked;
    Duration time{};
  };
  Answer invoke(std::uint32_t agent, AgentInput input) { return invoke_all(agent, {input}).front(); }

  /// All at once; the answers in the order of the inputs.
  std::vector<Answer> invoke_all(std::uint32_t agent, const std::vector<AgentInput>& inputs) {
    const Time began_at = simulation.now();
    std::vector<Ref<AskAgent>> callers;
    for (const AgentInput& input : inputs) {
      callers.push_back(simulation.spawn<AskAgent>("caller-" + std::to_string(++callers_count),
                                                   Port<InvokeAgent>(orchestrator), InvokeAgent{agent, input}));
    }
    simulation.run();
    std::vector<Answer> answers;
    for (const auto caller : callers) {
      const AskAgent& asked = simulation.get(caller);
      REQUIRE(asked.answer());
      answers.push_back({*asked.answer(), asked.answered_at() - began_at});
    }
    return answers;
  }

  TeamInvoked invoke_team(InvokeTeam::Order order, std::vector<std::uint32_t> agents_of_team) {
    InvokeTeam request;
    request.order = order;
    request.agents = std::move(agents_of_team);
    request.input.content = 7;
    const auto caller = simulation.spawn<AskTeam>("team-caller", Port<InvokeTeam>(orchestrator), request);
    simulation.run();
    REQUIRE(simulation.get(caller).answer());
    return *simulation.get(caller).answer();
  }

  std::uint64_t inputs_worked_on() { return simulation.metrics().counter_total("inputs_count"); }

  Simulation simulation;
  Ref<Server> workers;
  std::vector<Ref<Agent>> agents;
  Ref<AgentOrchestrator> orchestrator{};
  int callers_count = 0;

 private:
  Ref<Server> spawn_server(const char* name, std::uint32_t servers, std::uint64_t capacity) {
    Server::Config config;
    config.station.servers = servers;
    config.station.capacity = capacity;
    return simulation.spawn<Server>(name, config);
  }
};

AgentOrchestrator::Config cached() {
  AgentOrchestrator::Config config;
  config.cache = policies::CacheConfig{.entries_max = 10, .ttl = 1min};
  return config;
}

AgentOrchestrator::Config batched() {
  AgentOrchestrator::Config config;
  config.batching =
      policies::WriteBatcher::Config{.batch_size_max = 3, .flush_interval = 20ms, .concurrent_batches_max = 0};
  return config;
}

}  // namespace

TEST_CASE("an agent answers equal inputs alike, and different ones differently", "[agent_orchestrator]") {
  Bench bench;
  const auto first = bench.invoke(0, {.content = 7});
  CHECK(first.time == 1ms + 5ms + 10ms);
  CHECK(bench.invoke(0, {.content = 7}).invoked.answer == first.invoked.answer);
  CHECK(bench.invoke(0, {.content = 8}).invoked.answer != first.invoked.answer);
  CHECK(bench.invoke(1, {.content = 7}).invoked.answer != first.invoked.answer);
  CHECK(bench.inputs_worked_on() == 4);
}

TEST_CASE("the response cache knows which agent has answered", "[agent_orchestrator]") {
  Bench bench(cached());
  const auto first = bench.invoke(0, {.content = 7});
  CHECK_FALSE(first.invoked.from_cache);
  const auto again = bench.invoke(0, {.content = 7});
  CHECK(again.invoked.from_cache);
  CHECK(again.invoked.answer == first.invoked.answer);
  CHECK(again.time == 1ms);
  CHECK_FALSE(bench.invoke(1, {.content = 7}).invoked.from_cache);
  CHECK(bench.inputs_worked_on() == 2);
}

TEST_CASE("in a sequence each agent gets the answer of the one before, in a parallel team all get the same",
          "[agent_orchestrator]") {
  Bench bench;
  const std::uint64_t of_first = bench.invoke(0, {.content = 7}).invoked.answer;
  const std::uint64_t of_second = bench.invoke(1, {.content = of_first}).invoked.answer;
  const std::uint64_t of_second_alone = bench.invoke(1, {.content = 7}).invoked.answer;
  const TeamInvoked sequence = bench.invoke_team(InvokeTeam::Order::in_sequence, {0, 1});
  REQUIRE(sequence.invocations.size() == 2);
  CHECK(sequence.invocations[0].answer == of_first);
  CHECK(sequence.invocations[1].answer == of_second);
  Bench other;
  const TeamInvoked parallel = other.invoke_team(InvokeTeam::Order::in_parallel, {0, 1});
  REQUIRE(parallel.invocations.size() == 2);
  CHECK(parallel.invocations[0].answer == of_first);
  CHECK(parallel.invocations[1].answer == of_second_alone);
  CHECK(other.simulation.get(other.orchestrator).in_progress_max() == 2);
  CHECK(other.simulation.get(other.orchestrator).in_progress() == 0);
}

TEST_CASE("a full batch leaves at once, the rest after its wait, and each input gets its own answer",
          "[agent_orchestrator]") {
  Bench bench(batched());
  const auto answers = bench.invoke_all(0, {{.content = 1}, {.content = 2}, {.content = 3}, {.content = 4}});
  for (const int position : {0, 1, 2}) {
    CHECK(answers[position].time == 1ms + 5ms + 30ms);
  }
  CHECK(answers[3].time == 20ms + 1ms + 5ms + 10ms);
  Bench alone;
  for (std::uint64_t content = 1; content <= 4; ++content) {
    CHECK(answers[content - 1].invoked.answer == alone.invoke(0, {.content = content}).invoked.answer);
  }
}

TEST_CASE("batches are of one agent each", "[agent_orchestrator]") {
  Bench bench(batched());
  const TeamInvoked team = bench.invoke_team(InvokeTeam::Order::in_parallel, {0, 1, 0, 1, 0});
  CHECK(team.invocations[0].worked == 5ms + 30ms);   // a full batch of three
  CHECK(team.invocations[1].worked == 5ms + 200ms);  // two that have waited for a third
}

TEST_CASE("who finds the line full is rejected, with all of its batch", "[agent_orchestrator]") {
  Bench bench({}, false, 0);
  const auto answers = bench.invoke_all(1, {{.content = 1}, {.content = 2}, {.content = 3}});
  CHECK(answers[1].invoked.outcome == InvocationOutcome::answered);
  CHECK(answers[2].invoked.outcome == InvocationOutcome::rejected);
  CHECK(answers[2].time == 3ms);  // the third to be dispatched
  Bench in_batches(batched(), false, 0);
  const auto batches = in_batches.invoke_all(1, std::vector<AgentInput>(9));
  CHECK(batches[5].invoked.outcome == InvocationOutcome::answered);
  for (const int position : {6, 7, 8}) {
    CHECK(batches[position].invoked.outcome == InvocationOutcome::rejected);
  }
}

TEST_CASE("the security gate authenticates, then validates, then encrypts both ways", "[agent_orchestrator]") {
  Bench bench({}, true);
  CHECK(bench.invoke(0, {.content = 7}).time == 4ms + 2ms + 1ms + 16ms + 1ms);
  const auto unknown = bench.invoke(0, {.content = 7, .has_valid_token = false});
  CHECK(unknown.invoked.outcome == InvocationOutcome::refused);
  CHECK(unknown.time == 4ms);
  const auto invalid = bench.invoke(0, {.content = 7, .has_valid_content = false});
  CHECK(invalid.invoked.outcome == InvocationOutcome::refused);
  CHECK(invalid.time == 4ms + 2ms);
  CHECK(bench.inputs_worked_on() == 1);
}

TEST_CASE("a refused input is not answered from the cache either", "[agent_orchestrator]") {
  Bench bench(cached(), true);
  CHECK(bench.invoke(0, {.content = 7}).invoked.outcome == InvocationOutcome::answered);
  CHECK(bench.invoke(0, {.content = 7, .has_valid_token = false}).invoked.outcome == InvocationOutcome::refused);
  CHECK(bench.invoke(0, {.content = 7}).time == 4ms + 2ms + 1ms + 1ms);  // looked up, and the answer encrypted
}
