#include "libsim/statistics/ratio.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "libsim/random/stream.hpp"

using sim::jackknife_ratio_interval;
using sim::ratio_interval;

namespace {

struct Cycles {
  std::vector<double> waits;      ///< sum over the customers of a cycle
  std::vector<double> customers;  ///< their number
};

/// Busy periods of M/M/1 with service rate 1, by Lindley's recursion.
Cycles busy_cycles(double arrival_rate, std::size_t count, sim::RandomStream& stream) {
  Cycles cycles;
  while (cycles.waits.size() < count) {
    double wait = 0.0;
    double waits = 0.0;
    double customers = 0.0;
    do {
      waits += wait;
      customers += 1.0;
      wait += stream.standard_exponential() - stream.standard_exponential() / arrival_rate;
    } while (wait > 0.0);
    cycles.waits.push_back(waits);
    cycles.customers.push_back(customers);
  }
  return cycles;
}

}  // namespace

TEST_CASE("a ratio of three pairs has the interval of the delta method by hand", "[statistics]") {
  const std::array numerators{18.0, 19.0, 23.0};
  const std::array denominators{9.0, 10.0, 11.0};
  const auto interval = ratio_interval(numerators, denominators);
  REQUIRE(interval);
  CHECK(interval->mean == 2.0);                                             // 60 / 30
  CHECK(interval->standard_error == Approx(1.0 / std::sqrt(3.0) / 10.0));   // x - 2y is 0, -1, 1: deviation 1
  CHECK(interval->half_width == Approx(4.302653 / std::sqrt(3.0) / 10.0));  // t(0.975; 2)
  CHECK(interval->samples == 3);
  CHECK(interval->confidence == 0.95);
}

TEST_CASE("a ratio of three pairs has the jackknife interval by hand", "[statistics]") {
  // Without one pair: 42/21 = 2, 41/20 = 2.05, 37/19. Pseudo-values 3·2 - 2·those: 2, 1.9, 40/19 = 2.1052632.
  const auto interval = jackknife_ratio_interval(std::array{18.0, 19.0, 23.0}, std::array{9.0, 10.0, 11.0}, 0.9);
  REQUIRE(interval);
  CHECK(interval->mean == Approx((3.9 + 40.0 / 19.0) / 3.0));
  // Deviations from 2.0017544: -0.0017544, -0.1017544, 0.1035088; squares add up to 0.0210711.
  CHECK(interval->standard_error == Approx(std::sqrt(0.0210711 / 2.0 / 3.0)).epsilon(1e-5));
  CHECK(interval->half_width == Approx(2.919986 * interval->standard_error));  // t(0.95; 2)
  CHECK(interval->confidence == 0.9);
}

TEST_CASE("a ratio is not the mean of the ratios", "[statistics]") {
  CHECK(ratio_interval(std::array{1.0, 300.0}, std::array{19.9, 20.0}, 0.5)->mean == Approx(301.0 / 39.9));
}

TEST_CASE("denominators of the other sign turn the sign of a ratio and keep its width", "[statistics]") {
  const std::array numerators{18.0, 19.0, 23.0};
  const auto interval = ratio_interval(numerators, std::array{-9.0, -10.0, -11.0});
  REQUIRE(interval);
  CHECK(interval->mean == -2.0);
  CHECK(interval->half_width == ratio_interval(numerators, std::array{9.0, 10.0, 11.0})->half_width);
}

TEST_CASE("a ratio of proportional pairs is known exactly", "[statistics]") {
  for (const auto method : {&ratio_interval, &jackknife_ratio_interval}) {
    const auto interval = method(std::array{20.0, 22.0, 24.0, 26.0}, std::array{10.0, 11.0, 12.0, 13.0}, 0.95);
    REQUIRE(interval);
    CHECK(interval->mean == 2.0);
    CHECK(interval->half_width == Approx(0.0).margin(1e-12));
  }
}

TEST_CASE("about 95 of 100 ratio intervals of ten correlated pairs contain the true ratio", "[statistics]") {
  sim::RandomStream stream({.seed = 1, .actor = "ratio", .purpose = "pairs"});
  int delta = 0;
  int jackknife = 0;
  for (int interval = 0; interval < 1'000; ++interval) {
    std::array<double, 10> numerators{};
    std::array<double, 10> denominators{};
    for (std::size_t i = 0; i < 10; ++i) {
      denominators[i] = 10.0 + stream.standard_normal();
      numerators[i] = 3.0 * denominators[i] + 2.0 * stream.standard_normal();
    }
    delta += ratio_interval(numerators, denominators)->contains(3.0) ? 1 : 0;
    jackknife += jackknife_ratio_interval(numerators, denominators)->contains(3.0) ? 1 : 0;
  }
  // The standard deviation of the counts is 6.9.
  CHECK(delta >= 930);
  CHECK(delta <= 970);
  CHECK(jackknife >= 930);
  CHECK(jackknife <= 970);
}

