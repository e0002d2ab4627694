#pragma once

#include <string_view>

#include "libsim/harness/experiment/scenario_run.hpp"
#include "libsim/statistics/sample_summary.hpp"  // IWYU pragma: export
#include "models/users/system.hpp"

namespace sim::models::users {

/// When something of the users happened for the first and for the last time.
struct Span {
  Time first = Time::max();
  Time last{};

  [[nodiscard]] double length_s() const { return last > first ? to_seconds(last - first) : 0; }
};

/// From the first request to the last reply.
[[nodiscard]] Span requests_span(const System& system);

/// Runs the system; warns when it was cut off, and of faults that did not take place.
void run_all(harness::ScenarioRun& run, System& system);

/// success_rate, response times, throughput and concurrent_users of workflows. A workflow with a failed step counts as
/// never answered: with the timeout of a request, or with its own time when that was longer.
void report_workflows(harness::ScenarioRun& run, const System& system, Duration timeout);

/// The 95th percentile of the response times of workflows that started at `from` or later, and before `until`.
void report_response_p95(harness::ScenarioRun& run, const System& system, Duration timeout, std::string_view metric,
                         Duration from, Duration until);

/// success_rate, duration and response times of single operations.
void report_operations(harness::ScenarioRun& run, const System& system);

/// Hits of the cache, and how many records were answered without a write that was committed before.
void report_reads(harness::ScenarioRun& run, const System& system);

/// Warns when the network had another number of requests under way over time than the users' clocks say. Where a user
/// gave up there is nothing to compare: the request goes on without them.
void check_littles_law(harness::ScenarioRun& run, const System& system);

/// What every scenario has: connections, CPU, memory, network, writes, and how requests ended.
void report_resources(harness::ScenarioRun& run, const System& system);

}  // namespace sim::models::users
