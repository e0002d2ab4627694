#pragma once

#include <cstdint>
#include <span>

#include "libsim/expected.hpp"
#include "libsim/statistics/moments.hpp"

namespace sim {

inline constexpr double confidence_default = 0.95;

/// A two-sided confidence interval of a mean: over many repetitions, the share `confidence` of such intervals contains
/// the true mean.
struct Interval {
  double mean = 0.0;
  double half_width = 0.0;      ///< t quantile × standard error
  double standard_error = 0.0;  ///< standard deviation of the samples / √samples
  std::uint64_t samples = 0;    ///< independent ones: replications or batches
  double confidence = confidence_default;

  [[nodiscard]] double lower() const { return mean - half_width; }
  [[nodiscard]] double upper() const { return mean + half_width; }
  [[nodiscard]] bool contains(double value) const { return lower() <= value && value <= upper(); }

  friend bool operator==(const Interval&, const Interval&) = default;
};

/// The error names the value unless 0 < confidence < 1.
[[nodiscard]] Expected<void> validate_confidence(double confidence);

/// Student t interval on n - 1 degrees of freedom of independent samples: one value per replication, never the
/// observations of one run, which are correlated (`batch_means.hpp` is for those). Source: Law, Simulation Modeling and
/// Analysis, 5th ed. (2015), section 4.5. An error says when there are fewer than two samples or the confidence is not
/// between 0 and 1.
[[nodiscard]] Expected<Interval> mean_interval(std::span<const double> samples, double confidence = confidence_default);

/// The same from count, mean and standard deviation.
[[nodiscard]] Expected<Interval> mean_interval(const Moments& moments, double confidence = confidence_default);

/// Interval of the mean of `first[i] - second[i]`: two settings compared over the same replications (common random
/// numbers). The two differ at this confidence when the interval does not contain 0. An error says when the two have
/// different lengths. Source: Law (2015), section 10.2.1.
[[nodiscard]] Expected<Interval> paired_difference_interval(std::span<const double> first,
                                                            std::span<const double> second,
                                                            double confidence = confidence_default);

/// How many standard errors an estimate lies from the value that theory expects. The standard error is positive
/// (asserted).
[[nodiscard]] double z_score(double estimate, double standard_error, double expected);
[[nodiscard]] double z_score(const Interval& interval, double expected);

}  // namespace sim
