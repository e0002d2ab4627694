#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "actors/monitoring/performance_monitor_rules.hpp"

namespace sim::policies {

/// Metrics in groups: `build.compile_ms` and `build.bundle_ms` belong to the group `build`. A name without a dot is a
/// group of its own. Groups and the metrics in them are in the order of their names.
class PerformanceReport {
 public:
  struct Group {
    std::string name;
    std::vector<MetricSummary> metrics;

    friend bool operator==(const Group&, const Group&) = default;
  };

  /// The summaries may come in any order; each name comes once (asserted).
  explicit PerformanceReport(std::span<const MetricSummary> summaries);

  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }

  /// A table per group: count, min, mean, p50, p95, p99 and max of each metric, values with three decimals.
  [[nodiscard]] std::string to_text() const;

  /// `{"groups": [{"name": …, "metrics": [{"name": …, "count": …, "min": …, …}]}]}`, values with all their digits,
  /// names that are no UTF-8 with replacement characters.
  [[nodiscard]] std::string to_json() const;

 private:
  std::vector<Group> groups_;
};

/// What stands before the first dot, or everything when there is none.
[[nodiscard]] std::string_view metric_group(std::string_view metric);

}  // namespace sim::policies
