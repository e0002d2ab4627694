#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "actors/monitoring/ledger.hpp"
#include "libsim/testing.hpp"
#include "models/agents/experiment.hpp"
#include "models/agents/measures.hpp"
#include "models/resilience/actors/workflows.hpp"
#include "models/resilience/experiment.hpp"
#include "models/resilience/proxied_service.hpp"
#include "models/services/experiment.hpp"
#include "models/services/measures.hpp"
#include "models/sessions/experiment.hpp"
#include "models/sessions/measures.hpp"
#include "models/stress/actors/queue_actors.hpp"
#include "models/stress/experiment.hpp"
#include "models/users/experiment.hpp"
#include "models/users/measures.hpp"
#include "models/value_tree/actors/value_tree_store.hpp"
#include "models/value_tree/actors/value_tree_worker.hpp"
#include "models/value_tree/experiment.hpp"
#include "models/value_tree/measures.hpp"
#include "models/workflow/experiment.hpp"
#include "models/workflow/measures.hpp"
#include "tests/models/scenario_runs.hpp"

using namespace sim;
using sim::testing::Parameters;
using sim::testing::RunsOf;
using sim::testing::warns_of;

namespace {

/// The scenarios of an experiment that violate Little's law under some setting.
std::vector<std::string> violations(harness::Experiment (*experiment)(), const std::vector<Parameters>& settings) {
  std::vector<std::string> violated;
  for (const std::string& scenario : experiment().scenario_names()) {
    for (const Parameters& parameters : settings) {
      if (warns_of(RunsOf(experiment)(scenario, parameters), "Little")) {
        violated.push_back(scenario);
      }
    }
  }
  return violated;
}

/// How often a run was warned of a violation.
std::size_t violations_of(harness::ScenarioRun& run) {
  const auto warnings = run.collect().warnings;
  return static_cast<std::size_t>(std::count_if(warnings.begin(), warnings.end(), [](const std::string& warning) {
    return warning.starts_with("Little's law is violated");
  }));
}

template <class A>
Ref<A> actor(Simulation& simulation, std::string_view name) {
  return Ref<A>{simulation.kernel().find(name)};
}

const std::vector<std::string> none = {};

}  // namespace

TEST_CASE("every scenario of the sessions keeps Little's law, also when messages are dead-lettered", "[littles_law]") {
  CHECK(violations(models::sessions::experiment,
                   {{}, {{"queue.heartbeats", "off"}, {"queue.visibility_timeout", "8s"}, {"drain.limit", "2min"}}}) ==
        none);
}

TEST_CASE("every scenario of the workflow keeps Little's law, also when sessions are refused or given up",
          "[littles_law]") {
  CHECK(violations(models::workflow::experiment,
                   {{}, {{"mail.refusal_probability", "0.3"}, {"git_host.failure_probability", "0.8"}}}) == none);
}

TEST_CASE("every scenario of the users keeps Little's law", "[littles_law]") {
  CHECK(violations(models::users::experiment, {{}}) == none);
}

TEST_CASE("every scenario of the agents keeps Little's law, with batches and when the line is full", "[littles_law]") {
  CHECK(violations(models::agents::experiment,
                   {{}, {{"batching", "on"}, {"cache", "on"}}, {{"workers", "1"}, {"workers.queue_max", "1"}}}) ==
        none);
}

TEST_CASE("every scenario of resilience keeps Little's law, with a breaker and without", "[littles_law]") {
  CHECK(violations(models::resilience::experiment, {{}, {{"breaker", "none"}}}) == none);
}

TEST_CASE("every scenario of the services keeps Little's law", "[slow][littles_law]") {
  CHECK(violations(models::services::experiment, {{}}) == none);
}

TEST_CASE("every scenario of the value trees keeps Little's law, also in parallel and when patience ends",
          "[littles_law]") {
  CHECK(violations(models::value_tree::experiment,
                   {{}, {{"parallel", "on"}, {"lazy_loading", "on"}}, {{"client.timeout", "1ms"}}}) == none);
}

TEST_CASE("every scenario of the stress tests keeps Little's law", "[littles_law]") {
  CHECK(violations(models::stress::experiment, {{}}) == none);
}

TEST_CASE("a message in the ledger that no client sent violates Little's law", "[littles_law]") {
  using namespace models::sessions;
  harness::ScenarioRun run({});
  Platform platform(run.simulation(), Config{}, {2, 1});
  platform.start();
  platform.say(0, {"Hello"});
  platform.say(1, {"Hello"});
  platform.drain();
  check_littles_law(run, platform);
  platform.simulation().send(actor<actors::Ledger>(platform.simulation(), "ledger"), actors::LedgerSent{MessageId{99}});
  platform.simulation().run_for(1s);
  check_littles_law(run, platform);
  CHECK(violations_of(run) == 1);
}

TEST_CASE("a session that the ledger loses sight of violates Little's law", "[littles_law]") {
  using namespace models::workflow;
  harness::ScenarioRun run({});
  Platform platform(run.simulation(), Config{});
  const MessageId session = platform.request("shop", Instruction::edit);
  platform.simulation().run_for(1s);
  check_littles_law(run, platform);
  // nobody but the author says that an e-mail was refused, and the log hears of it
  platform.simulation().send(actor<actors::Ledger>(platform.simulation(), "ledger"),
                             actors::LedgerEnded{session, policies::Outcome::rejected});
  platform.simulation().run_for(1s);
  check_littles_law(run, platform);
  CHECK(violations_of(run) == 1);
}

