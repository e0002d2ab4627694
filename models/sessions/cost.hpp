#pragma once

#include <cstdint>

#include "libsim/harness/experiment/scenario_run.hpp"
#include "models/sessions/platform.hpp"

namespace sim::models::sessions {

/// What a platform used that has a price.
struct Usage {
  double container_hours = 0;        ///< from the request of each container until its end, or that of the scenario
  std::uint64_t queue_requests = 0;  ///< calls of the queues' API, by clients and containers

  Usage& operator+=(const Usage& other);
};

/// What was used so far.
[[nodiscard]] Usage usage(const Platform& platform);

/// Reports `container_hours`, `queue_requests`, and their `cost` at the prices of the configuration, in USD.
void report_cost(harness::ScenarioRun& run, const Config& config, const Usage& usage);

}  // namespace sim::models::sessions
