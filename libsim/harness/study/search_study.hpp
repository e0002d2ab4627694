#pragma once

#include "libsim/expected.hpp"
#include "libsim/harness/study/study.hpp"

namespace sim::harness {

/// `--find-min` and `--find-max`: the least or the greatest value of a parameter that meets the requirements, by
/// bisection, if more of it always helps, or always hurts. Each decision looks at growing numbers of replications until
/// its intervals decide; the error is shared among all looks at all decisions, so that they are all right together with
/// `--confidence`. `search.csv` has a row for each decision.
[[nodiscard]] Expected<StudyReport> run_search(Study& study);

}  // namespace sim::harness
