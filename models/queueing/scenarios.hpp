#pragma once

#include "libsim/harness/experiment/scenario_run.hpp"
#include "models/queueing/config.hpp"

namespace sim::models::queueing {

void station(harness::ScenarioRun& run, const Config& config);
void network(harness::ScenarioRun& run, const Config& config);
void closed(harness::ScenarioRun& run, const Config& config);
void trace(harness::ScenarioRun& run, const Config& config);

}  // namespace sim::models::queueing
