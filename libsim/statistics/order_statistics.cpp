#include "libsim/statistics/order_statistics.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "libsim/failure.hpp"
#include "libsim/statistics/quantiles.hpp"

namespace sim {

namespace {

constexpr std::uint64_t parts_per_percent = 1'000'000;
constexpr std::uint64_t parts_of_all = 100 * parts_per_percent;

/// The smallest number of successes whose probability of "at most that many" satisfies a condition that stays true from
/// there on and holds for 1.
template <class Condition>
std::uint64_t first_successes(std::uint64_t trials, double success, Condition holds) {
  std::uint64_t low = 0;
  std::uint64_t high = trials;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (holds(binomial_probability_at_most(middle, trials, success))) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

std::uint64_t nearest_rank(double percent, std::uint64_t count) {
  check(percent >= 0.0 && percent <= 100.0, "a percentile lies between 0 and 100");
  check(count > 0, "a percentile has at least one sample");
  const auto parts = static_cast<std::uint64_t>(std::llround(percent * static_cast<double>(parts_per_percent)));
  // parts × count / parts_of_all rounded up, split so that no product overflows.
  const std::uint64_t rest = (parts * (count % parts_of_all) + parts_of_all - 1) / parts_of_all;
  return std::max<std::uint64_t>(1, parts * (count / parts_of_all) + rest);
}

double percentile(std::span<const double> sorted, double percent) {
  return sorted[nearest_rank(percent, sorted.size()) - 1];
}

Expected<QuantileInterval> quantile_interval(std::span<const double> sorted, double percent, double confidence) {
  if (const auto valid = validate_confidence(confidence); !valid) {
    return tl::unexpected(valid.error());
  }
  if (!(percent > 0.0 && percent < 100.0)) {
    return unexpected(fmt::format("percentile {}: expected a number strictly between 0 and 100", percent));
  }
  const std::uint64_t count = sorted.size();
  const double below = percent / 100.0;
  const double tail = (1.0 - confidence) / 2.0;
  // The number of samples below the true quantile is binomial; it is in lower_rank .. upper_rank - 1 exactly when the
  // quantile lies between the samples of these ranks.
  const std::uint64_t lower_rank = first_successes(count, below, [tail](double p) { return p > tail; });
  const std::uint64_t upper_rank = first_successes(count, below, [tail](double p) { return p >= 1.0 - tail; }) + 1;
  if (lower_rank < 1 || upper_rank > count) {
    return unexpected(
        fmt::format("{} samples: too few for a {} interval of the {}th percentile", count, confidence, percent));
  }
  QuantileInterval interval;
  interval.quantile = percentile(sorted, percent);
  interval.lower = sorted[lower_rank - 1];
  interval.upper = sorted[upper_rank - 1];
  interval.samples = count;
  interval.confidence = confidence;
  interval.coverage = binomial_probability_at_most(upper_rank - 1, count, below) -
                      binomial_probability_at_most(lower_rank - 1, count, below);
  return interval;
}

}  // namespace sim
