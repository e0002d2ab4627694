#include "libsim/statistics/interval.hpp"

#include <cmath>

#include <fmt/format.h>

#include "libsim/failure.hpp"
#include "libsim/statistics/quantiles.hpp"

namespace sim {

Expected<void> validate_confidence(double confidence) {
  if (!(confidence > 0.0 && confidence < 1.0)) {
    return unexpected(
        fmt::format("confidence {}: expected a number strictly between 0 and 1, such as 0.95", confidence));
  }
  return {};
}

Expected<Interval> mean_interval(std::span<const double> samples, double confidence) {
  Moments moments;
  for (const double sample : samples) {
    moments.add(sample);
  }
  return mean_interval(moments, confidence);
}

Expected<Interval> mean_interval(const Moments& moments, double confidence) {
  if (const auto valid = validate_confidence(confidence); !valid) {
    return tl::unexpected(valid.error());
  }
  if (moments.count() < 2) {
    return unexpected(fmt::format("{} sample(s): a confidence interval needs at least 2", moments.count()));
  }
  Interval interval;
  interval.mean = moments.mean();
  interval.standard_error = moments.standard_deviation() / std::sqrt(static_cast<double>(moments.count()));
  interval.half_width = student_t_quantile(0.5 + confidence / 2.0, moments.count() - 1) * interval.standard_error;
  interval.samples = moments.count();
  interval.confidence = confidence;
  return interval;
}

Expected<Interval> paired_difference_interval(std::span<const double> first, std::span<const double> second,
                                              double confidence) {
  if (first.size() != second.size()) {
    return unexpected(fmt::format("{} and {} samples: a paired difference needs as many of one as of the other",
                                  first.size(), second.size()));
  }
  Moments differences;
  for (std::size_t i = 0; i < first.size(); ++i) {
    differences.add(first[i] - second[i]);
  }
  return mean_interval(differences, confidence);
}

double z_score(double estimate, double standard_error, double expected) {
  check(standard_error > 0.0, "a z score has a positive standard error");
  return (estimate - expected) / standard_error;
}

double z_score(const Interval& interval, double expected) {
  return z_score(interval.mean, interval.standard_error, expected);
}

}  // namespace sim
