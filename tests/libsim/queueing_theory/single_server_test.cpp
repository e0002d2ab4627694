#include "libsim/queueing_theory/single_server.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace sim::queueing_theory;

namespace {

/// P(W <= t) of M/D/1 with service 1 by Erlang's own series, whose terms alternate: good for short times only.
double erlang_series(double load, double t) {
  double sum = 0.0;
  double factorial = 1.0;
  for (int k = 0; k <= static_cast<int>(t); ++k) {
    factorial *= k > 0 ? k : 1;
    sum += std::pow(load * (k - t), k) / factorial * std::exp(-load * (k - t));
  }
  return (1.0 - load) * sum;
}

}  // namespace

TEST_CASE("Pollaczek and Khinchine halve the wait of constant services", "[queueing_theory]") {
  // lambda = 0.8, mean 1: W = 0.8 E[S²] / 0.4. Exponential: 4. Constant: 2.
  const auto exponential = mg_1(0.8, 1.0, 2.0);
  const auto constant = mg_1(0.8, 1.0, 1.0);
  REQUIRE((exponential && constant));
  CHECK(*exponential->wait_mean_s == Approx(4.0));
  CHECK(*constant->wait_mean_s == Approx(2.0));
  CHECK(*constant->in_system_mean == Approx(2.4));
  CHECK(*constant->wait_probability == Approx(0.8));
  CHECK_FALSE(constant->wait_quantile_s);
}

TEST_CASE("an infinite second moment leaves the wait without a mean", "[queueing_theory]") {
  const auto state = mg_1(0.5, 1.0, INFINITY);
  REQUIRE(state);
  CHECK(*state->utilisation == 0.5);
  CHECK_FALSE(state->wait_mean_s);
  CHECK_FALSE(state->in_system_mean);
}

TEST_CASE("quantiles of M/D/1 agree with Erlang's series where that is good", "[queueing_theory]") {
  for (const double load : {0.1, 0.5, 0.8, 0.95}) {
    const auto state = md_1(load, 1.0);
    REQUIRE(state);
    for (const double p : {0.3, 0.6, 0.9, 0.95, 0.99}) {
      const double t = *state->wait_quantile_s(p);
      CAPTURE(load, p, t);
      if (t > 0.0 && t < 10.0) {
        CHECK(erlang_series(load, t) == Approx(p).epsilon(1e-9));
      } else if (t == 0.0) {
        CHECK(1.0 - load >= p);
      }
      CHECK(*state->sojourn_quantile_s(p) == t + 1.0);
    }
  }
}

TEST_CASE("quantiles of M/D/1 scale with the service time", "[queueing_theory]") {
  CHECK(*md_1(0.08, 10.0)->wait_quantile_s(0.95) == Approx(10.0 * *md_1(0.8, 1.0)->wait_quantile_s(0.95)));
}

TEST_CASE("far quantiles of M/D/1 rise by its exponential tail, near full load too", "[queueing_theory]") {
  // P(W > t) ~ γ e^-δt, δ the positive root of λ (e^δ - 1) = δ: Tijms, Stochastic Models (1994), section 4.4. A tail
  // 10 times as thin lies ln(10)/δ further out.
  for (const double load : {0.5, 0.9, 0.999}) {
    double root = 10.0;
    for (int i = 0; i < 100; ++i) {  // Newton's method from the right for a concave function
      root -= (std::log1p(root / load) - root) / (1.0 / (load + root) - 1.0);
    }
    const auto state = md_1(load, 1.0);
    REQUIRE(state);
    CAPTURE(load, root);
    const double step = *state->wait_quantile_s(1.0 - 1e-8) - *state->wait_quantile_s(1.0 - 1e-7);
    CHECK(step == Approx(std::log(10.0) / root).epsilon(1e-6));
  }
}

TEST_CASE("a quantile of M/D/1 that a double cannot tell from 1 is absent or far out", "[queueing_theory]") {
  const auto far = md_1(0.5, 1.0)->wait_quantile_s(1.0 - 0x1p-53);
  CHECK((!far || *far > 20.0));
  CHECK_FALSE(md_1(0.5, 1.0)->wait_quantile_s(1.0));
}

TEST_CASE("processor sharing has the mean sojourn of M/M/1 for every service law", "[queueing_theory]") {
  const auto state = mg_1_ps(0.9, 1.0);
  REQUIRE(state);
  CHECK(*state->sojourn_mean_s == Approx(10.0));
  CHECK(*state->in_system_mean == Approx(9.0));
  CHECK_FALSE(state->wait_mean_s);
}

TEST_CASE("another order of service keeps the means and loses the quantiles", "[queueing_theory]") {
  const auto first = md_1(0.8, 1.0);
  REQUIRE(first);
  const auto any = in_any_order(*first);
  CHECK(any.wait_mean_s == first->wait_mean_s);
  CHECK(any.sojourn_mean_s == first->sojourn_mean_s);
  CHECK(any.in_system_mean == first->in_system_mean);
  CHECK_FALSE(any.wait_quantile_s);
  CHECK_FALSE(any.sojourn_quantile_s);
}

