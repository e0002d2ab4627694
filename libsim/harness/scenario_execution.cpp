#include "libsim/harness/scenario_execution.hpp"

#include <fmt/format.h>

#include <exception>
#include <vector>

namespace sim::harness {

namespace {

Replication run_once(const Setup& setup, std::size_t scenario, const RunSettings& settings) {
  ScenarioRun run(settings);
  setup.run(scenario, run);
  return run.collect();
}

}  // namespace

ScenarioFailure::ScenarioFailure(const std::string& scenario, std::uint32_t replication, const std::string& reason)
    : std::runtime_error(fmt::format("scenario {} failed: {}", scenario, reason)),
      scenario_(scenario),
      replication_(replication) {}

ScenarioResult execute_scenario(const Experiment& experiment, const Setup& setup, std::size_t scenario,
                                RunSettings settings, std::uint32_t replications,
                                const std::function<void(std::uint32_t replication)>& before_each) {
  const std::string& name = experiment.scenarios().at(scenario).name;
  std::vector<Replication> results;
  for (settings.replication = 0; settings.replication < replications; ++settings.replication) {
    if (before_each) {
      before_each(settings.replication);
    }
    try {
      results.push_back(run_once(setup, scenario, settings));
    } catch (const std::exception& failure) {
      throw ScenarioFailure(name, settings.replication, failure.what());
    } catch (...) {
      throw ScenarioFailure(name, settings.replication, "threw something that is not a std::exception");
    }
  }
  return combine(experiment.name(), name, settings.seed, results);
}

}  // namespace sim::harness
