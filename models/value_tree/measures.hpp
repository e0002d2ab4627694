#pragma once

#include "libsim/harness/experiment/scenario_run.hpp"
#include "models/value_tree/actors/analyst.hpp"
#include "models/value_tree/actors/value_tree_service.hpp"

namespace sim::models::value_tree {

/// Warns when the service had another number of questions over time than the analyst's clock says. Where the analyst
/// gave up there is nothing to compare: the question goes on without them.
void check_littles_law(harness::ScenarioRun& run, const actors::ValueTreeService& service, const Analyst& analyst);

}  // namespace sim::models::value_tree
