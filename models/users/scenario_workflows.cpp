#include <fmt/format.h>

#include <vector>

#include "models/users/measures.hpp"
#include "models/users/scenarios.hpp"

namespace sim::models::users {

namespace {

constexpr std::uint64_t until_the_end = 0xffff'ffff;

void run_workflows(harness::ScenarioRun& run, const Config& config, const std::vector<User::Config>& users) {
  System system(run.simulation(), config, users);
  run_all(run, system);
  report_workflows(run, system, config.habits.timeout);
  report_reads(run, system);
  report_resources(run, system);
}

}  // namespace

void full_workflow(harness::ScenarioRun& run, const Config& config) {
  run_workflows(run, config, std::vector<User::Config>(config.users_count));
}

void ramp_up(harness::ScenarioRun& run, const Config& config) {
  std::vector<User::Config> users(config.users_count);
  for (std::uint32_t number = 0; number < config.users_count; ++number) {
    users[number].starts_after = config.ramp_up.duration * number / config.users_count;
    users[number].repetitions_max = until_the_end;
    users[number].no_start_after = config.ramp_up.duration;
  }
  run_workflows(run, config, users);
}

void sustained(harness::ScenarioRun& run, const Config& config) {
  User::Config user;
  user.repetitions_max = until_the_end;
  user.no_start_after = config.sustained.duration;
  run_workflows(run, config, std::vector<User::Config>(config.sustained.users_count, user));
}

void spike(harness::ScenarioRun& run, const Config& config) {
  std::vector<User::Config> users(config.users_count);
  for (std::uint32_t number = 0; number < config.users_count; ++number) {
    const bool stays = number < config.spike.users_before;
    users[number].repetitions_max = until_the_end;
    users[number].starts_after = stays ? 0s : config.spike.begins_at;
    users[number].no_start_after = stays ? config.spike.ends_at : config.spike.begins_at + config.spike.duration;
  }
  if (config.users_count <= config.spike.users_before) {
    run.warn(fmt::format("no spike: --spike.users_before is {}, and --users only {}", config.spike.users_before,
                         config.users_count));
  }
  System system(run.simulation(), config, users);
  run_all(run, system);
  const Duration timeout = config.habits.timeout;
  const Duration spike_ends_at = config.spike.begins_at + config.spike.duration;
  report_workflows(run, system, timeout);
  report_response_p95(run, system, timeout, "response_p95_before", 0s, config.spike.begins_at);
  report_response_p95(run, system, timeout, "response_p95_spike", config.spike.begins_at, spike_ends_at);
  report_response_p95(run, system, timeout, "response_p95_after", spike_ends_at, forever);
  report_reads(run, system);
  report_resources(run, system);
}

}  // namespace sim::models::users
