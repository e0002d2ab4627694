#include <fmt/format.h>

#include "models/sessions/config.hpp"

namespace sim::models::sessions {

namespace {

constexpr double events_per_message = 40.0;
constexpr double events_per_poll = 3.0;  // of a queue by its container

double polls_within(double duration_s, const Config& config) {
  return config.sessions_count * duration_s / to_seconds(config.container.long_poll);
}

}  // namespace

std::optional<harness::WorkEstimate> estimate(std::string_view scenario, const Config& config) {
  const Config::Hourly& hourly = config.hourly;
  if (scenario != "hourly") {
    return std::nullopt;
  }
  if (!hourly.arrivals.empty()) {
    const double duration_s = to_seconds(hourly.arrivals.at.back()) / hourly.arrivals_speed;
    return {{events_per_message * static_cast<double>(hourly.arrivals.size()) +
                 events_per_poll * polls_within(duration_s, config),
             fmt::format("--arrivals, which take {:.4g} s at --arrivals.speed {}, with --sessions {}", duration_s,
                         hourly.arrivals_speed, config.sessions_count)}};
  }
  return {
      {events_per_message * hourly.messages_count + events_per_poll * polls_within(to_seconds(hourly.duration), config),
       fmt::format("--hourly.messages {} within --hourly.duration {} of --sessions {}", hourly.messages_count,
                   to_text(hourly.duration), config.sessions_count)}};
}

}  // namespace sim::models::sessions
