#pragma once

#include <cstdint>
#include <optional>

#include "libsim/statistics/interval.hpp"

namespace sim {

/// What is answered at most.
inline constexpr std::uint64_t more_samples_max = 1'000'000'000;

/// How many further samples (replications) an interval needs, if mean and standard deviation stay as they are estimated
/// so far: the smallest number after which the t quantile of that many samples × standard deviation / √n is small
/// enough; 0 when it already is. The estimate is as good as the standard deviation, which from 5 samples may well be
/// off by half: ask again when the samples are there. `interval` has at least two samples and finite values, and
/// confidence is strictly between 0 and 1 (asserted). Source: Law, Simulation Modeling and Analysis, 5th ed. (2015),
/// section 9.4.1, and the same reasoning for the other two.

/// Until the half width is at most `precision` × the mean's magnitude; `precision` is positive (asserted). None when
/// the mean is 0, of which every share is 0.
[[nodiscard]] std::optional<std::uint64_t> more_samples_for_precision(const Interval& interval, double precision);

/// Until the interval no longer contains `bound`: until a mean is told from a target. None when the mean is the bound.
/// If the true mean is the estimate, the interval leaves out the bound with a probability of about one half after that
/// many samples, because the next estimate may fall on either side of this one.
[[nodiscard]] std::optional<std::uint64_t> more_samples_to_exclude(const Interval& interval, double bound);

/// Until two settings are told apart, from the interval of their paired difference (`paired_difference_interval`).
[[nodiscard]] inline std::optional<std::uint64_t> more_samples_to_tell_apart(const Interval& difference) {
  return more_samples_to_exclude(difference, 0.0);
}

}  // namespace sim
