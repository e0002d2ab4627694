#pragma once

#include "libsim/harness/experiment/scenario_run.hpp"
#include "models/users/config.hpp"

/// The scripts of the six scenarios. Each reports the metrics of its targets, the use of the machines, and the accounts
/// of all requests and writes.
namespace sim::models::users {

/// All users run one workflow, at once.
void full_workflow(harness::ScenarioRun& run, const Config& config);

/// All users read, each one record after the other.
void read_heavy(harness::ScenarioRun& run, const Config& config);

/// All users write, each one record after the other.
void write_heavy(harness::ScenarioRun& run, const Config& config);

/// Users come one by one at equal intervals and run workflows until the last one has come.
void ramp_up(harness::ScenarioRun& run, const Config& config);

/// A steady number of users runs workflows for a while.
void sustained(harness::ScenarioRun& run, const Config& config);

/// A few users run workflows; for a while there are many.
void spike(harness::ScenarioRun& run, const Config& config);

}  // namespace sim::models::users
