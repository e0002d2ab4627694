#pragma once

#include <vector>

#include "actors/monitoring/performance_monitor_rules.hpp"
#include "libsim/time.hpp"

namespace sim::actors {

/// What a metrics service says to a batch.
struct MetricsStored {
  bool accepted = true;
  Duration retry_after{};  ///< of a batch that was not accepted

  friend bool operator==(const MetricsStored&, const MetricsStored&) = default;
};

/// One request to a metrics service: a batch.
struct StoreMetrics {
  using Reply = MetricsStored;
  std::vector<policies::MetricSummary> metrics;

  friend bool operator==(const StoreMetrics&, const StoreMetrics&) = default;
};

}  // namespace sim::actors
