#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "libsim/harness/experiment/scenario_run.hpp"
#include "libsim/statistics/sample_summary.hpp"  // IWYU pragma: export
#include "models/sessions/platform.hpp"

namespace sim::models::sessions {

/// What the clients' records say about a set of messages. Interrupted ones are in neither of the two.
struct MessageTimes {
  std::vector<double> times_s;  ///< send to reply in ascending order; the timeout when there was none in time
  std::uint64_t answered_in_time = 0;
};

/// Sums up every message of every client. A message that was not answered within `timeout` counts with it.
[[nodiscard]] MessageTimes message_times(const Platform& platform, Duration timeout);

/// Starts the platform; warns when containers are still not ready after its limit.
void start(harness::ScenarioRun& run, Platform& platform);

/// What became of all messages.
struct Accounts {
  std::uint64_t sent = 0;
  std::array<std::uint64_t, policies::all_outcomes.size()> ended{};  ///< by outcome
  std::uint64_t in_flight = 0;

  Accounts& operator+=(const Accounts& other);
};

/// Warns when the ledger had another number of open messages over time than the clients' clocks say.
void check_littles_law(harness::ScenarioRun& run, const Platform& platform);

/// Warns when messages took longer and longer, in the order in which they were sent. Interrupted ones tell nothing.
void check_steady(harness::ScenarioRun& run, const Platform& platform);

/// The accounts of a platform at its end, after checking that every message ended or was found on a walk, and Little's
/// law. Warns of faults that the scenario did not live to see, and of those that found nobody.
[[nodiscard]] Accounts accounts(harness::ScenarioRun& run, const Platform& platform);

/// Reports what every scenario has: messages sent, how they ended, and those in flight.
void report_accounts(harness::ScenarioRun& run, const Accounts& accounts);

/// Reports `message_time_p50` and `message_time_p99`.
void report_message_times(harness::ScenarioRun& run, const MessageTimes& times);

}  // namespace sim::models::sessions
