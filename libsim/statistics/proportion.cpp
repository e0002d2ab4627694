#include "libsim/statistics/proportion.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "libsim/statistics/quantiles.hpp"

namespace sim {

Expected<ProportionInterval> proportion_interval(std::uint64_t successes, std::uint64_t trials, double confidence) {
  if (const auto valid = validate_confidence(confidence); !valid) {
    return tl::unexpected(valid.error());
  }
  if (trials == 0) {
    return unexpected("0 trials: a proportion needs at least 1");
  }
  if (successes > trials) {
    return unexpected(fmt::format("{} successes: expected at most the {} trials", successes, trials));
  }
  const double n = static_cast<double>(trials);
  const double share = static_cast<double>(successes) / n;
  const double z = normal_quantile(0.5 + confidence / 2.0);
  const double scale = 1.0 + z * z / n;
  const double centre = (share + z * z / (2.0 * n)) / scale;
  const double half_width = z * std::sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n)) / scale;

  ProportionInterval interval;
  interval.proportion = share;
  // At 0 and at all successes the formula gives the bound exactly, but rounding could push it past the share.
  interval.lower = successes == 0 ? 0.0 : std::max(0.0, centre - half_width);
  interval.upper = successes == trials ? 1.0 : std::min(1.0, centre + half_width);
  interval.samples = trials;
  interval.confidence = confidence;
  return interval;
}

Expected<double> proportion_half_width(std::uint64_t successes, std::uint64_t trials, double confidence) {
  return proportion_interval(successes, trials, confidence).map([](const ProportionInterval& interval) {
    return std::max(interval.upper - interval.proportion, interval.proportion - interval.lower);
  });
}

}  // namespace sim
