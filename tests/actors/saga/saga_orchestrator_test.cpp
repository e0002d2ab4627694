#include "actors/saga/saga_orchestrator.hpp"

#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "tests/actors/ask_once.hpp"
#include "tests/actors/saga/saga_bench.hpp"

using namespace sim;
using namespace sim::testing::saga_bench;

TEST_CASE("several sagas go on at once, each step after the one before", "[saga_orchestrator]") {
  Bench bench{three_steps()};
  bench.start(1);
  bench.simulation.run_until(at(1s));
  bench.start(2);
  bench.simulation.run_until(at(3s));
  REQUIRE(bench.simulation.get(bench.orchestrator).open() == std::vector{SagaId{1}, SagaId{2}});
  bench.simulation.run();
  REQUIRE(bench.ends() == std::vector{end_of(6s, 1, SagaState::completed), end_of(7s, 2, SagaState::completed)});
  REQUIRE(bench.simulation.get(bench.orchestrator).open().empty());
  REQUIRE(bench.count("sagas_started_count") == 2);
  REQUIRE(bench.count("sagas_completed_count") == 2);
  REQUIRE(bench.mean("saga_time_s") == Approx(6));
  REQUIRE(bench.mean("inconsistent_time_s") == Approx(4));  // the first step is done at 2 s
}

TEST_CASE("a workflow that fails at its third stage leaves no artifact", "[saga_orchestrator]") {
  Bench bench{three_steps(), {{}, {}, {.execute_error = ErrorClass::server_error}}};
  bench.start(1);
  bench.simulation.run();
  REQUIRE(bench.ends() == std::vector{end_of(10s, 1, SagaState::compensated)});  // 3 × 2 s forward, 2 × 2 s back
  for (const std::uint32_t step : {0, 1}) {
    REQUIRE(bench.entry(1, step).executed_count == 1);
    REQUIRE(bench.entry(1, step).removed_count == 1);
  }
  REQUIRE(bench.entry(1, 2).executed_count == 0);
  REQUIRE(bench.count("sagas_compensated_count") == 1);
  REQUIRE(bench.count("orphaned_artifacts_count") == 0);
  REQUIRE(bench.mean("compensation_time_s") == Approx(4));
  REQUIRE(bench.mean("inconsistent_time_s") == Approx(8));
}

TEST_CASE("a compensation that fails is logged and reported while the others go on", "[saga_orchestrator]") {
  Bench bench{three_steps(),
              {{}, {.compensate_error = ErrorClass::server_error}, {.execute_error = ErrorClass::server_error}}};
  bench.start(1);
  bench.simulation.run();
  REQUIRE(bench.ends() == std::vector{end_of(10s, 1, SagaState::failed, {1})});
  REQUIRE_FALSE(bench.entry(1, 0).has_artifact);
  REQUIRE(bench.entry(1, 1).has_artifact);
  REQUIRE_FALSE(bench.entry(1, 2).has_artifact);
  const policies::SagaRecord failure{policies::SagaRecord::Kind::compensation_ended,
                                     {SagaId{1}, 1},
                                     0,
                                     policies::StepResult::failed,
                                     SagaState::compensating,
                                     at(8s)};
  REQUIRE(std::count(bench.log.records().begin(), bench.log.records().end(), failure) == 1);
  REQUIRE(bench.count("sagas_failed_count") == 1);
  REQUIRE(bench.count("sagas_half_compensated_count") == 1);
  REQUIRE(bench.count("orphaned_artifacts_count") == 1);
  REQUIRE(bench.mean("compensation_time_s") == Approx(4));
  REQUIRE(bench.simulation.metrics().merged_tally("inconsistent_time_s")->count() == 0);
  bench.simulation.run_until(at(1min));
  REQUIRE(bench.simulation.get(bench.orchestrator).inconsistent_time() == 58s);  // since 2 s, and it will not end
}

