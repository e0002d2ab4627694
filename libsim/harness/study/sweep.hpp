#pragma once

#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/study/study.hpp"

namespace sim::harness {

/// The points of `--sweep`, `--sample` and `--where`: the full grid or a Latin hypercube, without those that a
/// condition leaves out. The error is one line for the user.
[[nodiscard]] Expected<std::vector<study::Point>> design_of(const Study& study);

/// Runs all points, of which only some are in memory at a time: their rows are written as they end.
[[nodiscard]] Expected<StudyReport> run_sweep(Study& study);

}  // namespace sim::harness
