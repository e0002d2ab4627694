#pragma once

#include <cstddef>

#include "libsim/harness/experiment/scenario_run.hpp"
#include "libsim/sim.hpp"

namespace sim::models {

/// Warns of faults of a schedule that the scenario did not live to see.
void warn_of_late_faults(harness::ScenarioRun& run, Simulation& simulation, std::size_t faults_count);

/// Warns of those, and of faults that found nobody.
void warn_of_idle_faults(harness::ScenarioRun& run, Simulation& simulation, std::size_t faults_count);

}  // namespace sim::models
