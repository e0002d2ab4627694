#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "libsim/time.hpp"

namespace sim {

/// A sum of durations: the waits of all jobs, the work of all servers. Each is within 292 years, their sum need not be;
/// this one is exact for 2^64 of them.
class DurationSum {
 public:
  DurationSum() = default;
  template <class Rep, class Period>
  DurationSum(std::chrono::duration<Rep, Period> first)  // NOLINT(google-explicit-constructor): a sum of one
      : nanoseconds_(Duration(first).count()) {}

  DurationSum& operator+=(const DurationSum& other) {
    nanoseconds_ += other.nanoseconds_;
    return *this;
  }

  /// Adds the same duration several times, as of servers that were busy together.
  void add(Duration duration, std::uint64_t times) { nanoseconds_ += Wide{duration.count()} * Wide{times}; }

  /// The sum where a duration holds it, else the longest one.
  [[nodiscard]] Duration nearest() const {
    return Duration(
        static_cast<std::int64_t>(std::clamp<Wide>(nanoseconds_, Duration::min().count(), Duration::max().count())));
  }

  /// In seconds, for metrics and output only.
  friend double to_seconds(const DurationSum& sum) { return static_cast<double>(sum.nanoseconds_) * 1e-9; }

  /// The mean of `count` durations, in whole nanoseconds towards zero.
  friend Duration operator/(const DurationSum& sum, std::uint64_t count) {
    DurationSum mean;
    mean.nanoseconds_ = sum.nanoseconds_ / count;
    return mean.nearest();
  }

  friend bool operator==(const DurationSum& left, const DurationSum& right) {
    return left.nanoseconds_ == right.nanoseconds_;
  }

 private:
  __extension__ using Wide = __int128;

  Wide nanoseconds_ = 0;
};

}  // namespace sim
