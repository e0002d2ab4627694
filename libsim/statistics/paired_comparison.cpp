#include "libsim/statistics/paired_comparison.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "libsim/statistics/observations.hpp"
#include "libsim/statistics/sample_size.hpp"

namespace sim {

namespace {

double two_sided_p_value(const Interval& difference) {
  constexpr double rounding_share = 1e-12;
  if (difference.standard_error <= rounding_share * std::abs(difference.mean)) {
    // The sign test: all of n pairs fall on the same side by chance once in 2^(n - 1) times.
    return difference.mean == 0.0 ? 1.0 : std::exp2(1.0 - static_cast<double>(difference.samples));
  }
  const boost::math::students_t distribution(static_cast<double>(difference.samples - 1));
  const double t = std::abs(difference.mean) / difference.standard_error;
  return 2.0 * boost::math::cdf(boost::math::complement(distribution, t));
}

double variance_removed(const PairedComparison& comparison) {
  const double first = comparison.first.standard_error;
  const double second = comparison.second.standard_error;
  const double sum = first * first + second * second;  // all three variances are divided by the same n
  const double of_difference = comparison.difference.standard_error * comparison.difference.standard_error;
  return sum == 0.0 ? 0.0 : 1.0 - of_difference / sum;
}

double correlation_of(std::span<const double> first, std::span<const double> second,
                      const PairedComparison& comparison) {
  const double scale = comparison.first.standard_error * comparison.second.standard_error;
  if (scale == 0.0) {
    return 0.0;
  }
  double products = 0.0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    products += (first[i] - comparison.first.mean) * (second[i] - comparison.second.mean);
  }
  const double count = static_cast<double>(first.size());
  return std::clamp(products / (count * (count - 1.0) * scale), -1.0, 1.0);
}

}  // namespace

Expected<PairedComparison> compare_pairs(std::span<const double> first, std::span<const double> second,
                                         double confidence) {
  if (const auto valid = validate_pairs(first, second); !valid) {
    return tl::unexpected(valid.error());
  }
  const auto difference = paired_difference_interval(first, second, confidence);
  if (!difference) {
    return tl::unexpected(difference.error());
  }
  PairedComparison comparison;
  comparison.first = *mean_interval(first, confidence);
  comparison.second = *mean_interval(second, confidence);
  comparison.difference = *difference;
  comparison.p_value = two_sided_p_value(*difference);
  comparison.correlation = correlation_of(first, second, comparison);
  comparison.variance_removed = variance_removed(comparison);
  comparison.more_replications = more_samples_to_tell_apart(*difference);
  return comparison;
}

}  // namespace sim
