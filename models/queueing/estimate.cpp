#include <fmt/format.h>

#include "libsim/text/quoting.hpp"
#include "models/queueing/config.hpp"
#include "models/queueing/warm_up.hpp"

namespace sim::models::queueing {

std::optional<harness::WorkEstimate> estimate(std::string_view scenario, const Config& config) {
  constexpr double events_per_job = 4.0;
  const auto warm_up = parse_warm_up(config.warm_up);
  if (scenario == "trace" || !warm_up) {
    return std::nullopt;
  }
  // Of a warm-up that is a time it is known how many jobs come with the arrivals of a station.
  const double warm_up_jobs = warm_up->kind != WarmUpRule::Kind::time ? static_cast<double>(warm_up->jobs)
                              : scenario == "station" && config.sources == 0
                                  ? to_seconds(warm_up->time) / config.arrival.mean_s()
                                  : 0.0;
  return {{events_per_job * (static_cast<double>(config.jobs) + warm_up_jobs),
           fmt::format("--measured_jobs {} after --warm-up {}", config.jobs, shown(config.warm_up))}};
}

}  // namespace sim::models::queueing
