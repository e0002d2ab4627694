#include "actors/monitoring/performance_monitor_rules.hpp"

#include <utility>

#include "libsim/statistics/order_statistics.hpp"

namespace sim::policies {

void PerformanceMonitor::record(const std::string& name, double value) {
  Values& values = values_[name];
  values.ascending.insert(value);
  values.sum += value;
  ++unpublished_count_;
}

MetricSummary PerformanceMonitor::summary(const std::string& name) const {
  const auto recorded = values_.find(name);
  return recorded == values_.end() ? MetricSummary{.name = name} : summary(name, recorded->second);
}

MetricSummary PerformanceMonitor::summary(const std::string& name, const Values& values) {
  const auto& ascending = values.ascending;
  const auto percentile = [&](double percent) { return *ascending.nth(nearest_rank(percent, ascending.size()) - 1); };
  return {.name = name,
          .count = ascending.size(),
          .min = *ascending.begin(),
          .max = *ascending.rbegin(),
          .average = values.sum / static_cast<double>(ascending.size()),
          .p50 = percentile(50),
          .p90 = percentile(90),
          .p95 = percentile(95),
          .p99 = percentile(99)};
}

std::vector<MetricSummary> PerformanceMonitor::summaries() const {
  std::vector<MetricSummary> summaries;
  summaries.reserve(values_.size());
  for (const auto& [name, values] : values_) {
    summaries.push_back(summary(name, values));
  }
  return summaries;
}

std::uint64_t PerformanceMonitor::take_unpublished_count() { return std::exchange(unpublished_count_, 0); }

}  // namespace sim::policies
