#pragma once

#include <cstdint>
#include <string>

namespace sim {

/// One number of a run's result, as in `metrics.csv`.
struct MetricRow {
  std::string name;
  std::string unit;  ///< of `value`; from the name (`unit.hpp`), `count` for a number of observations
  std::string statistic;
  double value = 0.0;
  /// What stands behind the value: observations of a tally, changes of a gauge, counted events of a counter.
  std::uint64_t samples = 0;

  friend bool operator==(const MetricRow&, const MetricRow&) = default;
};

}  // namespace sim
