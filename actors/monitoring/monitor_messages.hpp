#pragma once

#include <string>
#include <vector>

#include "actors/monitoring/performance_monitor_rules.hpp"

namespace sim::actors {

/// One measured value for the monitor.
struct RecordMetric {
  std::string name;  ///< with its unit, as in `message_time_ms`
  double value = 0;

  friend bool operator==(const RecordMetric&, const RecordMetric&) = default;
};

/// The monitor's figures, handed to a publisher.
struct PublishMetrics {
  std::vector<policies::MetricSummary> summaries;

  friend bool operator==(const PublishMetrics&, const PublishMetrics&) = default;
};

}  // namespace sim::actors
