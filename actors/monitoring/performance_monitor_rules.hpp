#pragma once

#include <boost/multi_index/identity.hpp>
#include <boost/multi_index/ranked_index.hpp>
#include <boost/multi_index_container.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sim::policies {

/// What the monitor tells about one metric. Percentiles are nearest rank: `ceil(p / 100 * count)`.
struct MetricSummary {
  std::string name;
  std::uint64_t count = 0;
  double min = 0;
  double max = 0;
  double average = 0;
  double p50 = 0;
  double p90 = 0;
  double p95 = 0;
  double p99 = 0;

  friend bool operator==(const MetricSummary&, const MetricSummary&) = default;
};

/// Records values by metric name and sums them up for a publisher, as the performance monitor of the platform does.
/// Both take a time that grows with the logarithm of the number of values.
class PerformanceMonitor {
 public:
  void record(const std::string& name, double value);

  [[nodiscard]] MetricSummary summary(const std::string& name) const;
  /// One summary per metric, in the order of the names.
  [[nodiscard]] std::vector<MetricSummary> summaries() const;
  /// Values recorded since the last call; what a publisher still has to be told.
  [[nodiscard]] std::uint64_t take_unpublished_count();

 private:
  /// Values in ascending order, of which each can be found by its rank.
  using Ascending = boost::multi_index_container<
      double,
      boost::multi_index::indexed_by<boost::multi_index::ranked_non_unique<boost::multi_index::identity<double>>>>;

  struct Values {
    Ascending ascending;
    double sum = 0;
  };

  [[nodiscard]] static MetricSummary summary(const std::string& name, const Values& values);

  std::map<std::string, Values> values_;
  std::uint64_t unpublished_count_ = 0;
};

}  // namespace sim::policies
