#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "libsim/harness/experiment/scenario_run.hpp"
#include "libsim/sim.hpp"
#include "libsim/statistics/sample_summary.hpp"  // IWYU pragma: export

namespace sim::models::stress {

/// Reports a number of things counted.
void report_count(harness::ScenarioRun& run, std::string_view metric, std::uint64_t count, std::uint64_t samples = 1);

/// Reports whether something was observed.
void report_bool(harness::ScenarioRun& run, std::string_view metric, bool observed, std::uint64_t samples = 1);

/// Reports a duration in milliseconds.
void report_ms(harness::ScenarioRun& run, std::string_view metric, Duration duration, std::uint64_t samples = 1);

/// Reports a share in percent; not a number when there is nothing to share.
void report_percent(harness::ScenarioRun& run, std::string_view metric, std::uint64_t part, std::uint64_t whole);

/// The sum of times in milliseconds, in seconds.
[[nodiscard]] double sum_s(const std::vector<double>& times_ms);

[[nodiscard]] constexpr double to_milliseconds(Duration duration) { return to_seconds(duration) * 1e3; }

}  // namespace sim::models::stress
