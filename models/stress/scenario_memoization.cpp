#include "models/stress/actors/memo_actors.hpp"
#include "models/stress/measures.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

void memoization(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.memoization;
  Simulation& simulation = run.simulation();
  const FunctionComputer::Config computing{settings.cost_per_unit};
  const auto computer = simulation.spawn<FunctionComputer>("computer", computing);
  const Memoizer::Config remembering{settings.remembers, settings.single_flight, settings.entries_max};
  const auto memoizer = simulation.spawn<Memoizer>("memoizer", remembering, Port<EvaluateFunction>(computer));
  FunctionCaller::Config script{.arguments = {}, .at_once = settings.at_once};
  for (std::uint32_t round = 0; round < settings.rounds_count; ++round) {
    script.arguments.insert(script.arguments.end(), {5, 5, 3});
  }
  const auto caller = simulation.spawn<FunctionCaller>("caller", script, Port<EvaluateFunction>(memoizer));
  simulation.run();

  const FunctionCaller& seen = simulation.get(caller);
  report_count(run, "computations", simulation.get(computer).computations(), script.arguments.size());
  report_ms(run, "duration", seen.ended_at() - Time{}, script.arguments.size());
  report_count(run, "calls", script.arguments.size());
  report_count(run, "calls_correct", seen.correct(), script.arguments.size());
  report_count(run, "calls_wrong", seen.wrong(), script.arguments.size());
  run.check_littles_law("calls", simulation.get(memoizer).waiting_integral(), to_seconds(seen.time()));
  run.report_account({.whole = "calls", .parts = {"calls_correct", "calls_wrong"}});
}

}  // namespace sim::models::stress
