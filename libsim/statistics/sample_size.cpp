#include "libsim/statistics/sample_size.hpp"

#include <algorithm>
#include <cmath>

#include "libsim/failure.hpp"
#include "libsim/statistics/quantiles.hpp"

namespace sim {

namespace {

void check_interval(const Interval& interval) {
  check(interval.samples >= 2, "an interval has at least two samples");
  check(interval.confidence > 0.0 && interval.confidence < 1.0, "a confidence lies strictly between 0 and 1");
  check(std::isfinite(interval.mean) && std::isfinite(interval.standard_error), "an interval has finite values");
}

double half_width_after(const Interval& interval, double deviation, std::uint64_t more) {
  const std::uint64_t samples = interval.samples + more;
  return student_t_quantile(0.5 + interval.confidence / 2.0, samples - 1) * deviation /
         std::sqrt(static_cast<double>(samples));
}

/// A number of further samples that is not enough, or 0: with no more than that even the normal quantile, which is
/// below every t quantile, leaves a half width above `target`.
std::uint64_t too_few_more(const Interval& interval, double deviation, double target) {
  constexpr double below_rounding = 1.0 - 1e-9;
  const double root = normal_quantile(0.5 + interval.confidence / 2.0) * deviation / target;
  const double more = root * root * below_rounding - static_cast<double>(interval.samples) - 1.0;
  return more < static_cast<double>(more_samples_max) ? static_cast<std::uint64_t>(std::max(more, 0.0))
                                                      : more_samples_max;
}

/// The first number of further samples, of 1 … `more_samples_max`, whose half width is small enough; that implies that
/// it is at most `target`.
template <class Condition>
std::uint64_t first_more_samples(const Interval& interval, double target, Condition small_enough) {
  const double deviation = interval.standard_error * std::sqrt(static_cast<double>(interval.samples));
  const auto enough = [&](std::uint64_t more) { return small_enough(half_width_after(interval, deviation, more)); };
  std::uint64_t low = too_few_more(interval, deviation, target);
  std::uint64_t high = low;
  // A t quantile takes long, and the answer is mostly near: growing steps, then halving.
  for (std::uint64_t step = 1; high < more_samples_max; step *= 2) {
    high = std::min(low + step, more_samples_max);
    if (enough(high)) {
      break;
    }
    low = high;
  }
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace

std::optional<std::uint64_t> more_samples_for_precision(const Interval& interval, double precision) {
  check_interval(interval);
  check(precision > 0.0, "a precision is positive");
  const double target = precision * std::abs(interval.mean);
  if (interval.half_width <= target) {
    return 0;
  }
  if (target == 0.0) {
    return std::nullopt;
  }
  return first_more_samples(interval, target, [target](double half_width) { return half_width <= target; });
}

std::optional<std::uint64_t> more_samples_to_exclude(const Interval& interval, double bound) {
  check_interval(interval);
  check(std::isfinite(bound), "a bound is finite");
  if (!interval.contains(bound)) {
    return 0;
  }
  const double distance = std::abs(interval.mean - bound);
  if (distance == 0.0) {
    return std::nullopt;
  }
  return first_more_samples(interval, distance, [distance](double half_width) { return half_width < distance; });
}

}  // namespace sim