TEST_CASE("a participant that never answers is asked as often as the schedule says, then its step is undone as well",
          "[saga_orchestrator]") {
  Saga::Config plan = three_steps();
  plan.step_retry.attempts_max = 2;
  Bench bench{plan, {{}, {.loss_probability = 1, .losses_max = 2}, {}}};
  bench.start(1);
  bench.simulation.run();
  // step 0 done at 2 s, timeouts at 32 and 62.5 s, step 1 undone at 64.5 s, step 0 at 66.5 s
  REQUIRE(bench.ends() == std::vector{end_of(66'500ms, 1, SagaState::compensated)});
  REQUIRE(bench.count("saga_retries_count") == 1);
  REQUIRE(bench.entry(1, 1).is_refusing);
}

TEST_CASE("a step that arrives after its compensation is refused", "[saga_orchestrator]") {
  Saga::Config plan = three_steps();
  plan.steps[1].timeout = 3s;
  Bench bench{plan, {{}, {.latency = mixture({{0.5, constant(10s)}, {0.5, constant(1s)}})}, {}}, 6};
  for (std::uint64_t saga = 1; saga <= 50; ++saga) {
    bench.start(saga);
  }
  bench.simulation.run();
  REQUIRE(bench.count("sagas_started_count") == 50);
  REQUIRE(bench.count("saga_late_results_count") > 10);
  for (const Client::End& end : bench.ends()) {
    const bool is_completed = end.ended.state == SagaState::completed;
    REQUIRE(bench.entry(static_cast<std::uint64_t>(end.ended.saga), 1).has_artifact == is_completed);
  }
}

TEST_CASE("results of a saga that turned back or ended are late", "[saga_orchestrator]") {
  Saga::Config plan = three_steps();
  plan.steps = {{.compensation_timeout = forever}};
  SECTION("turned back at 30 s, answered at 40 s, compensated at 70 s") {
    Bench bench{plan, {{.latency = constant(20s)}}};
    bench.start(1);
    bench.simulation.run();
    REQUIRE(bench.ends() == std::vector{end_of(70s, 1, SagaState::compensated)});
    REQUIRE(bench.count("saga_late_results_count") == 1);
  }
  SECTION("completed at 40 s by the first attempt, answered by the second at 70.5 s") {
    plan.step_retry.attempts_max = 2;
    Bench bench{plan, {{.latency = constant(20s)}}};
    bench.start(1);
    bench.simulation.run();
    REQUIRE(bench.simulation.now() == at(70'500ms));
    REQUIRE(bench.ends() == std::vector{end_of(40s, 1, SagaState::completed)});
    REQUIRE(bench.count("saga_late_results_count") == 1);
  }
}

TEST_CASE("parallel compensations that time out at the same moment are all seen to", "[saga_orchestrator]") {
  Saga::Config plan = three_steps();
  plan.compensation_order = Saga::CompensationOrder::parallel;
  const Participant::Config deaf{.deaf_to_compensations = true};
  Bench bench{plan, {deaf, deaf, {.execute_error = ErrorClass::server_error}}};
  bench.start(1);
  bench.simulation.run();
  // the third step fails at 6 s, both compensations time out at 36 s
  REQUIRE(bench.ends() == std::vector{end_of(36s, 1, SagaState::failed, {0, 1})});
}

TEST_CASE("an orchestrator that is killed is followed by one that goes on from the log", "[saga_orchestrator]") {
  Bench bench{three_steps()};
  bench.start(1);
  bench.simulation.run_until(at(3s));  // step 1 has just arrived at its participant
  bench.kill();
  bench.simulation.run_until(at(10s));
  REQUIRE(bench.ends().empty());
  bench.spawn_orchestrator();
  bench.simulation.run();
  // step 1 is sent again at 10 s and answered at 12 s, step 2 at 14 s
  REQUIRE(bench.ends() == std::vector{end_of(14s, 1, SagaState::completed)});
  for (const std::uint32_t step : {0, 1, 2}) {
    REQUIRE(bench.entry(1, step).executed_count == 1);
  }
  REQUIRE(bench.entry(1, 1).attempt_latest == 2);
  REQUIRE(bench.count("sagas_recovered_count") == 1);
  REQUIRE(bench.count("saga_retries_count") == 1);
  REQUIRE(bench.mean("inconsistent_time_s") == Approx(12));
}

TEST_CASE("an orchestrator that is killed while it compensates is followed by one that finishes",
          "[saga_orchestrator]") {
  Bench bench{three_steps(), {{}, {}, {.execute_error = ErrorClass::server_error}}};
  bench.start(1);
  bench.simulation.run_until(at(7s));  // step 1 is being undone
  bench.kill();
  bench.simulation.run_until(at(20s));
  bench.spawn_orchestrator();
  bench.simulation.run();
  REQUIRE(bench.ends() == std::vector{end_of(24s, 1, SagaState::compensated)});
  REQUIRE(bench.entry(1, 1).removed_count == 1);
  REQUIRE(bench.entry(1, 0).removed_count == 1);
  REQUIRE(bench.mean("compensation_time_s") == Approx(18));
}

TEST_CASE("a saga is started once however often it is asked for, and its end is told again", "[saga_orchestrator]") {
  Bench bench{three_steps()};
  using Start = sim::testing::AskOnce<StartSaga>;
  const auto first = bench.simulation.spawn<Start>("first", bench.orchestrator, StartSaga{SagaId{1}});
  const auto second = bench.simulation.spawn<Start>("second", bench.orchestrator, StartSaga{SagaId{1}});
  bench.simulation.run();
  REQUIRE(bench.simulation.get(first).answer() == SagaAccepted{true});
  REQUIRE(bench.simulation.get(second).answer() == SagaAccepted{false});
  REQUIRE(bench.ends() == std::vector{end_of(6s, 1, SagaState::completed)});
  bench.kill();
  bench.spawn_orchestrator();
  const auto third = bench.simulation.spawn<Start>("third", bench.orchestrator, StartSaga{SagaId{1}});
  bench.simulation.run();
  REQUIRE(bench.simulation.get(third).answer() == SagaAccepted{false});
  REQUIRE(bench.ends().size() == 2);
  REQUIRE(bench.count("sagas_started_count") == 1);
  REQUIRE(bench.count("sagas_completed_count") == 1);
  REQUIRE(bench.entry(1, 0).executed_count == 1);
}

TEST_CASE("a saga that failed is still known as inconsistent after a crash", "[saga_orchestrator]") {
  Bench bench{three_steps(),
              {{}, {.compensate_error = ErrorClass::server_error}, {.execute_error = ErrorClass::server_error}}};
  bench.start(1);
  bench.simulation.run();
  bench.kill();
  bench.spawn_orchestrator();
  bench.simulation.run_until(at(1min));
  auto& orchestrator = bench.simulation.get(bench.orchestrator);
  REQUIRE(orchestrator.inconsistent_time() == 58s);
  REQUIRE(orchestrator.outcome(SagaId{1}) == SagaEnded{SagaId{1}, SagaState::failed, {1}});
  REQUIRE_FALSE(orchestrator.outcome(SagaId{2}));
}

TEST_CASE("a saga without progress is counted as stuck", "[saga_orchestrator]") {
  Saga::Config plan = three_steps();
  plan.steps[1].kind = Kind::pivot;
  plan.steps[2].kind = Kind::retryable;
  plan.stuck_after = 5min;
  Bench bench{plan, {{}, {}, {.execute_error = ErrorClass::server_error}}};
  bench.start(1);
  bench.simulation.run_until(at(5min + 4s) - 1ns);  // step 1 is done at 4 s
  REQUIRE(bench.count("sagas_stuck_count") == 0);
  REQUIRE(bench.simulation.get(bench.orchestrator).stuck_count() == 0);
  bench.simulation.run_until(at(1h));
  REQUIRE(bench.count("sagas_stuck_count") == 1);
  REQUIRE(bench.simulation.get(bench.orchestrator).stuck_count() == 1);
  REQUIRE(bench.simulation.get(bench.orchestrator).inconsistent_time() == 1h - 2s);
  REQUIRE(bench.ends().empty());
}

TEST_CASE("a saga that made no progress because nobody ran it is stuck when somebody does again",
          "[saga_orchestrator]") {
  Saga::Config plan = three_steps();
  plan.stuck_after = 5min;
  Bench bench{plan};
  bench.start(1);
  bench.simulation.run_until(at(3s));
  bench.kill();
  bench.simulation.run_until(at(10min));
  bench.spawn_orchestrator();
  bench.simulation.run_until(at(10min));
  REQUIRE(bench.count("sagas_stuck_count") == 1);
  bench.simulation.run();
  REQUIRE(bench.ends() == std::vector{end_of(10min + 4s, 1, SagaState::completed)});
}

TEST_CASE("each step of a saga needs its ports", "[saga_orchestrator]") {
  Simulation simulation;
  policies::SagaLog log;
  REQUIRE_THROWS(simulation.spawn<SagaOrchestrator>("orchestrator", SagaOrchestrator::Config{three_steps()},
                                                    SagaOrchestrator::Ports{}, log));
}

TEST_CASE("whenever the orchestrator is killed, every saga ends with all done or all undone but what is reported",
          "[saga_orchestrator][property]") {
  rc::prop("with messages lost, overtaken and failures on top", [] {
    constexpr std::uint64_t sagas = 8;
    Saga::Config plan;
    plan.steps = {
        {.timeout = 3s}, {.compensation_timeout = 3s}, {.kind = Kind::pivot, .timeout = 4s}, {.kind = Kind::retryable}};
    plan.step_retry.attempts_max = *rc::gen::inRange<std::uint32_t>(1, 4);
    plan.compensation_retry.attempts_max = *rc::gen::inRange<std::uint32_t>(1, 6);
    plan.compensation_order = *rc::gen::element(Saga::CompensationOrder::sequential, Saga::CompensationOrder::parallel);
    const Participant::Config participant{.latency = exponential(1s),
                                          .failure_probability = *rc::gen::element(0.0, 0.2, 0.5),
                                          .loss_probability = *rc::gen::element(0.0, 0.3),
                                          .losses_max = 30};
    Bench bench{plan, std::vector(plan.steps.size(), participant), *rc::gen::inRange<std::uint64_t>(1, 1'000'000)};
    for (std::uint64_t saga = 1; saga <= sagas; ++saga) {
      bench.start(saga);
    }
    const auto kills = *rc::gen::inRange(0, 12);
    for (int kill = 0; kill < kills; ++kill) {
      bench.simulation.run_for(*rc::gen::inRange(0, 5000) * 1ms);
      bench.kill();
      bench.simulation.run_for(*rc::gen::inRange(0, 5000) * 1ms);
      bench.spawn_orchestrator();
    }
    bench.simulation.run();
    const auto& orchestrator = bench.simulation.get(bench.orchestrator);
    RC_ASSERT(orchestrator.open().empty());
    std::uint64_t orphaned_count = 0;
    for (std::uint64_t saga = 1; saga <= sagas; ++saga) {
      const auto outcome = orchestrator.outcome(SagaId{saga});
      RC_ASSERT(outcome.has_value());
      orphaned_count += outcome->orphaned_steps.size();
      for (std::uint32_t step = 0; step < plan.steps.size(); ++step) {
        const Participant::Entry& entry = bench.entry(saga, step);
        const bool is_orphaned = std::count(outcome->orphaned_steps.begin(), outcome->orphaned_steps.end(), step) > 0;
        const bool is_done = outcome->state == SagaState::completed;
        RC_ASSERT((entry.has_artifact == is_done || (entry.has_artifact && is_orphaned)));
        RC_ASSERT(entry.executed_count <= 1u);
        RC_ASSERT((plan.steps[step].kind == Kind::compensatable || entry.removed_count == 0));
      }
    }
    RC_ASSERT(bench.count("sagas_started_count") == sagas);
    RC_ASSERT(bench.count("orphaned_artifacts_count") == orphaned_count);
  });
}
