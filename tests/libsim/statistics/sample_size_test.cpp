#include "libsim/statistics/sample_size.hpp"

#include <rapidcheck/catch.h>

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "libsim/random/stream.hpp"
#include "libsim/statistics/quantiles.hpp"

using sim::Interval;
using sim::more_samples_for_precision;
using sim::more_samples_to_exclude;
using sim::more_samples_to_tell_apart;

namespace {

Interval interval_of(std::uint64_t samples, double mean, double variance, double confidence) {
  Interval interval;
  interval.mean = mean;
  interval.standard_error = std::sqrt(variance / static_cast<double>(samples));
  interval.half_width = sim::student_t_quantile(0.5 + confidence / 2, samples - 1) * interval.standard_error;
  interval.samples = samples;
  interval.confidence = confidence;
  return interval;
}

}  // namespace

TEST_CASE("the number of replications is that of Law's example of the bank", "[statistics]") {
  // Law, Simulation Modeling and Analysis, section 9.4.1: ten replications, mean delay 2.03, variance 0.31, 90 %. For
  // an absolute error of 0.25 16 replications are needed, for a relative one of 10 % 27. Law's relative error of g is
  // relative to the true mean, for which the half width is at most g / (1 + g) of the estimate.
  const Interval bank = interval_of(10, 2.03, 0.31, 0.90);
  CHECK(more_samples_for_precision(bank, 0.25 / 2.03) == 6);
  CHECK(more_samples_for_precision(bank, 0.10 / 1.10) == 17);
}

TEST_CASE("no more samples are needed for a precision that is reached", "[statistics]") {
  const Interval interval = interval_of(10, 2.03, 0.31, 0.90);  // half width 0.3228, a share of 0.159
  CHECK(more_samples_for_precision(interval, 0.16) == 0);
  CHECK(more_samples_for_precision(interval, 0.158) == 1);
  CHECK(more_samples_for_precision(interval_of(5, 3.0, 0.0, 0.95), 1e-9) == 0);
  CHECK(more_samples_for_precision(interval_of(5, 0.0, 0.0, 0.95), 0.1) == 0);  // 0 ± 0 cannot be more precise
}

TEST_CASE("a mean of 0 never reaches a relative precision", "[statistics]") {
  CHECK(more_samples_for_precision(interval_of(5, 0.0, 1.0, 0.95), 0.5) == std::nullopt);
}

TEST_CASE("a negative mean needs as many samples as a positive one", "[statistics]") {
  CHECK(more_samples_for_precision(interval_of(10, -2.03, 0.31, 0.90), 0.10 / 1.10) == 17);
}

TEST_CASE("a mean is told from a bound after the number of samples by hand", "[statistics]") {
  // Standard deviation 1, distance 1: t(0.975; n - 1) / √n is 1.2419 for n = 5, 1.0494 for n = 6, 0.9248 for n = 7.
  CHECK(more_samples_to_exclude(interval_of(3, 11.0, 1.0, 0.95), 10.0) == 4);
  CHECK(more_samples_to_exclude(interval_of(3, 9.0, 1.0, 0.95), 10.0) == 4);
  CHECK(more_samples_to_exclude(interval_of(6, 11.0, 1.0, 0.95), 10.0) == 1);
  CHECK(more_samples_to_exclude(interval_of(7, 11.0, 1.0, 0.95), 10.0) == 0);
  CHECK(more_samples_to_tell_apart(interval_of(3, -1.0, 1.0, 0.95)) == 4);
}

TEST_CASE("a mean at the bound is never told from it", "[statistics]") {
  CHECK(more_samples_to_exclude(interval_of(3, 10.0, 1.0, 0.95), 10.0) == std::nullopt);
  CHECK(more_samples_to_exclude(interval_of(3, 10.0, 0.0, 0.95), 10.0) == std::nullopt);
  CHECK(more_samples_to_tell_apart(interval_of(3, 0.0, 0.0, 0.95)) == std::nullopt);
  CHECK(more_samples_to_exclude(interval_of(3, 10.1, 0.0, 0.95), 10.0) == 0);
}

TEST_CASE("more samples than a billion are a billion", "[statistics]") {
  CHECK(more_samples_to_exclude(interval_of(3, 1e-9, 1.0, 0.95), 0.0) == sim::more_samples_max);
  CHECK(more_samples_for_precision(interval_of(3, 1e-300, 1.0, 0.95), 1e-10) == sim::more_samples_max);
  // Just below the end: (1.959964 / 1e-4)² = 384'145'882 by the normal quantile.
  const auto many = more_samples_to_exclude(interval_of(3, 1e-4, 1.0, 0.95), 0.0);
  REQUIRE(many);
  CHECK(*many == Approx(384'145'882.0 - 3).epsilon(1e-6));
}

TEST_CASE("the number of further samples is the smallest that is enough", "[statistics]") {
  rc::prop("with it the half width is small enough, with one less it is not", [] {
    const auto samples = *rc::gen::inRange<std::uint64_t>(2, 60);
    const double deviation = *rc::gen::inRange(1, 1'000) / 10.0;
    const double distance = *rc::gen::inRange(1, 1'000) / 10.0;
    const Interval now = interval_of(samples, 50.0 + distance, deviation * deviation, 0.9);
    const auto more = more_samples_to_exclude(now, 50.0);
    RC_ASSERT(more.has_value());
    const Interval then = interval_of(samples + *more, now.mean, deviation * deviation, 0.9);
    RC_ASSERT(then.half_width <= distance * (1 + 1e-12));
    if (*more > 0) {
      const Interval before = interval_of(samples + *more - 1, now.mean, deviation * deviation, 0.9);
      RC_ASSERT(before.half_width >= distance * (1 - 1e-12));
    }
  });
}

TEST_CASE("after the predicted number of samples the bound is left out about every second time", "[statistics]") {
  // True mean 1, deviation 2, bound 0: predicted from the truth, not from an estimate.
  const Interval truth = interval_of(5, 1.0, 4.0, 0.95);
  const auto more = more_samples_to_exclude(truth, 0.0);
  REQUIRE(more);
  sim::RandomStream stream({.seed = 1, .actor = "bound", .purpose = "samples"});
  int excluded = 0;
  for (int trial = 0; trial < 1'000; ++trial) {
    std::vector<double> samples(5 + *more);
    for (double& sample : samples) {
      sample = 1.0 + 2.0 * stream.standard_normal();
    }
    excluded += sim::mean_interval(samples)->contains(0.0) ? 0 : 1;
  }
  CHECK(excluded >= 450);
  CHECK(excluded <= 580);
}

TEST_CASE("what is no interval is refused when more samples are asked for", "[statistics]") {
  CHECK_THROWS_AS(more_samples_for_precision(Interval{}, 0.1), sim::AssertionFailure);
  Interval one = interval_of(3, 1.0, 1.0, 0.95);
  one.samples = 1;
  CHECK_THROWS_AS(more_samples_to_exclude(one, 0.0), sim::AssertionFailure);
  const Interval good = interval_of(3, 1.0, 1.0, 0.95);
  CHECK_THROWS_AS(more_samples_for_precision(good, 0.0), sim::AssertionFailure);
  CHECK_THROWS_AS(more_samples_for_precision(good, std::numeric_limits<double>::quiet_NaN()), sim::AssertionFailure);
  CHECK_THROWS_AS(more_samples_to_exclude(good, std::numeric_limits<double>::quiet_NaN()), sim::AssertionFailure);
  Interval nothing = good;
  nothing.mean = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(more_samples_to_exclude(nothing, 0.0), sim::AssertionFailure);
}
