#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "libsim/metrics/relative_error_histogram.hpp"
#include "libsim/statistics/moments.hpp"

namespace sim {

/// Statistics of observations, each of which counts the same: waiting times, sizes.
///
/// Up to `exact_samples_max` observations are kept and percentiles are exact. From the next one on they are counted in
/// a `RelativeErrorHistogram`, which answers percentiles within 0.4 %; everything else is as exact as before.
///
/// An observation that is not a finite number of magnitude at most 1e100 is a bug (asserted). So is a query that the
/// number of observations leaves undefined: ask `count()` or `empty()` first.
///
/// Percentiles sort a copy on demand: a tally, even a const one, belongs to one thread.
class Tally {
 public:
  static constexpr std::size_t exact_samples_max = 65'536;

  void add(double value) {
    moments_.add(value);
    if (samples_.size() == samples_max_) [[unlikely]] {
      move_samples_to_histogram();
    }
    samples_.push_back(value);
  }

  /// As if all observations of `other` had been added. Exact while both fit into `exact_samples_max`, otherwise the
  /// histogram takes over. Mean and standard deviation are those of all observations up to rounding.
  void merge(const Tally& other);

  [[nodiscard]] std::uint64_t count() const { return moments_.count(); }
  [[nodiscard]] bool empty() const { return count() == 0; }
  [[nodiscard]] double sum() const { return moments_.sum(); }
  [[nodiscard]] double mean() const { return moments_.mean(); }

  /// Of a sample: divided by n - 1. Needs two observations.
  [[nodiscard]] double standard_deviation() const { return moments_.standard_deviation(); }
  [[nodiscard]] double min() const { return moments_.min(); }
  [[nodiscard]] double max() const { return moments_.max(); }
  [[nodiscard]] const Moments& moments() const { return moments_; }

  /// Nearest-rank percentile, 0 <= percent <= 100: the ceil(percent / 100 × n)-th smallest observation. When no longer
  /// exact, a number within 0.4 % of it, between min and max, which themselves stay exact.
  [[nodiscard]] double percentile(double percent) const;

  /// Whether percentiles are still exact.
  [[nodiscard]] bool exact() const { return !histogram_.has_value(); }

  /// All observations in the order of adding. Asserts `exact()`.
  [[nodiscard]] std::span<const double> samples() const;

  /// Forgets everything, as at the end of a warm-up.
  void reset_statistics() { *this = Tally{}; }

 private:
  // How many observations wait until they are counted together: few enough to stay in the first-level cache.
  static constexpr std::size_t pending_samples_max = 1'024;

  void move_samples_to_histogram() const;
  [[nodiscard]] std::span<const double> sorted_samples() const;

  Moments moments_;
  // All observations while exact, then those not yet counted. They may be counted at any time, also by a const query:
  // counts are whole numbers, so that no answer depends on when.
  mutable std::vector<double> samples_;
  mutable std::size_t samples_max_ = exact_samples_max;
  mutable std::optional<RelativeErrorHistogram> histogram_;
  mutable std::vector<double> sorted_;  // up to date when it has as many elements as samples_
};

}  // namespace sim
