#include "libsim/statistics/sample_size.hpp"

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

/// The first number of further samples, of 1 … `more_samples_max`, whose half width is small enough.
template <class Condition>
std::uint64_t first_more_samples(const Interval& interval, Condition small_enough) {
  const double deviation = interval.standard_error * std::sqrt(static_cast<double>(interval.samples));
  std::uint64_t low = 1;
  std::uint64_t high = more_samples_max;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (small_enough(half_width_after(interval, deviation, middle))) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
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
  return first_more_samples(interval, [target](double half_width) { return half_width <= target; });
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
  return first_more_samples(interval, [distance](double half_width) { return half_width < distance; });
}

}  // namespace sim
