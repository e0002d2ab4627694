#pragma once

#include <cstdint>

#include "libsim/expected.hpp"
#include "libsim/statistics/interval.hpp"
#include "libsim/statistics/moments.hpp"

namespace sim {

/// A sample as far as a comparison of means needs it; also what is kept of a sample that is gone.
struct SampleSummary {
  std::uint64_t samples = 0;  ///< independent ones
  double mean = 0.0;
  double standard_deviation = 0.0;  ///< divided by n - 1

  friend bool operator==(const SampleSummary&, const SampleSummary&) = default;
};

/// Needs two samples (asserted).
[[nodiscard]] SampleSummary summary_of(const Moments& moments);

/// Two independent samples compared by their means.
struct MeanComparison {
  double difference = 0.0;  ///< first mean - second mean
  double standard_error = 0.0;
  double degrees_of_freedom = 0.0;
  double t = 0.0;          ///< difference in standard errors
  double p_greater = 1.0;  ///< probability of such a t or a larger one if the first mean were not the larger one
  double p_two_sided = 1.0;

  /// Half the width of the two-sided interval of the difference. `confidence` is strictly between 0 and 1 (asserted).
  [[nodiscard]] double half_width(double confidence = confidence_default) const;

  friend bool operator==(const MeanComparison&, const MeanComparison&) = default;
};

/// Welch's t test: the variances need not be equal, nor the sizes. The degrees of freedom are those of Welch and
/// Satterthwaite and need not be whole. An error says when a sample has fewer than two values, a standard deviation is
/// negative, or neither sample varies. Source: Welch, "The Generalization of 'Student's' Problem When Several Different
/// Population Variances Are Involved", Biometrika 34 (1947); Law, Simulation Modeling and Analysis, 5th ed. (2015),
/// section 10.2.2.
[[nodiscard]] Expected<MeanComparison> compare_means(const SampleSummary& first, const SampleSummary& second);

}  // namespace sim
