#include "libsim/queueing_theory/markovian.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>

using namespace sim::queueing_theory;

TEST_CASE("Erlang B is that of the traffic tables", "[queueing_theory]") {
  // Offered load in erlangs at a loss of 1 %, and of 2 %, as engineers' tables of Erlang B print it.
  struct TrafficRow {
    std::uint32_t servers;
    double load;
    double loss;
    double rounding;  // half of the last digit of the load
  };
  const std::array rows{
      TrafficRow{1, 0.0101, 0.01, 0.00005}, TrafficRow{5, 1.36, 0.01, 0.005}, TrafficRow{10, 4.46, 0.01, 0.005},
      TrafficRow{20, 12.0, 0.01, 0.05},     TrafficRow{50, 37.9, 0.01, 0.05}, TrafficRow{100, 84.1, 0.01, 0.05},
      TrafficRow{10, 5.08, 0.02, 0.005},    TrafficRow{30, 21.9, 0.02, 0.05}, TrafficRow{100, 88.0, 0.02, 0.05}};
  for (const auto& row : rows) {
    CAPTURE(row.servers, row.loss);
    CHECK(*erlang_b(row.load - row.rounding, row.servers) < row.loss);
    CHECK(*erlang_b(row.load + row.rounding, row.servers) > row.loss);
  }
}

TEST_CASE("Erlang B without servers loses everything, and without load nothing", "[queueing_theory]") {
  CHECK(*erlang_b(3.0, 0) == 1.0);
  CHECK(*erlang_b(0.0, 3) == 0.0);
}

TEST_CASE("Erlang B of as many servers as erlangs follows Ramanujan's expansion", "[queueing_theory]") {
  // 1/B(n, n) = 1 + Q(n), Q(n) ~ √(πn/2) - 1/3 + √(π/(2n))/12 - 4/(135n): Knuth, The Art of Computer Programming 1,
  // section 1.2.11.3.
  for (const std::uint32_t servers : {100U, 1'000U, 10'000U}) {
    const double n = servers;
    const double q = std::sqrt(M_PI * n / 2.0) - 1.0 / 3.0 + std::sqrt(M_PI / (2.0 * n)) / 12.0 - 4.0 / (135.0 * n);
    CHECK(*erlang_b(n, servers) == Approx(1.0 / (1.0 + q)).epsilon(1e-6));
  }
}

TEST_CASE("Erlang C has the closed forms of one, two and three servers", "[queueing_theory]") {
  // With a erlangs: a; a²/(2 + a); a³/(6 + 4a + a²): Gross & Harris, section 2.3, with the sums written out.
  for (const double load : {0.1, 0.5, 0.9}) {
    CHECK(*erlang_c(load, 1) == Approx(load).epsilon(1e-14));
    const double two = 2.0 * load;
    CHECK(*erlang_c(two, 2) == Approx(two * two / (2.0 + two)).epsilon(1e-14));
    const double three = 3.0 * load;
    CHECK(*erlang_c(three, 3) == Approx(three * three * three / (6.0 + 4.0 * three + three * three)).epsilon(1e-14));
  }
}

TEST_CASE("Erlang C of ten thousand servers follows Halfin and Whitt", "[queueing_theory]") {
  // P(wait) -> 1 / (1 + β Φ(β)/φ(β)) for load = c - β√c: Halfin & Whitt, "Heavy-Traffic Limits for Queues with Many
  // Exponential Servers" (1981). For β = 1: Φ = 0.8413447, φ = 0.2419707, so 0.2233612; the error falls like 1/√c.
  CHECK(*erlang_c(10'000.0 - 100.0, 10'000) == Approx(0.2233612).epsilon(0.01));
}

TEST_CASE("a call centre of fifty agents without impatience is that of Garnett, Mandelbaum and Reiman",
          "[queueing_theory]") {
  // "Designing a Call Center with Impatient Customers" (2002), table 1: 48 calls per minute, 1 minute of service.
  const auto state = mm_c(48.0 / 60.0, 1.0 / 60.0, 50);
  REQUIRE(state);
  CHECK(*state->wait_mean_s == Approx(20.8).margin(0.05));
  CHECK(*state->wait_quantile_s(0.90) == Approx(58.1).margin(0.05));
  CHECK(*state->queue_length_mean == Approx(17.0).margin(0.5));
  CHECK(*state->utilisation == Approx(0.96));
}

