#include "models/sessions/config.hpp"

#include <fmt/format.h>

#include "models/contradiction.hpp"

namespace sim::models::sessions {

Config::Config() { queue.rules.max_receive_count = 3; }

actors::FaultInjector::Targets fault_targets(const Config& config) {
  actors::FaultInjector::Targets targets;
  targets["language-model"].takes = actors::LanguageModel::faults();
  for (std::uint32_t container = 0; container < config.containers_count; ++container) {
    targets[fmt::format("container-{}", container)].takes = {policies::FaultKind::kill};
  }
  return targets;
}

Expected<void> validate(const Config& config) {
  if (auto faults = actors::FaultInjector::validate({config.faults, fault_targets(config)}); !faults) {
    return faults;
  }
  if (config.sessions_count < config.containers_count) {
    return unexpected(fmt::format("--containers {}: expected at most as many as --sessions, which is {}",
                                  config.containers_count, config.sessions_count));
  }
  if (config.container.heartbeats && config.queue.rules.visibility_timeout <= config.container.heartbeat_interval) {
    return unexpected(
        fmt::format("--queue.heartbeat_interval {}: expected less than --queue.visibility_timeout, which is {}",
                    to_text(config.container.heartbeat_interval), to_text(config.queue.rules.visibility_timeout)));
  }
  const auto& restart = config.orchestrator.restart;
  return check_at_most("restart.initial_delay", restart.initial_delay, "restart.delay_max", restart.delay_max);
}

}  // namespace sim::models::sessions
