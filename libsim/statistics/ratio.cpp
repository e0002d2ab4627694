#include "libsim/statistics/ratio.hpp"

#include <cmath>

#include <fmt/format.h>

#include "libsim/statistics/moments.hpp"
#include "libsim/statistics/observations.hpp"

namespace sim {

namespace {

struct RatioSums {
  double numerator = 0.0;
  double denominator = 0.0;
};

/// The sums over all pairs, unless the ratio of the means has no bounded interval.
Expected<RatioSums> ratio_sums(std::span<const double> numerators, std::span<const double> denominators,
                               double confidence) {
  if (const auto valid = validate_pairs(numerators, denominators); !valid) {
    return tl::unexpected(valid.error());
  }
  const auto denominator = mean_interval(denominators, confidence);
  if (!denominator) {
    return tl::unexpected(denominator.error());
  }
  if (denominator->contains(0.0)) {
    return unexpected(fmt::format("the mean of the denominators is {} ± {}: a ratio needs one that is not 0",
                                  denominator->mean, denominator->half_width));
  }
  RatioSums sums;
  for (std::size_t i = 0; i < numerators.size(); ++i) {
    sums.numerator += numerators[i];
    sums.denominator += denominators[i];
  }
  return sums;
}

}  // namespace

Expected<Interval> ratio_interval(std::span<const double> numerators, std::span<const double> denominators,
                                  double confidence) {
  const auto sums = ratio_sums(numerators, denominators, confidence);
  if (!sums) {
    return tl::unexpected(sums.error());
  }
  const double ratio = sums->numerator / sums->denominator;
  Moments residuals;
  for (std::size_t i = 0; i < numerators.size(); ++i) {
    residuals.add(numerators[i] - ratio * denominators[i]);
  }
  auto interval = mean_interval(residuals, confidence);
  if (interval) {
    const double scale = std::abs(sums->denominator) / static_cast<double>(denominators.size());
    interval->mean = ratio;
    interval->standard_error /= scale;
    interval->half_width /= scale;
  }
  return interval;
}

Expected<Interval> jackknife_ratio_interval(std::span<const double> numerators, std::span<const double> denominators,
                                            double confidence) {
  const auto sums = ratio_sums(numerators, denominators, confidence);
  if (!sums) {
    return tl::unexpected(sums.error());
  }
  const double ratio = sums->numerator / sums->denominator;
  const double count = static_cast<double>(numerators.size());
  Moments pseudo_values;
  for (std::size_t i = 0; i < numerators.size(); ++i) {
    const double without = (sums->numerator - numerators[i]) / (sums->denominator - denominators[i]);
    const double pseudo_value = count * ratio - (count - 1.0) * without;
    if (!(std::abs(pseudo_value) <= Moments::magnitude_max)) {
      return unexpected(fmt::format("without pair {} the denominators add up to 0: the jackknife has no ratio", i + 1));
    }
    pseudo_values.add(pseudo_value);
  }
  return mean_interval(pseudo_values, confidence);
}

}  // namespace sim
