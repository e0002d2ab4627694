#include "libsim/statistics/comparison.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <span>

#include "libsim/random/stream.hpp"

using sim::compare_means;
using sim::SampleSummary;

namespace {

SampleSummary summary(std::span<const double> values) {
  sim::Moments moments;
  for (const double value : values) {
    moments.add(value);
  }
  return sim::summary_of(moments);
}

/// `count` normal values with this mean and standard deviation.
SampleSummary normal_sample(sim::RandomStream& stream, int count, double mean, double deviation) {
  sim::Moments moments;
  for (int number = 0; number < count; ++number) {
    moments.add(mean + deviation * stream.standard_normal());
  }
  return sim::summary_of(moments);
}

}  // namespace

TEST_CASE("the comparison of Student's sleep data is the published one", "[statistics]") {
  // Student, "The Probable Error of a Mean", Biometrika 6 (1908), hours of sleep gained with two drugs. Welch's test of
  // them is the standard example of R's t.test: t = -1.8608, df = 17.776, p = 0.07939, 95 % from -3.3654832 to
  // 0.2054832.
  const std::array first{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
  const std::array second{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
  const auto comparison = compare_means(summary(first), summary(second));
  REQUIRE(comparison);
  CHECK(comparison->difference == Approx(0.75 - 2.33));
  CHECK(comparison->t == Approx(-1.8608).margin(0.00005));
  CHECK(comparison->degrees_of_freedom == Approx(17.776).margin(0.0005));
  CHECK(comparison->p_two_sided == Approx(0.07939).margin(0.000005));
  CHECK(comparison->p_greater == Approx(1 - 0.07939 / 2).margin(0.000005));
  CHECK(comparison->difference - comparison->half_width() == Approx(-3.3654832).margin(1e-7));
  CHECK(comparison->difference + comparison->half_width() == Approx(0.2054832).margin(1e-7));
}

TEST_CASE("samples of equal size and variance have 2n - 2 degrees of freedom", "[statistics]") {
  // The standard error is √(4/5 + 4/5), t = 2 / 1.2649 = 1.5811.
  const auto comparison = compare_means({5, 10.0, 2.0}, {5, 8.0, 2.0});
  REQUIRE(comparison);
  CHECK(comparison->degrees_of_freedom == Approx(8));
  CHECK(comparison->standard_error == Approx(std::sqrt(1.6)));
  CHECK(comparison->t == Approx(2 / std::sqrt(1.6)));
}

TEST_CASE("the first mean is called larger when the published quantile is exceeded", "[statistics]") {
  // t(0.95; 8) = 1.860: one and the same difference, once a little below and once a little above it.
  const double error = std::sqrt(1.6);
  CHECK(compare_means({5, 1.85 * error, 2.0}, {5, 0.0, 2.0})->p_greater > 0.05);
  CHECK(compare_means({5, 1.87 * error, 2.0}, {5, 0.0, 2.0})->p_greater < 0.05);
  CHECK(compare_means({5, -1.87 * error, 2.0}, {5, 0.0, 2.0})->p_greater > 0.95);
}

TEST_CASE("a sample without variance leaves the degrees of freedom to the other", "[statistics]") {
  const auto comparison = compare_means({7, 3.0, 0.0}, {4, 1.0, 2.0});
  REQUIRE(comparison);
  CHECK(comparison->degrees_of_freedom == Approx(3));
  CHECK(comparison->standard_error == 1.0);
}

TEST_CASE("about 5 of 100 comparisons of equal means find the first larger at 5 percent", "[statistics]") {
  sim::RandomStream stream({.seed = 1, .actor = "comparison", .purpose = "samples"});
  int larger = 0;
  for (int comparison = 0; comparison < 2'000; ++comparison) {
    const SampleSummary first = normal_sample(stream, 8, 5.0, 1.0);
    const SampleSummary second = normal_sample(stream, 20, 5.0, 3.0);
    larger += compare_means(first, second)->p_greater < 0.05 ? 1 : 0;
  }
  // The standard deviation of the count is √(2000·0.05·0.95) = 9.7.
  CHECK(larger >= 71);
  CHECK(larger <= 129);
}

TEST_CASE("samples that cannot be compared are an error that says why", "[statistics]") {
  CHECK(compare_means({1, 3.0, 0.0}, {4, 1.0, 2.0}).error().message ==
        "1 value(s): a comparison of means needs at least 2 in each sample");
  CHECK(compare_means({4, 3.0, -1.0}, {4, 1.0, 2.0}).error().message == "standard deviation -1: expected 0 or more");
  CHECK(compare_means({4, 3.0, 0.0}, {4, 1.0, 0.0}).error().message == "neither sample varies: there is no t");
  CHECK_THROWS_AS(compare_means({4, 3.0, 1.0}, {4, 1.0, 1.0})->half_width(1.0), sim::AssertionFailure);
}