TEST_CASE("a request in the network that no user sent violates Little's law", "[littles_law]") {
  using namespace models::users;
  harness::ScenarioRun run({});
  Config config;
  System system(run.simulation(), config, std::vector<User::Config>(3));
  REQUIRE(system.run());
  check_littles_law(run, system);
  ApiRequest stray;
  stray.reads_count = 1;
  system.simulation().send(actor<actors::Link<ApiRequest>>(system.simulation(), "network"), stray);
  system.simulation().run_for(1s);
  check_littles_law(run, system);
  CHECK(violations_of(run) == 1);
}

TEST_CASE("a caller that forgets an invocation violates Little's law", "[littles_law]") {
  using namespace models::agents;
  harness::ScenarioRun run({});
  const Config config;
  const Caller::Config caller = caller_of(config, Kind::fast);
  Invocations invocations = call(run.simulation(), config, caller);
  invocations.sides.sum_of_times_s -= invocations.times_ms.front() / 1e3;
  report_accounts(run, invocations);
  CHECK(violations_of(run) == 1);
}

TEST_CASE("calls of a caller that is left out violate Little's law", "[littles_law]") {
  using namespace models::services;
  const auto with_callers = [](std::size_t counted) {
    harness::ScenarioRun run({});
    Simulation& simulation = run.simulation();
    const Config config;
    const Provider provider(simulation, config, ProviderId::stripe);
    std::vector<Ref<Caller>> callers;
    for (std::uint32_t number = 0; number < 2; ++number) {
      const Caller::Config calls{.number = number, .plan = {operation(0)}, .calls_max = 3};
      callers.push_back(simulation.spawn<Caller>("caller-" + std::to_string(number), calls, provider.client()));
    }
    simulation.run();
    callers.resize(counted);
    report_accounts(run, accounts_of(provider, callers));
    return violations_of(run);
  };
  CHECK(with_callers(2) == 0);
  CHECK(with_callers(1) == 1);
}

TEST_CASE("a request without a record violates Little's law", "[littles_law]") {
  using namespace models::resilience;
  const auto accounts = [](std::size_t records) {
    const std::vector<CallRecord> all = {{.sent_at = Time{1s}, .ended_at = Time{4s}, .is_open = false},
                                         {.sent_at = Time{2s}, .ended_at = Time{3s}, .is_open = false}};
    harness::ScenarioRun run({});
    report_accounts(run,
                    accounts_of({all.begin(), all.begin() + static_cast<std::ptrdiff_t>(records)}, 0, 4.0, Time{9s}));
    return violations_of(run);
  };
  CHECK(accounts(2) == 0);
  CHECK(accounts(1) == 1);
}

TEST_CASE("a workflow in the log that no user started violates Little's law", "[littles_law]") {
  using namespace models::resilience;
  const auto with_stray = [](bool has_stray) {
    harness::ScenarioRun run({});
    const Config config;
    Workflows workflows(run.simulation(), config);
    workflows.start({.failing_stage = 2});
    workflows.drain();
    if (has_stray) {
      workflows.simulation().send(actor<actors::SagaOrchestrator>(workflows.simulation(), "orchestrator"),
                                  actors::StartSaga{SagaId{77}});
      workflows.simulation().run_for(1min);
    }
    const WorkflowCounts counts = workflows.counts();
    run.check_littles_law("workflows", counts.sides.number_integral, counts.sides.sum_of_times_s);
    return violations_of(run);
  };
  CHECK(with_stray(false) == 0);
  CHECK(with_stray(true) == 1);
}

TEST_CASE("a question that the analyst did not ask violates Little's law", "[littles_law]") {
  using namespace models::value_tree;
  harness::ScenarioRun run({});
  Simulation& simulation = run.simulation();
  const auto store = simulation.spawn<actors::ValueTreeStore>("store", actors::ValueTreeStore::Config{});
  const auto worker = simulation.spawn<actors::ValueTreeWorker>("worker", actors::ValueTreeWorker::Config{});
  actors::ValueTreeService::Ports ports{.outline = store, .nodes = store, .change = store, .workers = {worker}};
  const auto service = simulation.spawn<actors::ValueTreeService>("service", actors::ValueTreeService::Config{}, ports);
  const auto analyst =
      simulation.spawn<Analyst>("analyst", Analyst::Config{}, Analyst::Ports{service, service, service});
  simulation.run();
  check_littles_law(run, simulation.get(service), simulation.get(analyst));
  simulation.send(service, actors::CalculateTree{});
  simulation.run();
  check_littles_law(run, simulation.get(service), simulation.get(analyst));
  CHECK(violations_of(run) == 1);
}

TEST_CASE("an item that a queue counts, and that nobody brought, violates Little's law", "[littles_law]") {
  using namespace models::stress;
  harness::ScenarioRun run({});
  Simulation& simulation = run.simulation();
  const auto queue = simulation.spawn<BoundedLine>(
      "queue", BoundedLine::Config{{.capacity = 20, .on_full = ItemQueue::OnFull::drop_oldest}});
  const auto producer = simulation.spawn<ItemProducer>("producer", ItemProducer::Config{.items_count = 100},
                                                       Port<QueueItem>(queue), Port<ItemsOver>(queue));
  const auto consumer = simulation.spawn<ItemConsumer>("consumer", ItemConsumer::Config{}, Port<TakeItem>(queue));
  simulation.run();
  REQUIRE(simulation.get(producer).dropped() > 0);
  const auto check_items = [&] {
    run.check_littles_law("items", simulation.metrics().gauge("queue_items", "queue").integral(),
                          to_seconds(time_in_queue(simulation.get(producer), simulation.get(consumer))));
  };
  check_items();
  simulation.metrics().gauge("queue_items", "queue").add(1);
  simulation.run_for(1s);
  check_items();
  CHECK(violations_of(run) == 1);
}
