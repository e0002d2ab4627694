#pragma once

#include "libsim/expected.hpp"
#include "libsim/harness/study/study.hpp"

namespace sim::harness {

/// `--compare`: two configurations over the same replications, that is over the same random numbers. For each metric
/// the paired difference with its interval, how much of its variance the common streams removed, and how many more
/// replications would tell the two apart. Which metrics differ is decided for all of them together (Holm).
/// `compare.csv` has a row for each metric.
[[nodiscard]] Expected<StudyReport> run_comparison(Study& study);

}  // namespace sim::harness