TEST_CASE("quantiles of M/M/c are where its distribution functions say", "[queueing_theory]") {
  // M/M/2 with lambda = 1.5, mu = 1: C = 9/14, wait rate δ = 1/2. The sojourn is wait plus service:
  // P(T > t) = (1 - C) e^-t + C (δ e^-t - e^-δt) / (δ - 1).
  const auto state = mm_c(1.5, 1.0, 2);
  REQUIRE(state);
  const double c = 9.0 / 14.0;
  CHECK(*state->wait_quantile_s(1.0 - c) == 0.0);
  for (const double p : {0.4, 0.9, 0.99, 0.999999}) {
    const double wait_s = *state->wait_quantile_s(p);
    CHECK(1.0 - c * std::exp(-0.5 * wait_s) == Approx(p).epsilon(1e-12));
    const double t = *state->sojourn_quantile_s(p);
    CHECK(1.0 - ((1.0 - c) * std::exp(-t) + c * (0.5 * std::exp(-t) - std::exp(-0.5 * t)) / -0.5) ==
          Approx(p).epsilon(1e-12));
  }
}

TEST_CASE("the sojourn in M/M/c is known when waits end as fast as services", "[queueing_theory]") {
  // lambda = 1, mu = 1, c = 2: δ = 1 = mu, C = 1/3. P(T > t) = 2/3 e^-t + 1/3 (1 + t) e^-t.
  const auto state = mm_c(1.0, 1.0, 2);
  REQUIRE(state);
  const double t = *state->sojourn_quantile_s(0.95);
  CHECK(std::exp(-t) * (1.0 + t / 3.0) == Approx(0.05).epsilon(1e-12));
}

TEST_CASE("quantiles exist for probabilities from 0 to below 1", "[queueing_theory]") {
  const auto state = mm_c(0.5, 1.0, 1);
  REQUIRE(state);
  CHECK(*state->wait_quantile_s(0.0) == 0.0);
  CHECK(*state->sojourn_quantile_s(0.0) == 0.0);
  CHECK(*mm_c(0.5, 1.0, 2)->sojourn_quantile_s(0.0) == 0.0);
  CHECK_FALSE(state->wait_quantile_s(1.0));
  CHECK_FALSE(state->sojourn_quantile_s(-0.1));
  CHECK_FALSE(state->sojourn_quantile_s(std::nan("")));
}

TEST_CASE("an M/M/1 station with room for two is as Kleinrock's finite storage", "[queueing_theory]") {
  // Kleinrock 1 (1975), section 3.6: p_n = (1 - ρ) ρ^n / (1 - ρ³); with ρ = 1/2: 4/7, 2/7, 1/7.
  const auto state = mm_c_k(1.0, 2.0, 1, 2);
  REQUIRE(state);
  CHECK(*state->loss_probability == Approx(1.0 / 7.0).epsilon(1e-14));
  CHECK(*state->in_system_mean == Approx(4.0 / 7.0).epsilon(1e-14));
  CHECK(*state->throughput_per_s == Approx(6.0 / 7.0).epsilon(1e-14));
  CHECK(*state->wait_probability == Approx(1.0 / 3.0).epsilon(1e-14));  // finds 0 or 1 of 2 : 1
  // One of three waits for a service of rate 2: P(W > t) = e^-2t / 3; the sojourn is one or two services.
  CHECK(*state->wait_quantile_s(0.9) == Approx(std::log(10.0 / 3.0) / 2.0).epsilon(1e-12));
  CHECK(*state->wait_quantile_s(0.6) == 0.0);
  const double t = *state->sojourn_quantile_s(0.9);
  CHECK(std::exp(-2.0 * t) * (1.0 + 2.0 * t / 3.0) == Approx(0.1).epsilon(1e-12));
}

