#include <fmt/format.h>

#include "models/resilience/config.hpp"

namespace sim::models::resilience {

namespace {

harness::WorkEstimate estimate_metastable(const Config::Metastable& script) {
  constexpr double events_per_request = 10.0;
  const double steps_up = 1.0 + (script.ramp_rate_last_per_s - script.ramp_rate_first_per_s) / script.ramp_step_per_s;
  const double ramp = (2.0 * steps_up - 1.0) * to_seconds(script.ramp_step_duration) *
                      (script.ramp_rate_first_per_s + script.ramp_rate_last_per_s) / 2.0;
  const double spike =
      script.rate_per_s * to_seconds(script.duration) + script.spike_rate_per_s * to_seconds(script.spike_duration);
  return ramp > spike
             ? harness::WorkEstimate{events_per_request * (ramp + spike),
                                     fmt::format("--metastable.ramp_rate_first {} to --metastable.ramp_rate_last {} by "
                                                 "--metastable.ramp_step {} each --metastable.ramp_step_duration {}",
                                                 script.ramp_rate_first_per_s, script.ramp_rate_last_per_s,
                                                 script.ramp_step_per_s, to_text(script.ramp_step_duration))}
             : harness::WorkEstimate{events_per_request * (ramp + spike),
                                     fmt::format("--metastable.rate {} for --metastable.duration {} and "
                                                 "--metastable.spike_rate {} for --metastable.spike_duration {}",
                                                 script.rate_per_s, to_text(script.duration), script.spike_rate_per_s,
                                                 to_text(script.spike_duration))};
}

harness::WorkEstimate estimate_cascade(const Config::Cascade& cascade) {
  constexpr double events_per_request = 15.0;
  return {events_per_request * (cascade.rate_a_per_s + cascade.rate_b_per_s) * to_seconds(cascade.duration),
          fmt::format("--cascade.rate_a {} and --cascade.rate_b {} for --cascade.duration {}", cascade.rate_a_per_s,
                      cascade.rate_b_per_s, to_text(cascade.duration))};
}

/// Of the scenarios with one service behind a breaker.
harness::WorkEstimate estimate_service(const Config& config, double duration_s, const std::string& durations) {
  constexpr double events_per_request = 7.0;
  return {events_per_request * config.service.rate_per_s * duration_s,
          fmt::format("--service.rate {} for {}", config.service.rate_per_s, durations)};
}

}  // namespace

std::optional<harness::WorkEstimate> estimate(std::string_view scenario, const Config& config) {
  if (scenario == "metastable") {
    return estimate_metastable(config.metastable);
  }
  if (scenario == "cascade") {
    return estimate_cascade(config.cascade);
  }
  if (scenario == "breaker") {
    const Duration duration = config.breaker_scenario.duration;
    return estimate_service(config, to_seconds(duration),
                            fmt::format("--breaker_scenario.duration {}", to_text(duration)));
  }
  if (scenario == "recovery") {
    const auto& [outages, length, pause] = config.recovery;
    const double median_s = to_seconds(length.quantile(0.5));  // the mean may be infinite
    return estimate_service(
        config, outages * (median_s + 2 * to_seconds(pause)),
        fmt::format("--recovery.outages {} with --recovery.pause {} and --recovery.outage_duration {}", outages,
                    to_text(pause), to_text(length)));
  }
  if (scenario == "intermittent") {
    const auto& [probability, duration, stable] = config.intermittent;
    return estimate_service(config, to_seconds(duration) + to_seconds(stable),
                            fmt::format("--intermittent.duration {} and --intermittent.stable_duration {}",
                                        to_text(duration), to_text(stable)));
  }
  return std::nullopt;
}

}  // namespace sim::models::resilience
