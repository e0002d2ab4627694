#include "libsim/queueing_theory/reneging.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "libsim/queueing_theory/markovian.hpp"

using namespace sim::queueing_theory;

TEST_CASE("a call centre of fifty agents with impatience is that of Garnett, Mandelbaum and Reiman",
          "[queueing_theory]") {
  // "Designing a Call Center with Impatient Customers" (2002), table 1: 48 calls per minute, 1 minute of service, 2
  // minutes of patience.
  const auto state = mm_c_m(48.0 / 60.0, 1.0 / 60.0, 50, 1.0 / 120.0);
  REQUIRE(state);
  CHECK(*state->abandonment_probability == Approx(0.031).margin(0.0005));
  CHECK(*state->wait_mean_s == Approx(3.7).margin(0.05));
  CHECK(*state->queue_length_mean == Approx(3.0).margin(0.05));
  CHECK(*state->utilisation == Approx(0.93).margin(0.005));
}

TEST_CASE("quantiles of the wait with impatience are those of a case with a closed form", "[queueing_theory]") {
  // c = lambda = mu = theta = 1: the offered wait has a density proportional to exp(1 - e^-x - x), whose integral from
  // t is e (1 - exp(-e^-t)), and P(V > 0) = 1 - 1/e. So P(W > t) = e^-t (1 - exp(-e^-t)).
  const auto state = mm_c_m(1.0, 1.0, 1, 1.0);
  REQUIRE(state);
  CHECK(*state->wait_quantile_s(0.3) == 0.0);
  for (const double p : {0.4, 0.9, 0.999, 1.0 - 1e-9}) {
    const double t = *state->wait_quantile_s(p);
    CHECK(std::exp(-t) * -std::expm1(-std::exp(-t)) == Approx(1.0 - p).epsilon(1e-7));
  }
}

TEST_CASE("customers as impatient as their service is long make a server for everybody", "[queueing_theory]") {
  // With theta = mu each of n jobs leaves at rate mu: the number of jobs is Poisson.
  const auto state = mm_c_m(120.0, 2.0, 50, 2.0);
  REQUIRE(state);
  CHECK(*state->in_system_mean == Approx(60.0).epsilon(1e-12));
  CHECK(*state->sojourn_mean_s == Approx(0.5).epsilon(1e-12));
  CHECK(*state->wait_probability == Approx(*mm_inf_more_than(120.0, 2.0, 49)).epsilon(1e-12));
}

TEST_CASE("very patient customers make Erlang C", "[queueing_theory]") {
  const auto patient = mm_c_m(90.0, 1.0, 100, 1e-9);
  const auto deadline = mm_c_d(90.0, 1.0, 100, 1e4);
  const auto endless = mm_c(90.0, 1.0, 100);
  REQUIRE((patient && deadline && endless));
  for (const auto& state : {*patient, *deadline}) {
    CHECK(*state.wait_mean_s == Approx(*endless->wait_mean_s).epsilon(1e-7));
    CHECK(*state.wait_probability == Approx(*endless->wait_probability).epsilon(1e-7));
    CHECK(*state.wait_quantile_s(0.99) == Approx(*endless->wait_quantile_s(0.99)).epsilon(1e-6));
  }
}

