#pragma once

#include "libsim/harness/experiment/scenario_run.hpp"
#include "models/value_tree/config.hpp"

/// The three scenarios are one script on trees of different size.
namespace sim::models::value_tree {

void small(harness::ScenarioRun& run, const Config& config);
void medium(harness::ScenarioRun& run, const Config& config);
void large(harness::ScenarioRun& run, const Config& config);

}  // namespace sim::models::value_tree
