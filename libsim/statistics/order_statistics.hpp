#pragma once

#include <cstdint>
#include <span>

#include "libsim/expected.hpp"
#include "libsim/statistics/interval.hpp"

namespace sim {

/// Rank, counted from 1, of the nearest-rank percentile among `count` sorted samples: ceil(percent / 100 × count), and
/// 1 for percent 0. Computed in whole numbers from `percent` read to a millionth, so that the 99.9th of 1000 is the
/// 999th although 99.9 is no binary fraction. Asserts 0 <= percent <= 100 and count > 0.
[[nodiscard]] std::uint64_t nearest_rank(double percent, std::uint64_t count);

/// The nearest-rank percentile: always one of the samples, never interpolated. `sorted` is in ascending order and not
/// empty (the latter asserted).
[[nodiscard]] double percentile(std::span<const double> sorted, double percent);

/// A percentile and a distribution-free confidence interval for it; the bounds are samples too.
struct QuantileInterval {
  double quantile = 0.0;
  double lower = 0.0;
  double upper = 0.0;
  std::uint64_t samples = 0;
  double confidence = confidence_default;  ///< what was asked for
  double coverage = 0.0;                   ///< what the chosen ranks give, at least `confidence`

  friend bool operator==(const QuantileInterval&, const QuantileInterval&) = default;
};

/// Interval between two order statistics whose ranks follow from the binomial distribution, with at most
/// (1 - confidence) / 2 in each tail. The samples are independent, of a continuous distribution, in ascending order.
/// An error says when there are too few of them for this percentile and confidence, or when `percent` is not strictly
/// between 0 and 100. Source: David and Nagaraja, Order Statistics, 3rd ed. (2003), chapter 7.
[[nodiscard]] Expected<QuantileInterval> quantile_interval(std::span<const double> sorted, double percent,
                                                           double confidence = confidence_default);

}  // namespace sim
