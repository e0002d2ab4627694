#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "libsim/harness/experiment/scenario_run.hpp"
#include "libsim/statistics/sample_summary.hpp"  // IWYU pragma: export
#include "models/agents/actors/caller.hpp"
#include "models/agents/office.hpp"
#include "models/littles_law_sides.hpp"

namespace sim::models::agents {

/// How the invocations of a caller went.
struct Invocations {
  std::vector<double> times_ms;           ///< asked to ended, ascending; of those answered, and of the timed out
  std::vector<double> times_in_order_ms;  ///< the same in the order of asking
  double elapsed_s = 0;                   ///< from the first question to the last end
  std::array<std::uint64_t, 5> ends{};    ///< by `Caller::End`
  std::uint64_t in_flight = 0;            ///< found on a walk
  std::uint64_t from_cache = 0;
  double waited_ms_mean = 0;  ///< for a worker, of those that an agent answered
  double worked_ms_mean = 0;
  std::uint64_t asked = 0;            ///< counted by the orchestrator when they came in
  std::uint64_t in_progress_max = 0;  ///< observed, as the following
  double waiting_max = 0;
  double busy_workers_max = 0;
  double worker_utilisation_percent = 0;
  LittlesLawSides sides;  ///< of the orchestrator, and of the clocks of the caller

  /// Adds how those of another caller ended.
  void add_ends(const Invocations& other);
  [[nodiscard]] std::uint64_t count() const;
  [[nodiscard]] std::uint64_t ended(Caller::End end) const { return ends[static_cast<std::size_t>(end)]; }
};

/// Lets a caller of `config` invoke the agents of an office until all is quiet, and sums up. Checks that every
/// invocation has ended or is in progress at the orchestrator.
[[nodiscard]] Invocations call(Simulation& simulation, const Config& config, Caller::Config caller_config);

/// A caller of one agent.
[[nodiscard]] Caller::Config caller_of(const Config& config, Kind agent);

/// Reports the mean, the 95th percentile and where the time went.
void report_times(harness::ScenarioRun& run, const Invocations& invocations);

/// Reports the most that was seen at one time, and how busy the workers were.
void report_peaks(harness::ScenarioRun& run, const Invocations& invocations);

/// Reports the invocations and how they ended. Checks Little's law, but not where the caller gave up: there the
/// invocation goes on without it.
void report_accounts(harness::ScenarioRun& run, const Invocations& invocations);

}  // namespace sim::models::agents
