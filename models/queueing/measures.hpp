#pragma once

#include <string>
#include <string_view>

#include "libsim/harness/experiment/scenario_run.hpp"
#include "models/queueing/matching_formula.hpp"
#include "models/queueing/plant.hpp"

namespace sim::models::queueing {

/// Time averages, read at the end of the time that they are over.
struct Levels {
  double utilisation = 0.0;
  double queue_length = 0.0;
  double in_system = 0.0;
  Duration measured{};
};

[[nodiscard]] Levels levels_of(Plant& plant);

/// Warns when the time in system that jobs had, one by one, is not the area under the number in the system: Little's
/// law, which holds exactly over any time when jobs count for the part of their stay that lies within it.
void check_littles_law(harness::ScenarioRun& run, Plant& plant);

/// Reports what every scenario measures: waits, sojourns, levels, shares of the jobs, and the account; those of a
/// single station (wait probability, utilisation) where there is one; means by class where there are several. Beside
/// each the value of the formula that has one, under the same name with `_theory` behind it.
void report_measures(harness::ScenarioRun& run, const Plant& plant, const Levels& levels, const Theory& theory);

/// Reports load, number of jobs, and sojourn of each station of a network.
void report_stations(harness::ScenarioRun& run, Plant& plant, const Theory& theory);

}  // namespace sim::models::queueing