TEST_CASE("too much load on a hundred servers is given up but for what they can serve", "[queueing_theory]") {
  // 150 arrivals for 100 services per second: 1/3 give up. With patience 1/theta, 50 per second leave from 50/theta.
  for (const double theta : {1.0, 0.01, 1e-4}) {
    const auto state = mm_c_m(150.0, 1.0, 100, theta);
    REQUIRE(state);
    CAPTURE(theta);
    CHECK(*state->abandonment_probability == Approx(1.0 / 3.0).epsilon(1e-6));
    CHECK(*state->queue_length_mean == Approx(50.0 / theta).epsilon(1e-6));
    if (theta < 1.0) {
      // The offered wait is near log(1.5)/theta for everyone; a job waits that long or until it gives up.
      CHECK(*state->wait_quantile_s(0.2) == Approx(-std::log(0.8) / theta).epsilon(1e-6));
      CHECK(*state->wait_quantile_s(0.9) == Approx(std::log(1.5) / theta).epsilon(0.3));
    }
  }
  const auto deadline = mm_c_d(150.0, 1.0, 100, 1'000.0);
  REQUIRE(deadline);
  CHECK(*deadline->abandonment_probability == Approx(1.0 / 3.0).epsilon(1e-9));
  CHECK(*deadline->wait_mean_s == Approx(1'000.0).epsilon(1e-4));
  CHECK(*deadline->wait_quantile_s(0.999999) == 1'000.0);
}

TEST_CASE("with one server and a deadline the wait is as integrated by hand", "[queueing_theory]") {
  // lambda = mu = tau = 1: the offered wait has density p0 up to 1 and p0 e^(1-x) beyond, so that p0 (1 + 1 + 1) = 1.
  // P(late) = 1/3, E[min(V, 1)] = 1/3·1/2 + 1/3 = 1/2, and a fifth of the way from P(0) = 1/3 to 2/3 is t = 0.2.
  const auto state = mm_c_d(1.0, 1.0, 1, 1.0);
  REQUIRE(state);
  CHECK(*state->abandonment_probability == Approx(1.0 / 3.0).epsilon(1e-14));
  CHECK(*state->wait_probability == Approx(2.0 / 3.0).epsilon(1e-14));
  CHECK(*state->wait_mean_s == Approx(0.5).epsilon(1e-14));
  CHECK(*state->wait_quantile_s(1.0 / 3.0 + 0.2 / 3.0) == Approx(0.2).epsilon(1e-12));
  CHECK(*state->wait_quantile_s(0.7) == 1.0);
  CHECK(*state->wait_quantile_s(0.3) == 0.0);
}

TEST_CASE("waits with a deadline do not jump where load and capacity meet", "[queueing_theory]") {
  const auto below = mm_c_d(10.0 - 1e-7, 1.0, 10, 2.0);
  const auto at = mm_c_d(10.0, 1.0, 10, 2.0);
  const auto above = mm_c_d(10.0 + 1e-7, 1.0, 10, 2.0);
  REQUIRE((below && at && above));
  CHECK(*below->wait_mean_s == Approx(*at->wait_mean_s).epsilon(1e-6));
  CHECK(*above->wait_mean_s == Approx(*at->wait_mean_s).epsilon(1e-6));
  CHECK(*below->wait_mean_s < *above->wait_mean_s);
  CHECK(*above->abandonment_probability == Approx(*at->abandonment_probability).epsilon(1e-6));
}

TEST_CASE("impatient jobs with room in service only are Erlang's loss system", "[queueing_theory]") {
  const auto state = mm_c_k_m(8.0, 1.0, 10, 10, 0.5);
  REQUIRE(state);
  CHECK(*state->loss_probability == Approx(*erlang_b(8.0, 10)).epsilon(1e-13));
  CHECK(*state->wait_mean_s == 0.0);
  CHECK(*state->abandonment_probability == 0.0);
  CHECK(*state->wait_probability == Approx(0.0).margin(1e-15));
}

TEST_CASE("impatient jobs with much room are Erlang A", "[queueing_theory]") {
  const auto limited = mm_c_k_m(60.0, 1.0, 50, 10'000, 0.2);
  const auto endless = mm_c_m(60.0, 1.0, 50, 0.2);
  REQUIRE((limited && endless));
  CHECK(*limited->abandonment_probability == Approx(*endless->abandonment_probability).epsilon(1e-13));
  CHECK(*limited->loss_probability < 1e-20);
}

TEST_CASE("who enters a discouraging queue waits as Little says", "[queueing_theory]") {
  // lambda = 2, mu = 1: Poisson of mean 2, served at 1 - e^-2 = 0.8646647.
  const auto state = mm_1_discouraged(2.0, 1.0);
  REQUIRE(state);
  CHECK(*state->in_system_mean == 2.0);
  CHECK(*state->throughput_per_s == Approx(0.8646647));
  CHECK(*state->loss_probability == Approx(1.0 - 0.8646647 / 2.0));
  CHECK(*state->sojourn_mean_s == Approx(2.0 / 0.8646647));
  CHECK(*state->wait_probability == Approx(1.0 - 2.0 * std::exp(-2.0) / 0.8646647));
}

TEST_CASE("impatient stations refuse values that are not positive", "[queueing_theory]") {
  CHECK(mm_c_m(1.0, 1.0, 1, 0.0).error().message == "give_ups_per_s 0: expected a positive number");
  CHECK(mm_c_m(0.0, 1.0, 1, 1.0).error().message == "arrivals_per_s 0: expected a positive number");
  CHECK(mm_c_m(1.0, 1.0, 0, 1.0).error().message == "servers 0: expected 1 or more");
  CHECK(mm_c_d(1.0, 1.0, 1, -1.0).error().message == "patience_s -1: expected a positive number");
  CHECK(mm_c_k_m(1.0, 1.0, 3, 2, 1.0).error().message == "capacity 2: expected at least 3, the number of servers");
  CHECK_FALSE(mm_1_discouraged(1.0, 0.0));
}
