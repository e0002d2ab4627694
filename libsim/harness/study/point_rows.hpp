#pragma once

#include <cstddef>
#include <string>

#include "libsim/expected.hpp"
#include "libsim/harness/study/study.hpp"

namespace sim::harness {

/// Adds the points to the files of the study, with a header when `first`, the number of the first of them, is 0:
/// `sweep.csv` has every metric of every replication of every point, `summary.csv` every metric of every point with its
/// interval.
[[nodiscard]] Expected<void> write_points(Study& study, const StudyPoints& points, std::size_t first = 0);

/// Ends the report of a study that has kept all of its points: writes its own rows and those of the points, and adds
/// what the points say beside their results.
[[nodiscard]] Expected<StudyReport> with_points(Study& study, StudyReport report, std::string rows,
                                                const StudyPoints& points);

}  // namespace sim::harness
