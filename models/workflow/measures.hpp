#pragma once

#include <vector>

#include "actors/monitoring/performance_reporter.hpp"
#include "libsim/harness/experiment/scenario_run.hpp"
#include "libsim/statistics/sample_summary.hpp"  // IWYU pragma: export
#include "models/workflow/platform.hpp"

namespace sim::models::workflow {

/// Starts the platform; warns when containers that are to be kept ready are still not after its limit.
void start(harness::ScenarioRun& run, Platform& platform);

/// The time of a stage in each session that went all the way, in the order of the requests.
[[nodiscard]] std::vector<double> stage_times_s(const Platform& platform, Step from, Step to);

/// From request to deployment of every session; one that was never deployed counts with `drain.limit`.
[[nodiscard]] std::vector<double> response_times_s(const Platform& platform, const Config& config);

/// Warns when the ledger had another number of open sessions over time than the log says, session by session.
void check_littles_law(harness::ScenarioRun& run, const Platform& platform);

/// What every scenario ends with: the bottleneck (`bottleneck_<stage>`, the stage with the largest mean, and its share
/// of the whole), containers, the mean of each stage, the accounts of the sessions; then all figures are published, and
/// the accounts of the metrics reported.
void finish(harness::ScenarioRun& run, Platform& platform);

/// The report of a run, for text and JSON.
[[nodiscard]] policies::PerformanceReport performance_report(const Platform& platform);

}  // namespace sim::models::workflow
