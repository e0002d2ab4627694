#include "models/faults/idle_faults.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace sim::models {

void warn_of_late_faults(harness::ScenarioRun& run, Simulation& simulation, std::size_t faults_count) {
  const std::uint64_t begun = simulation.metrics().counter_total("faults_begun_count");
  if (begun < faults_count) {
    run.warn(fmt::format("{} of {} faults lie after the end of the scenario at {}", faults_count - begun, faults_count,
                         to_text(simulation.now() - Time{})));
  }
}

void warn_of_idle_faults(harness::ScenarioRun& run, Simulation& simulation, std::size_t faults_count) {
  warn_of_late_faults(run, simulation, faults_count);
  if (const auto missed = simulation.metrics().counter_total("faults_without_target_count"); missed > 0) {
    run.warn(fmt::format("{} of {} faults found nobody of that name", missed, faults_count));
  }
}

}  // namespace sim::models
