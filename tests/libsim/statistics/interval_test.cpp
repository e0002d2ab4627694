#include "libsim/statistics/interval.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "libsim/random/stream.hpp"
#include "libsim/statistics/quantiles.hpp"

using sim::mean_interval;
using sim::paired_difference_interval;

TEST_CASE("t quantiles are those of the published tables", "[statistics]") {
  CHECK(sim::student_t_quantile(0.975, 1) == Approx(12.706).margin(0.0005));
  CHECK(sim::student_t_quantile(0.975, 2) == Approx(4.303).margin(0.0005));
  CHECK(sim::student_t_quantile(0.975, 9) == Approx(2.262).margin(0.0005));
  CHECK(sim::student_t_quantile(0.95, 9) == Approx(1.833).margin(0.0005));
  CHECK(sim::student_t_quantile(0.975, 29) == Approx(2.045).margin(0.0005));
  CHECK(sim::student_t_quantile(0.995, 4) == Approx(4.604).margin(0.0005));
  CHECK(sim::student_t_quantile(0.975, 120) == Approx(1.980).margin(0.0005));
}

TEST_CASE("normal quantiles and probabilities are those of the published tables", "[statistics]") {
  CHECK(sim::normal_quantile(0.5) == 0.0);
  CHECK(sim::normal_quantile(0.95) == Approx(1.645).margin(0.0005));
  CHECK(sim::normal_quantile(0.975) == Approx(1.960).margin(0.0005));
  CHECK(sim::normal_quantile(0.995) == Approx(2.576).margin(0.0005));
  CHECK(sim::normal_probability(1.0) == Approx(0.8413).margin(0.00005));
}

TEST_CASE("a quantile at probability 0 or 1 is refused", "[statistics]") {
  CHECK_THROWS_AS(sim::normal_quantile(1.0), sim::AssertionFailure);
  CHECK_THROWS_AS(sim::student_t_quantile(0.0, 5), sim::AssertionFailure);
  CHECK_THROWS_AS(sim::student_t_quantile(0.5, 0), sim::AssertionFailure);
}

TEST_CASE("the interval of ten numbers is that of Law's worked example", "[statistics]") {
  // Law, Simulation Modeling and Analysis, section 4.5: mean 1.34, variance 0.17, 90 % interval 1.34 ± 0.24.
  const std::array samples{1.20, 1.50, 1.68, 1.89, 0.95, 1.49, 1.58, 1.55, 0.50, 1.09};
  const auto interval = mean_interval(samples, 0.90);
  REQUIRE(interval);
  CHECK(interval->mean == Approx(1.34).margin(0.005));
  CHECK(interval->half_width == Approx(0.24).margin(0.005));
  CHECK(interval->samples == 10);
  CHECK(interval->confidence == 0.90);
}

TEST_CASE("the half width is the t quantile times the deviation over the root of n", "[statistics]") {
  const std::array samples{1.0, 2.0, 3.0, 4.0};  // mean 2.5, variance 5/3, standard error √(5/12) = 0.64550
  const auto interval = mean_interval(samples);
  REQUIRE(interval);
  CHECK(interval->mean == 2.5);
  CHECK(interval->standard_error == Approx(0.6454972));
  CHECK(interval->half_width == Approx(3.182446 * 0.6454972));  // t(0.975; 3) = 3.182446
  CHECK(interval->lower() == Approx(2.5 - 2.054260));
  CHECK(interval->upper() == Approx(2.5 + 2.054260));
}

TEST_CASE("about 95 of 100 intervals at 95 percent contain the true mean", "[statistics]") {
  sim::RandomStream stream({.seed = 1, .actor = "coverage", .purpose = "samples"});
  int containing = 0;
  for (int interval = 0; interval < 1'000; ++interval) {
    std::array<double, 10> samples{};
    for (double& sample : samples) {
      sample = 20.0 + 3.0 * stream.standard_normal();
    }
    containing += mean_interval(samples)->contains(20.0) ? 1 : 0;
  }
  // The standard deviation of the count is √(1000·0.95·0.05) = 6.9.
  CHECK(containing >= 930);
  CHECK(containing <= 970);
}

TEST_CASE("an interval of fewer than two samples is an error that says so", "[statistics]") {
  CHECK(mean_interval(std::vector<double>{}).error().message == "0 sample(s): a confidence interval needs at least 2");
  CHECK(mean_interval(std::vector{7.0}).error().message == "1 sample(s): a confidence interval needs at least 2");
}

TEST_CASE("a confidence outside of 0 and 1 is an error that names it", "[statistics]") {
  const std::array samples{1.0, 2.0};
  CHECK(mean_interval(samples, 95.0).error().message ==
        "confidence 95: expected a number strictly between 0 and 1, such as 0.95");
  CHECK_FALSE(mean_interval(samples, 0.0));
  CHECK_FALSE(mean_interval(samples, 1.0));
}

TEST_CASE("paired samples are compared by their differences, however much they vary together", "[statistics]") {
  const std::array<double, 4> with{101.0, 205.0, 303.0, 407.0};
  const std::array<double, 4> without{100.0, 202.0, 300.0, 402.0};
  const auto interval = paired_difference_interval(with, without);  // differences 1, 3, 3, 5
  REQUIRE(interval);
  CHECK(interval->mean == 3.0);
  CHECK(interval->standard_error == Approx(std::sqrt(8.0 / 3.0 / 4.0)));  // squares 4+0+0+4, over 3, over 4
  CHECK_FALSE(interval->contains(0.0));                                   // 3 ± 3.18·0.816 = 3 ± 2.60
}

TEST_CASE("paired samples of different lengths are an error", "[statistics]") {
  const std::array<double, 3> with{1.0, 2.0, 3.0};
  const std::array<double, 2> without{1.0, 2.0};
  CHECK(paired_difference_interval(with, without).error().message ==
        "3 and 2 samples: a paired difference needs as many of one as of the other");
}

TEST_CASE("a z score counts the standard errors between estimate and theory", "[statistics]") {
  CHECK(sim::z_score(10.5, 0.25, 10.0) == 2.0);
  const auto interval = mean_interval(std::array{1.0, 2.0, 3.0, 4.0});
  CHECK(sim::z_score(*interval, 2.5 + 0.6454972) == Approx(-1.0));
  CHECK_THROWS_AS(sim::z_score(1.0, 0.0, 1.0), sim::AssertionFailure);
}
