#pragma once

#include <cstdint>
#include <optional>

#include "libsim/statistics/interval.hpp"

namespace sim {

/// The largest number of further samples that is answered: that many or more.
inline constexpr std::uint64_t more_samples_max = 1'000'000'000;

/// How many further samples (replications) an interval needs until its half width is at most `precision` × the mean's
/// magnitude, if mean and standard deviation stay as they are estimated so far: the smallest number after which the t
/// quantile of that many samples × standard deviation / √n is small enough, 0 when it already is. None when the mean is
/// 0, of which every share is 0.
///
/// The answer is as good as the standard deviation, which from 5 samples may well be off by a third: ask again when the
/// samples are there. `precision` is positive; `interval` has at least two samples, finite values and a confidence
/// strictly between 0 and 1 (asserted). Source: Law, Simulation Modeling and Analysis, 5th ed. (2015), section 9.4.1.
[[nodiscard]] std::optional<std::uint64_t> more_samples_for_precision(const Interval& interval, double precision);

/// The same until the interval no longer contains `bound`: until a mean is told from a target. None when the mean is
/// the bound. If the true mean is the estimate, the interval leaves out the bound with a probability of about one half
/// after that many samples, because the next estimate may fall on either side of this one.
[[nodiscard]] std::optional<std::uint64_t> more_samples_to_exclude(const Interval& interval, double bound);

/// The same until two settings are told apart, from the interval of their paired difference
/// (`paired_difference_interval`).
[[nodiscard]] inline std::optional<std::uint64_t> more_samples_to_tell_apart(const Interval& difference) {
  return more_samples_to_exclude(difference, 0.0);
}

}  // namespace sim
