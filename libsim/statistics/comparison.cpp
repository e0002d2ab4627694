#include "libsim/statistics/comparison.hpp"

#include <fmt/format.h>

#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "libsim/failure.hpp"

namespace sim {

namespace {

Expected<void> validate_sample(const SampleSummary& sample) {
  if (sample.samples < 2) {
    return unexpected(
        fmt::format("{} value(s): a comparison of means needs at least 2 in each sample", sample.samples));
  }
  if (!(sample.standard_deviation >= 0.0)) {
    return unexpected(fmt::format("standard deviation {}: expected 0 or more", sample.standard_deviation));
  }
  return {};
}

double squared_error(const SampleSummary& sample) {
  return sample.standard_deviation * sample.standard_deviation / static_cast<double>(sample.samples);
}

}  // namespace

SampleSummary summary_of(const Moments& moments) {
  return {moments.count(), moments.mean(), moments.standard_deviation()};
}

double MeanComparison::half_width(double confidence) const {
  check(confidence > 0.0 && confidence < 1.0, "a confidence lies strictly between 0 and 1");
  const boost::math::students_t distribution(degrees_of_freedom);
  return boost::math::quantile(distribution, 0.5 + confidence / 2.0) * standard_error;
}

Expected<MeanComparison> compare_means(const SampleSummary& first, const SampleSummary& second) {
  for (const SampleSummary& sample : {first, second}) {
    if (const auto valid = validate_sample(sample); !valid) {
      return tl::unexpected(valid.error());
    }
  }
  const double first_error = squared_error(first);
  const double second_error = squared_error(second);
  const double error = first_error + second_error;
  if (!(error > 0.0)) {
    return unexpected("neither sample varies: there is no t");
  }
  MeanComparison comparison;
  comparison.difference = first.mean - second.mean;
  comparison.standard_error = std::sqrt(error);
  comparison.degrees_of_freedom = error * error /
                                  (first_error * first_error / static_cast<double>(first.samples - 1) +
                                   second_error * second_error / static_cast<double>(second.samples - 1));
  comparison.t = comparison.difference / comparison.standard_error;
  const boost::math::students_t distribution(comparison.degrees_of_freedom);
  comparison.p_greater = boost::math::cdf(boost::math::complement(distribution, comparison.t));
  comparison.p_two_sided = 2.0 * boost::math::cdf(boost::math::complement(distribution, std::abs(comparison.t)));
  return comparison;
}

}  // namespace sim
