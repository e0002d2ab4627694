#pragma once

#include <cstdint>

#include "libsim/statistics/time_weighted.hpp"

namespace sim {

/// A level and its mean over time: set it whenever it changes. It is 0 when created.
///
/// All statistics run from creation, or from the last `reset_statistics`, up to the time of the query;
/// `time_weighted.hpp` says how exact they are. The clock outlives the gauge. Not copyable: a copy would be set apart
/// from the metric that is reported.
class Gauge {
 public:
  explicit Gauge(const Time* clock) : clock_(clock), level_(*clock) {}
  Gauge(const Gauge&) = delete;
  Gauge& operator=(const Gauge&) = delete;

  void set(double value) {
    level_.set(*clock_, value);
    ++changes_;
  }

  /// Raises the level, or lowers it by a negative amount.
  void add(double amount) { set(value() + amount); }

  [[nodiscard]] double value() const { return level_.value(); }
  [[nodiscard]] double min() const { return level_.min(); }
  [[nodiscard]] double max() const { return level_.max(); }
  [[nodiscard]] double mean() const { return level_.mean(*clock_); }

  /// Area under the level, in value × seconds.
  [[nodiscard]] double integral() const { return level_.integral(*clock_); }
  [[nodiscard]] Duration observed() const { return level_.observed(*clock_); }

  /// How often the level was set.
  [[nodiscard]] std::uint64_t changes() const { return changes_; }

  /// Forgets the past, as at the end of a warm-up; the level stays.
  void reset_statistics() {
    level_.reset(*clock_);
    changes_ = 0;
  }

 private:
  const Time* clock_;
  TimeWeighted level_;
  std::uint64_t changes_ = 0;
};

}  // namespace sim
