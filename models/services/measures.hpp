#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "libsim/harness/experiment/scenario_run.hpp"
#include "libsim/statistics/moments.hpp"
#include "libsim/statistics/sample_summary.hpp"  // IWYU pragma: export
#include "models/littles_law_sides.hpp"
#include "models/services/actors/caller.hpp"
#include "models/services/provider.hpp"

namespace sim::models::services {

/// What became of calls, each of which ends in exactly one way. Those in flight are counted in the clients, not by
/// subtraction.
struct Accounts {
  std::uint64_t made = 0;
  std::uint64_t answered = 0;
  std::array<std::uint64_t, 6> failed{};  ///< by error class
  std::uint64_t in_flight = 0;
  LittlesLawSides sides;  ///< of the clients, and of the clocks of their callers

  [[nodiscard]] std::uint64_t failed_as(policies::ErrorClass error) const {
    return failed[static_cast<std::size_t>(error)];
  }
  Accounts& operator+=(const Accounts& other);
};

/// The accounts of all callers of a provider.
[[nodiscard]] Accounts accounts_of(const Provider& provider, const std::vector<Ref<Caller>>& callers);

/// Reports what every scenario has: calls made, how they ended, and those in flight. Checks Little's law.
void report_accounts(harness::ScenarioRun& run, const Accounts& accounts);

/// The calls of callers that have ended, with their response times. Failed ones count with the time until they failed.
[[nodiscard]] std::vector<Caller::Record> ended_calls(Simulation& simulation, const std::vector<Ref<Caller>>& callers);

[[nodiscard]] std::vector<double> response_times_s(const std::vector<Caller::Record>& records);

/// `<prefix>response_mean`, `_p95` and `_max` of response times.
void report_response_times(harness::ScenarioRun& run, const std::string& prefix, std::vector<double> times_s);

/// Reports `<prefix>memory_growth`, the heap now less the heap before the first call, and how that came about.
void report_memory(harness::ScenarioRun& run, const Provider& provider, const Config& config,
                   const std::string& prefix = {});

/// The most requests that reached the provider within any interval of this length, its end not included.
[[nodiscard]] std::uint64_t busiest_window(const Provider& provider, Duration window);

/// The most calls that the provider worked on at the same time, among those that were answered in the end.
[[nodiscard]] std::uint64_t answered_at_once_max(const Provider& provider, const std::vector<Caller::Record>& records);

/// First beginning to last end.
[[nodiscard]] Duration span(const std::vector<Caller::Record>& records);

}  // namespace sim::models::services
