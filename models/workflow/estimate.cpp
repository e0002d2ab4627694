#include <fmt/format.h>

#include "models/workflow/config.hpp"

namespace sim::models::workflow {

std::optional<harness::WorkEstimate> estimate(std::string_view scenario, const Config& config) {
  constexpr double events_per_session = 120.0;
  if (scenario == "sustained") {
    const auto& load = config.sustained;
    return {{events_per_session * load.sessions_per_minute * load.minutes,
             fmt::format("--sustained.sessions_per_minute {} for --sustained.minutes {}", load.sessions_per_minute,
                         load.minutes)}};
  }
  return std::nullopt;
}

}  // namespace sim::models::workflow
