#include "models/agents/config.hpp"

#include <fmt/format.h>

namespace sim::models::agents {

const actors::Agent::Config& config_of(const Config& config, Kind kind) {
  return kind == Kind::fast ? config.fast : kind == Kind::medium ? config.medium : config.slow;
}

Expected<void> validate(const Config& config) {
  if (config.mix.medium_share + config.mix.slow_share > 1) {
    return unexpected(
        fmt::format("--mix.slow_share {}: expected at most 1 together with --mix.medium_share, which is {}",
                    config.mix.slow_share, config.mix.medium_share));
  }
  return {};
}

}  // namespace sim::models::agents