TEST_CASE("the waiting time in M/M/1 lies in nearly 95 of 100 regenerative intervals", "[statistics]") {
  // Mean wait ρ / (μ - λ) = 0.3 / 0.7. A little fewer than 95, because the cycles are skewed.
  sim::RandomStream stream({.seed = 1, .actor = "queue", .purpose = "cycles"});
  int delta = 0;
  int jackknife = 0;
  for (int i = 0; i < 500; ++i) {
    const Cycles cycles = busy_cycles(0.3, 4'000, stream);
    delta += ratio_interval(cycles.waits, cycles.customers)->contains(0.3 / 0.7) ? 1 : 0;
    jackknife += jackknife_ratio_interval(cycles.waits, cycles.customers)->contains(0.3 / 0.7) ? 1 : 0;
  }
  CHECK(delta >= 455);
  CHECK(delta <= 490);
  CHECK(jackknife >= delta);
  CHECK(jackknife <= 490);
}

TEST_CASE("the jackknife takes most of the bias from a ratio of few pairs", "[statistics]") {
  // X and Y are independent and have mean 1, so that E[X̄ / Ȳ] = E[1 / Ȳ]. Each of five Y is the mean of four
  // exponentials, Ȳ that of twenty, a gamma variable of shape 20 over 20: E[1 / Ȳ] = 20 / 19.
  sim::RandomStream stream({.seed = 2, .actor = "ratio", .purpose = "pairs"});
  double plain = 0.0;
  double corrected = 0.0;
  int count = 0;
  while (count < 20'000) {
    std::array<double, 5> numerators{};
    std::array<double, 5> denominators{};
    for (std::size_t i = 0; i < 5; ++i) {
      numerators[i] = stream.standard_exponential();
      for (int part = 0; part < 4; ++part) {
        denominators[i] += stream.standard_exponential() / 4.0;
      }
    }
    // At this low confidence no denominator is refused.
    plain += ratio_interval(numerators, denominators, 0.01)->mean;
    corrected += jackknife_ratio_interval(numerators, denominators, 0.01)->mean;
    ++count;
  }
  // The standard deviation of a ratio is about √(1/5 + 1/20) = 0.5, of their mean 0.0035.
  CHECK(plain / count == Approx(20.0 / 19.0).margin(0.012));
  CHECK(corrected / count == Approx(1.0).margin(0.012));
}

TEST_CASE("a ratio whose denominators may be 0 on average is an error", "[statistics]") {
  // Mean 2, standard error 1/√3, t 4.302653: 2 ± 2.484 contains 0.
  const std::string message = ratio_interval(std::array{1.0, 2.0, 3.0}, std::array{1.0, 2.0, 3.0}).error().message;
  CHECK(message.find("the mean of the denominators is 2 ± 2.48") == 0);
  CHECK(message.find("a ratio needs one that is not 0") != std::string::npos);
  CHECK_FALSE(jackknife_ratio_interval(std::array{1.0, 2.0, 3.0}, std::array{1.0, 2.0, 3.0}));
  CHECK_FALSE(ratio_interval(std::array{1.0, 1.0}, std::array{0.0, 0.0}));
  // Confidence 0.1 lets these denominators pass, but without the first one nothing is left.
  CHECK(jackknife_ratio_interval(std::array{1.0, 1.0}, std::array{5.0, 0.0}, 0.1).error().message ==
        "without pair 1 the denominators add up to 0: the jackknife has no ratio");
}

TEST_CASE("a ratio of wrong samples is an error that says why", "[statistics]") {
  for (const auto method : {&ratio_interval, &jackknife_ratio_interval}) {
    CHECK(method({}, {}, 0.95).error().message == "0 sample(s): a confidence interval needs at least 2");
    CHECK(method(std::array{1.0}, std::array{1.0}, 0.95).error().message ==
          "1 sample(s): a confidence interval needs at least 2");
    CHECK(method(std::array{1.0, 2.0}, std::array{1.0}, 0.95).error().message ==
          "2 and 1 values: expected pairs, as many of one as of the other");
    CHECK(
        method(std::array{1.0, 2.0}, std::array{1.0, std::numeric_limits<double>::infinity()}, 0.95).error().message ==
        "value 2 of 2 is inf: expected a finite number of magnitude at most 1e+100");
    CHECK_FALSE(method(std::array{std::numeric_limits<double>::quiet_NaN(), 2.0}, std::array{1.0, 1.0}, 0.95));
    CHECK_FALSE(method(std::array{1.0, 2.0}, std::array{1.0, 1.0}, 1.0));
  }
}
