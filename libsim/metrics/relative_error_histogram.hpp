#pragma once

#include <cstdint>
#include <memory>
#include <span>

namespace sim {

/// Counts any number of values in bins of bounded relative width, so that order statistics can be read from them.
///
/// A bin is made of all values that share sign, exponent and the first 7 bits of the mantissa; its width is at most
/// 1/128 of its lower magnitude, and its midpoint is within 0.4 % (1/256) of every value in it. Values of magnitude
/// below 2^-64 (5.4e-20) share one bin around 0. Only the bits of a double are read, no logarithm is taken: the bins,
/// and hence all answers, are the same on every machine. Memory grows with the range of the values: 1 KiB for each
/// factor of 2 between the smallest and the largest magnitude, 0 counting as 2^-64.
class RelativeErrorHistogram {
 public:
  RelativeErrorHistogram();
  RelativeErrorHistogram(const RelativeErrorHistogram& other);
  RelativeErrorHistogram(RelativeErrorHistogram&& other) noexcept;
  RelativeErrorHistogram& operator=(const RelativeErrorHistogram& other);
  RelativeErrorHistogram& operator=(RelativeErrorHistogram&& other) noexcept;
  ~RelativeErrorHistogram();

  static constexpr double relative_error_max = 1.0 / 256.0;

  /// The values are of magnitude at most `Moments::magnitude_max` (asserted, before any of them is counted).
  void add(std::span<const double> values);

  /// As if all values of `other` had been added.
  void merge(const RelativeErrorHistogram& other);

  /// Midpoint of the bin that holds the `rank`-th smallest value, counted from 1. Asserts that there are as many
  /// values.
  [[nodiscard]] double value_at_rank(std::uint64_t rank) const;

 private:
  struct Bins;
  std::unique_ptr<Bins> bins_;  // keeps Boost.Histogram out of this header
};

}  // namespace sim
