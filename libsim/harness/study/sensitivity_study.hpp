#pragma once

#include "libsim/expected.hpp"
#include "libsim/harness/study/study.hpp"

namespace sim::harness {

/// `--sensitivity`: which of the parameters of `--sweep` matter to which metric, between the first and the last value
/// of each. `one-at-a-time` moves one parameter at a time from its configured value (a tornado); `morris` walks through
/// the whole space and tells effects that depend on the place. `sensitivity.csv` has a row per metric and parameter.
[[nodiscard]] Expected<StudyReport> run_sensitivity(Study& study);

}  // namespace sim::harness
