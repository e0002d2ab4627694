#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "libsim/failure.hpp"
#include "libsim/time.hpp"

namespace sim {

/// A level that holds from one change to the next, and its mean over time: a queue length, a number of busy servers.
///
/// The area under the level is summed in value × nanoseconds: with whole-number levels it is exact up to 2^53 of them
/// (100 messages for 25 hours); beyond that, and with other levels, every change adds one rounding error of a double.
/// Time is an argument and must not run backwards; a level is a finite number (both asserted).
class TimeWeighted {
 public:
  explicit TimeWeighted(Time start, double value = 0.0)
      : start_(start), since_(start), value_(value), minimum_(value), maximum_(value) {}

  void set(Time now, double value) {
    check(std::abs(value) <= magnitude_max, "a level is a finite number of magnitude at most 1e100");
    area_ += area_since_change(now);
    since_ = now;
    value_ = value;
    minimum_ = std::min(minimum_, value);
    maximum_ = std::max(maximum_, value);
  }

  /// Raises the level, or lowers it by a negative amount.
  void add(Time now, double amount) { set(now, value_ + amount); }

  [[nodiscard]] double value() const { return value_; }

  /// Lowest and highest level, those that were held for no time included.
  [[nodiscard]] double min() const { return minimum_; }
  [[nodiscard]] double max() const { return maximum_; }

  /// Area under the level up to `now`, in value × seconds.
  [[nodiscard]] double integral(Time now) const { return (area_ + area_since_change(now)) / nanoseconds_per_second; }

  /// How long the level has been observed, from the start or the last `reset`.
  [[nodiscard]] Duration observed(Time now) const { return now - start_; }

  /// Mean over the observed time; the current level while no time has passed.
  [[nodiscard]] double mean(Time now) const {
    const Duration elapsed = observed(now);
    return elapsed == Duration::zero() ? value_ : (area_ + area_since_change(now)) / as_double(elapsed);
  }

  /// Forgets the past, as at the end of a warm-up; the level stays.
  void reset(Time now) {
    check(now >= since_, "virtual time does not run backwards");
    *this = TimeWeighted(now, value_);
  }

  static constexpr double magnitude_max = 1e100;

 private:
  static constexpr double nanoseconds_per_second = 1e9;

  static double as_double(Duration duration) { return static_cast<double>(duration.count()); }

  [[nodiscard]] double area_since_change(Time now) const {
    check(now >= since_, "virtual time does not run backwards");
    return value_ * as_double(now - since_);
  }

  Time start_;
  Time since_;
  double value_;
  double area_ = 0.0;
  double minimum_;
  double maximum_;
};

}  // namespace sim
