#pragma once

#include "libsim/harness/experiment/scenario_run.hpp"
#include "models/workflow/config.hpp"

/// The scripts of the five scenarios. All begin without a container. Each reports the metrics of its targets, the
/// stages, and the accounts of sessions and metrics.
namespace sim::models::workflow {

/// One e-mail, from a cold start to the push.
void stages(harness::ScenarioRun& run, const Config& config);

/// Sessions that find no container, one after the other, then sessions that find one.
void cold_warm(harness::ScenarioRun& run, const Config& config);

/// Sessions at a constant rate.
void sustained(harness::ScenarioRun& run, const Config& config);

/// Many sessions at the same instant.
void burst(harness::ScenarioRun& run, const Config& config);

/// A few large sessions, while the use of CPU and memory is sampled.
void resources(harness::ScenarioRun& run, const Config& config);

}  // namespace sim::models::workflow
