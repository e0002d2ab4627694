#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "libsim/harness/scenario_run.hpp"
#include "libsim/statistics/sample_summary.hpp"  // IWYU pragma: export
#include "models/resilience/caller.hpp"

namespace sim::models::resilience {

/// How the requests of users ended.
struct Accounts {
  std::uint64_t sent = 0;
  std::uint64_t answered = 0;
  std::array<std::uint64_t, 6> failed{};  ///< by error class
  std::uint64_t in_flight = 0;            ///< as their sender knows them, not by subtraction

  Accounts& operator+=(const Accounts& other);
};

[[nodiscard]] Accounts accounts_of(const std::vector<CallRecord>& records, std::uint64_t open_count);

/// Reports how many requests were sent and how they ended; the sum is asserted.
void report_accounts(harness::ScenarioRun& run, const Accounts& accounts);

/// Seconds from `begin` to `end`; NaN when there was no end.
[[nodiscard]] double seconds_between(Time begin, std::optional<Time> end);
/// Seconds since the start of the simulation; NaN for never.
[[nodiscard]] double seconds_at(std::optional<Time> at);

}  // namespace sim::models::resilience
