#pragma once

#include <cstdint>

#include "libsim/expected.hpp"
#include "libsim/statistics/interval.hpp"

namespace sim {

/// A share of successes and its confidence interval, which is not symmetric about the share.
struct ProportionInterval {
  double proportion = 0.0;
  double lower = 0.0;
  double upper = 1.0;
  std::uint64_t samples = 0;
  double confidence = confidence_default;

  [[nodiscard]] bool contains(double value) const { return lower <= value && value <= upper; }

  friend bool operator==(const ProportionInterval&, const ProportionInterval&) = default;
};

/// Score interval of Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the
/// American Statistical Association 22 (1927), of independent trials. It stays within 0..1 and has a width even when no
/// trial, or every trial, succeeded. An error says when there is no trial, when there are more successes than trials,
/// or when the confidence is not between 0 and 1.
[[nodiscard]] Expected<ProportionInterval> proportion_interval(std::uint64_t successes, std::uint64_t trials,
                                                               double confidence = confidence_default);

/// The wider side of that interval, for who shows the share as `p ± h`. The errors are the same.
[[nodiscard]] Expected<double> proportion_half_width(std::uint64_t successes, std::uint64_t trials,
                                                     double confidence = confidence_default);

}  // namespace sim
