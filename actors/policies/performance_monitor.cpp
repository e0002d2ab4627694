#include "actors/policies/performance_monitor.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "libsim/statistics/order_statistics.hpp"

namespace sim::policies {

void PerformanceMonitor::record(const std::string& name, double value) {
  values_[name].push_back(value);
  ++unpublished_count_;
}

MetricSummary PerformanceMonitor::summary(const std::string& name) const {
  MetricSummary summary{.name = name};
  const auto recorded = values_.find(name);
  if (recorded == values_.end()) {
    return summary;
  }
  std::vector<double> ascending = recorded->second;
  std::sort(ascending.begin(), ascending.end());
  summary.count = ascending.size();
  summary.min = ascending.front();
  summary.max = ascending.back();
  summary.average = std::accumulate(ascending.begin(), ascending.end(), 0.0) / static_cast<double>(ascending.size());
  summary.p50 = percentile(ascending, 50);
  summary.p90 = percentile(ascending, 90);
  summary.p95 = percentile(ascending, 95);
  summary.p99 = percentile(ascending, 99);
  return summary;
}

std::vector<MetricSummary> PerformanceMonitor::summaries() const {
  std::vector<MetricSummary> summaries;
  summaries.reserve(values_.size());
  for (const auto& [name, values] : values_) {
    summaries.push_back(summary(name));
  }
  return summaries;
}

std::uint64_t PerformanceMonitor::take_unpublished_count() { return std::exchange(unpublished_count_, 0); }

}  // namespace sim::policies