TEST_CASE("a full station at critical load has all numbers of jobs equally often", "[queueing_theory]") {
  const auto state = mm_c_k(1.0, 1.0, 1, 9);
  REQUIRE(state);
  CHECK(*state->loss_probability == Approx(0.1).epsilon(1e-13));
  CHECK(*state->in_system_mean == Approx(4.5).epsilon(1e-13));
}

TEST_CASE("stations with much room and little, and too much load, stay accurate", "[queueing_theory]") {
  const auto overloaded = mm_c_k(300.0, 1.0, 100, 1'000'000);
  REQUIRE(overloaded);
  CHECK(*overloaded->loss_probability == Approx(2.0 / 3.0).epsilon(1e-12));
  CHECK(*overloaded->in_system_mean == Approx(1'000'000.0 - 0.5).epsilon(1e-9));  // short by ρ^-1 / (1 - ρ^-1)
  const auto ample = mm_c_k(90.0, 1.0, 100, 100'000);
  const auto endless = mm_c(90.0, 1.0, 100);
  REQUIRE((ample && endless));
  CHECK(*ample->wait_mean_s == Approx(*endless->wait_mean_s).epsilon(1e-10));
  CHECK(*ample->wait_quantile_s(0.99) == Approx(*endless->wait_quantile_s(0.99)).epsilon(1e-9));
  CHECK(*ample->sojourn_quantile_s(0.99) == Approx(*endless->sojourn_quantile_s(0.99)).epsilon(1e-9));
}

TEST_CASE("a loss station of any service law has no waits", "[queueing_theory]") {
  const auto state = mg_c_c(8.0, 1.0, 10);
  REQUIRE(state);
  CHECK(*state->wait_mean_s == 0.0);
  CHECK(*state->wait_quantile_s(0.99) == 0.0);
  CHECK_FALSE(state->sojourn_quantile_s);
  CHECK(state->formula == "Erlang B (any service law)");
}

TEST_CASE("a server for everybody has a Poisson number of jobs", "[queueing_theory]") {
  const auto state = mm_inf(6.0, 2.0);
  REQUIRE(state);
  CHECK(*state->in_system_mean == 3.0);
  CHECK_FALSE(state->utilisation);
  CHECK(*state->sojourn_quantile_s(0.5) == Approx(std::log(2.0) / 2.0));
  // More than 1 of mean 3: 1 - e^-3 (1 + 3).
  CHECK(*mm_inf_more_than(6.0, 2.0, 1) == Approx(1.0 - 4.0 * std::exp(-3.0)));
}

TEST_CASE("arguments without a steady state are errors that name them", "[queueing_theory]") {
  CHECK(mm_c(0.0, 1.0, 1).error().message == "arrivals_per_s 0: expected a positive number");
  CHECK(mm_c(1.0, -2.0, 1).error().message == "services_per_s -2: expected a positive number");
  CHECK(mm_c(1.0, std::nan(""), 1).error().message == "services_per_s nan: expected a positive number");
  CHECK(mm_c(1.0, INFINITY, 1).error().message == "services_per_s inf: expected a positive number");
  CHECK(mm_c(1.0, 2.0, 0).error().message == "servers 0: expected 1 or more");
  CHECK(mm_c(3.0, 1.0, 2).error().message ==
        "load 1.5 per server: expected less than 1, or the queue grows without end");
  CHECK_FALSE(mm_c(2.0, 1.0, 2));
  CHECK(erlang_b(-1.0, 2).error().message == "offered load -1: expected 0 or a positive number");
  CHECK_FALSE(erlang_c(2.0, 2));
  CHECK(mm_c_k(1.0, 1.0, 3, 2).error().message ==
        "capacity 2: expected from 3 (servers) to 10000000 jobs in the system");
  CHECK_FALSE(mm_inf(1.0, 0.0));
  CHECK_FALSE(mm_inf_more_than(1.0, 0.0, 1));
  CHECK_FALSE(mm_1_at_least(2.0, 1.0, 3));
  CHECK(mg_c_c(1.0, 0.0, 3).error().message == "service_mean_s 0: expected a positive number");
}
