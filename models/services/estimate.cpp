#include <fmt/format.h>

#include "models/services/config.hpp"

namespace sim::models::services {

std::optional<harness::WorkEstimate> estimate(std::string_view scenario, const Config& config) {
  constexpr double events_per_call = 8.0;
  double operations = 0.0;
  for (const ProviderConfig& provider : config.providers) {
    operations += static_cast<double>(provider.operations.size());
  }
  if (scenario == "regression") {
    const auto& regression = config.regression;
    const bool is_measured = regression.baseline != Config::BaselineSource::stored;
    const double runs = 1.0 + regression.runs + (is_measured ? regression.baseline_runs : 0);
    return {
        {events_per_call * operations * regression.calls * runs,
         fmt::format("--regression.calls {} in --regression.runs {}{}", regression.calls, regression.runs,
                     is_measured ? fmt::format(" and --regression.baseline_runs {}", regression.baseline_runs) : "")}};
  }
  if (scenario == "monitor") {
    constexpr double shortest_call_s = 0.3;
    const auto& monitor = config.monitor;
    return {
        {2.0 * events_per_call * operations * to_seconds(monitor.duration) / (monitor.pause.mean_s() + shortest_call_s),
         fmt::format("--monitor.duration {} with --monitor.pause {}", to_text(monitor.duration),
                     to_text(monitor.pause))}};
  }
  return std::nullopt;
}

}  // namespace sim::models::services
