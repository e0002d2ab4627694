#pragma once

#include "libsim/expected.hpp"
#include "libsim/harness/study/study.hpp"

namespace sim::harness {

/// `--minimize METRIC`: which point of the sweep meets the requirements at the least mean of a metric, such as a cost.
/// A point counts as meeting them only when its intervals show it. With `--pareto-against METRIC` the Pareto front: the
/// points that nobody beats in both. `pareto.csv` has a row for each point.
[[nodiscard]] Expected<StudyReport> run_cost_study(Study& study);

}  // namespace sim::harness
