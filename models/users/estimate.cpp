#include <fmt/format.h>

#include "models/users/config.hpp"

namespace sim::models::users {

namespace {

constexpr double events_per_read = 18.0;
constexpr double events_per_write = 15.0;
constexpr double events_per_stage = 36.0;

double events_per_workflow(const Config& config) { return events_per_stage * (config.habits.stages_count + 2.0); }

/// A user begins another workflow as long as the scenario lasts: a stage takes about as long as its agent.
double events_of_user_within(Duration duration, const Config& config) {
  const double workflow_s = config.habits.think_time.mean_s() +
                            config.habits.stages_count * (config.agents.latency.mean_s() + to_seconds(50ms));
  return events_per_workflow(config) * (1.0 + to_seconds(duration) / workflow_s);
}

}  // namespace

std::optional<harness::WorkEstimate> estimate(std::string_view scenario, const Config& config) {
  const std::uint32_t users = config.users_count;
  if (scenario == "read_heavy") {
    const std::uint32_t reads = config.read_heavy.reads_count;
    return {{events_per_read * users * reads, fmt::format("--users {} and --read_heavy.reads {}", users, reads)}};
  }
  if (scenario == "write_heavy") {
    const std::uint32_t writes = config.write_heavy.writes_count;
    return {{events_per_write * users * writes, fmt::format("--users {} and --write_heavy.writes {}", users, writes)}};
  }
  if (scenario == "ramp_up") {
    const Duration duration = config.ramp_up.duration;
    return {{users * events_of_user_within(duration, config) / 2,
             fmt::format("--users {} and --ramp_up.duration {}", users, to_text(duration))}};
  }
  if (scenario == "sustained") {
    const auto& [sustained_users, duration] = config.sustained;
    return {{sustained_users * events_of_user_within(duration, config),
             fmt::format("--sustained.users {} and --sustained.duration {}", sustained_users, to_text(duration))}};
  }
  if (scenario == "spike") {
    const auto& [before, begins_at, duration, ends_at] = config.spike;
    return {{before * events_of_user_within(ends_at, config) + users * events_of_user_within(duration, config),
             fmt::format("--users {} for --spike.duration {} and --spike.users_before {} until --spike.ends_at {}",
                         users, to_text(duration), before, to_text(ends_at))}};
  }
  return {{events_per_workflow(config) * users,
           fmt::format("--users {} and --workflow.stages {}", users, config.habits.stages_count)}};
}

}  // namespace sim::models::users