TEST_CASE("a G/M/1 station with Poisson arrivals has sigma equal to its load", "[queueing_theory]") {
  for (const double load : {0.01, 0.5, 0.9, 0.999}) {
    const auto state = gm_1(exponential_interarrivals(1.0 / load), 1.0);
    REQUIRE(state);
    CHECK(*state->wait_probability == Approx(load).epsilon(1e-10));
    CHECK(*state->sojourn_quantile_s(0.5) == Approx(std::log(2.0) / (1.0 - load)).epsilon(1e-9));
  }
}

TEST_CASE("sigma solves its equation for sums of two phases", "[queueing_theory]") {
  // With d = 1 - sigma and mu = 1. Phases of rates 1 and 2: 2/((1 + d)(2 + d)) = 1 - d, so d² + 2d - 1 = 0 and
  // sigma = 2 - √2, the example of Kleinrock 1 (1975), section 6.4. Two phases of rate 3/2: (9/4)/(3/2 + d)² = 1 - d,
  // so d² + 2d - 3/4 = 0 and sigma = 2 - √7/2.
  const InterarrivalLaw law{1.5, [](double s) { return 2.0 / ((s + 1.0) * (s + 2.0)); }};
  CHECK(*gm_1(law, 1.0)->wait_probability == Approx(2.0 - std::sqrt(2.0)).epsilon(1e-12));
  CHECK(*gm_1(erlang_interarrivals(2, 4.0 / 3.0), 1.0)->wait_probability ==
        Approx(2.0 - std::sqrt(7.0) / 2.0).epsilon(1e-12));
}

TEST_CASE("transforms of interarrival times have the value 1 and the mean at 0", "[queueing_theory]") {
  const double s = 1e-5;
  for (const auto& law :
       {constant_interarrivals(2.0), exponential_interarrivals(2.0), uniform_interarrivals(1.0, 3.0),
        uniform_interarrivals(2.0, 2.0), erlang_interarrivals(7, 2.0), interrupted_poisson(2.0, 0.3, 0.1),
        hyperexponential_interarrivals({{0.25, 5.0}, {0.75, 1.0}}),
        balanced_hyperexponential_interarrivals(2.0, 9.0)}) {
    CHECK(law.mean_s == Approx(2.0));
    CHECK((1.0 - law.laplace_transform(s)) / s == Approx(2.0).epsilon(1e-3));
  }
}

TEST_CASE("balanced branches have the squared coefficient of variation that was asked for", "[queueing_theory]") {
  // By finite differences of the transform at 0: E[T²] = A''(0), scv = E[T²]/mean² - 1.
  const auto law = balanced_hyperexponential_interarrivals(1.0, 4.0);
  const double h = 1e-3;
  const double second =
      (law.laplace_transform(h) - 2.0 * law.laplace_transform(0.0) + law.laplace_transform(-h)) / (h * h);
  CHECK(second - 1.0 == Approx(4.0).epsilon(1e-3));
}

TEST_CASE("single servers refuse what has no steady state", "[queueing_theory]") {
  CHECK(mg_1(1.0, 1.0, 1.0).error().message ==
        "load 1 per server: expected less than 1, or the queue grows without end");
  CHECK(mg_1(0.5, 1.0, 0.5).error().message ==
        "second moment 0.5 of a service time with the mean 1: expected at least 1");
  CHECK_FALSE(mg_1(0.5, 1.0, std::nan("")));
  CHECK(mg_1(-0.5, 1.0, 1.0).error().message == "arrivals_per_s -0.5: expected a positive number");
  CHECK(md_1(0.5, 0.0).error().message == "service_mean_s 0: expected a positive number");
  CHECK_FALSE(mg_1_ps(1.0, 1.0));
  CHECK_FALSE(mg_1_busy_period_mean_s(1.0, 1.0));
  CHECK_FALSE(mg_1_wait_second_moment(0.5, 1.0, INFINITY, INFINITY));
  CHECK_FALSE(mg_1_wait_second_moment(0.5, 1.0, 1.0, -1.0));
  CHECK(gm_1(constant_interarrivals(0.0), 1.0).error().message ==
        "mean of the interarrival times 0: expected a positive number");
  CHECK_FALSE(gm_1(constant_interarrivals(1.0), 1.0));
  CHECK(gm_1({.mean_s = 2.0, .laplace_transform = [](double) { return 1.0; }}, 1.0).error().message ==
        "no share of arrivals below 1 waits by this Laplace transform of the interarrival times");
  CHECK_FALSE(gm_1(constant_interarrivals(1.0), -1.0));
}
