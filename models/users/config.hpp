#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "actors/database/database.hpp"
#include "actors/faults/fault_injector.hpp"
#include "actors/faults/link.hpp"
#include "actors/server/server.hpp"
#include "libsim/harness/experiment/parameters.hpp"
#include "libsim/harness/experiment/work_estimate.hpp"
#include "models/users/actors/application.hpp"
#include "models/users/actors/pooled_database.hpp"
#include "models/users/actors/user.hpp"
#include "models/users/actors/write_queue.hpp"
#include "models/users/agents.hpp"

namespace sim::models::users {

/// Everything that can be set about the workflow application, its users and the scenarios.
struct Config {
  std::uint32_t users_count = 100;
  User::Habits habits;
  actors::LinkConfig network = {.latency = lognormal_p50_p99(10ms, 60ms), .rules = {.keeps_order = false}};

  std::uint32_t application_cores = 4;
  Application::Config application;
  WriteQueue::Config writes;
  Agents::Config agents;

  actors::Database::Config database;
  std::uint32_t database_cores = 2;  ///< of each node
  Distribution query_cpu_time = lognormal_p50_p99(500us, 4ms);
  policies::ConnectionPool::Config pool;  ///< of each of the two
  bool evicts_on_failure = false;
  Distribution connect_time = lognormal_p50_p99(15ms, 80ms);
  calls::Retry::Config query_retry;

  struct ReadHeavy {
    std::uint32_t reads_count = 50;  ///< of each user
  } read_heavy;

  struct WriteHeavy {
    std::uint32_t writes_count = 20;  ///< of each user
  } write_heavy;

  struct RampUp {
    Duration duration = 10s;
  } ramp_up;

  struct Sustained {
    std::uint32_t users_count = 50;
    Duration duration = 30s;
  } sustained;

  struct Spike {
    std::uint32_t users_before = 10;
    Duration begins_at = 10s;
    Duration duration = 10s;
    Duration ends_at = 30s;  ///< of the scenario
  } spike;

  Duration run_limit = 10min;  ///< a scenario is cut off then

  policies::FaultSchedule faults;  ///< times count from the start of a scenario

  Config();
};

/// What faults may be aimed at: `primary`, `replica-1` to the last of them, `network` and `agents`.
[[nodiscard]] actors::FaultInjector::Targets fault_targets(const Config& config);

/// Declares every parameter, bound to `config`.
void describe(harness::Parameters& parameters, Config& config);

/// Refuses values that contradict each other.
[[nodiscard]] Expected<void> validate(const Config& config);

/// About how many events a scenario has.
[[nodiscard]] std::optional<harness::WorkEstimate> estimate(std::string_view scenario, const Config& config);

}  // namespace sim::models::users
