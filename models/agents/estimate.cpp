#include <fmt/format.h>

#include "models/agents/config.hpp"

namespace sim::models::agents {

std::optional<harness::WorkEstimate> estimate(std::string_view scenario, const Config& config) {
  constexpr double events_per_invocation = 11.0;
  const auto count = [](const char* parameter, double invocations, std::uint32_t value) {
    return harness::WorkEstimate{events_per_invocation * invocations, fmt::format("--{} {}", parameter, value)};
  };
  if (scenario == "parallel") {
    return count("team.rounds", 6.0 * config.teams.rounds_count, config.teams.rounds_count);
  }
  if (scenario == "percentiles") {
    return count("mix.invocations", config.mix.invocations_count, config.mix.invocations_count);
  }
  if (scenario == "concurrent") {
    return count("concurrent.invocations", config.concurrent.invocations_count, config.concurrent.invocations_count);
  }
  const double runs = scenario == "secure" ? 3.5 : 1.0;
  return count("loop.invocations", runs * config.loop_invocations_count, config.loop_invocations_count);
}

}  // namespace sim::models::agents
