#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "libsim/harness/experiment/scenario_run.hpp"
#include "libsim/statistics/sample_summary.hpp"  // IWYU pragma: export
#include "models/littles_law_sides.hpp"
#include "models/resilience/actors/caller.hpp"

namespace sim::models::resilience {

/// How the requests of users ended.
struct Accounts {
  std::uint64_t sent = 0;
  std::uint64_t answered = 0;
  std::array<std::uint64_t, 6> failed{};  ///< by error class
  std::uint64_t in_flight = 0;            ///< as their sender knows them, not by subtraction
  LittlesLawSides sides;                  ///< of the open requests, and of the records

  Accounts& operator+=(const Accounts& other);
};

/// Up to `now`. The area under the number of open requests is in requests × seconds.
[[nodiscard]] Accounts accounts_of(const std::vector<CallRecord>& records, std::uint64_t open_count,
                                   double open_integral, Time now);

/// Of an actor that sends requests: a `Caller`, or a `DatabaseUser`.
template <class Sender>
[[nodiscard]] Accounts accounts_of(Simulation& simulation, Ref<Sender> sender) {
  const Sender& of = simulation.get(sender);
  return accounts_of(of.records(), of.open_count(), of.open_integral(), simulation.now());
}

/// Reports how many requests were sent and how they ended; the sum is asserted, and Little's law checked.
void report_accounts(harness::ScenarioRun& run, const Accounts& accounts);

/// Seconds from `begin` to `end`; NaN when there was no end.
[[nodiscard]] double seconds_between(Time begin, std::optional<Time> end);
/// Seconds since the start of the simulation; NaN for never.
[[nodiscard]] double seconds_at(std::optional<Time> at);

}  // namespace sim::models::resilience
