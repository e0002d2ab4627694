#pragma once

#include <string>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/study/study.hpp"

namespace sim::harness {

/// The points of `--sweep`, `--sample` and `--where`: the full grid or a Latin hypercube, without those that a
/// condition leaves out. The error is one line for the user.
[[nodiscard]] Expected<StudyPoints> design_points(const Study& study);

/// Runs all points. `sweep.csv` has one row per point, replication and metric, `summary.csv` one per point and metric
/// with its interval.
[[nodiscard]] Expected<StudyReport> run_sweep(Study& study);

/// `sweep.csv`: every metric of every replication of every point.
[[nodiscard]] std::string long_csv(const StudyPoints& points);

/// `summary.csv`: every metric of every point with its interval.
[[nodiscard]] std::string summary_csv(const Study& study, const StudyPoints& points);

/// A table per scenario, with one row for each point and a column for each metric that the user wants to see.
[[nodiscard]] Page point_tables(const Study& study, const StudyPoints& points);

/// One table for one point: the metrics that the user wants to see with their intervals and targets.
[[nodiscard]] Page point_result(const Study& study, const StudyPoint& point);

}  // namespace sim::harness
