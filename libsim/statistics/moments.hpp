#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "libsim/failure.hpp"

namespace sim {

/// Count, sum, mean, variance and extremes of a stream of numbers in constant memory.
///
/// Squares are summed of the differences from the first value, the "shifted data" algorithm of Chan, Golub and LeVeque,
/// "Algorithms for Computing the Sample Variance", The American Statistician 37 (1983): it needs no division and no
/// second pass, and survives a large common offset. Because the shift is one of the values, it lies within √n standard
/// deviations of the mean, which bounds the cancellation. The mean is sum / count, hence exact whenever the sum is.
///
/// `add` asserts that a value is a number of magnitude at most `magnitude_max`, so that no square can overflow; the
/// queries assert that enough values are there.
class Moments {
 public:
  static constexpr double magnitude_max = 1e100;

  void add(double value) {
    check(std::abs(value) <= magnitude_max, "an observed value is a finite number of magnitude at most 1e100");
    if (count_ == 0) [[unlikely]] {
      shift_ = value;
    }
    const double shifted = value - shift_;
    ++count_;
    sum_ += value;
    shifted_sum_ += shifted;
    shifted_squares_ += shifted * shifted;
    minimum_ = std::min(minimum_, value);
    maximum_ = std::max(maximum_, value);
  }

  /// As if all values of `other` had been added too, up to rounding of sum and variance.
  void merge(const Moments& other) {
    if (other.count_ == 0) {
      return;
    }
    if (count_ == 0) {
      *this = other;
      return;
    }
    const double offset = other.shift_ - shift_;
    const double others = other.count_as_double();
    shifted_squares_ += other.shifted_squares_ + offset * (2.0 * other.shifted_sum_ + others * offset);
    shifted_sum_ += other.shifted_sum_ + others * offset;
    count_ += other.count_;
    sum_ += other.sum_;
    minimum_ = std::min(minimum_, other.minimum_);
    maximum_ = std::max(maximum_, other.maximum_);
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double sum() const { return sum_; }

  [[nodiscard]] double mean() const {
    check(count_ > 0, "a mean has at least one sample");
    return sum_ / count_as_double();
  }

  /// Divided by n - 1.
  [[nodiscard]] double variance() const {
    check(count_ > 1, "a sample variance has at least two samples");
    const double n = count_as_double();
    const double squares = shifted_squares_ - shifted_sum_ * (shifted_sum_ / n);
    return std::max(squares, 0.0) / (n - 1.0);  // rounding may leave a little less than nothing
  }

  /// Square root of the sample variance (n - 1).
  [[nodiscard]] double standard_deviation() const { return std::sqrt(variance()); }

  [[nodiscard]] double min() const {
    check(count_ > 0, "a minimum has at least one sample");
    return minimum_;
  }

  [[nodiscard]] double max() const {
    check(count_ > 0, "a maximum has at least one sample");
    return maximum_;
  }

 private:
  // Through the signed type, whose conversion is a single instruction.
  [[nodiscard]] double count_as_double() const { return static_cast<double>(static_cast<std::int64_t>(count_)); }

  std::uint64_t count_ = 0;
  double sum_ = 0.0;
  double shift_ = 0.0;  // the first value
  double shifted_sum_ = 0.0;
  double shifted_squares_ = 0.0;
  double minimum_ = std::numeric_limits<double>::infinity();
  double maximum_ = -std::numeric_limits<double>::infinity();
};

}  // namespace sim
