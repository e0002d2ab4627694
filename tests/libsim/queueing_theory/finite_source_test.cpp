#include "libsim/queueing_theory/finite_source.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "libsim/queueing_theory/markovian.hpp"

using namespace sim::queueing_theory;

TEST_CASE("two machines and one repairman are as counted by hand", "[queueing_theory]") {
  // lambda = mu = 1: weights 1, 2, 2 of 0, 1, 2 broken machines. One that breaks sees 1 machine: broken half of the
  // time.
  const auto state = machine_repairman(2, 1.0, 1.0, 1);
  REQUIRE(state);
  CHECK(*state->in_system_mean == Approx(6.0 / 5.0));
  CHECK(*state->throughput_per_s == Approx(4.0 / 5.0));
  CHECK(*state->sojourn_mean_s == Approx(3.0 / 2.0));
  CHECK(*state->wait_probability == Approx(1.0 / 2.0));
  CHECK(*state->wait_quantile_s(0.9) == Approx(std::log(5.0)));  // e^-t / 2 = 0.1
  const double t = *state->sojourn_quantile_s(0.9);
  CHECK(std::exp(-t) * (1.0 + t / 2.0) == Approx(0.1).epsilon(1e-12));
}

TEST_CASE("one customer never waits", "[queueing_theory]") {
  const auto state = machine_repairman(1, 2.0, 3.0, 1);
  REQUIRE(state);
  CHECK(*state->wait_probability == 0.0);
  CHECK(*state->wait_mean_s == Approx(0.0).margin(1e-15));
  CHECK(*state->throughput_per_s == Approx(6.0 / 5.0));
  CHECK(*state->sojourn_quantile_s(0.5) == Approx(std::log(2.0) / 3.0));
}

TEST_CASE("customers are thinking or here", "[queueing_theory]") {
  rc::prop("throughput times the mean round is their number", [] {
    const auto sources = *rc::gen::inRange<std::uint32_t>(1, 200);
    const auto servers = *rc::gen::inRange<std::uint32_t>(1, 20);
    const double think_s = *rc::gen::inRange(1, 1'000) / 10.0;
    const auto state = machine_repairman(sources, 1.0 / think_s, 1.0, servers);
    RC_ASSERT(state.has_value());
    const double customers = *state->throughput_per_s * (think_s + *state->sojourn_mean_s);
    RC_ASSERT(std::abs(customers - sources) <= 1e-9 * sources);
  });
}

TEST_CASE("mean value analysis of one station is the repairman", "[queueing_theory]") {
  rc::prop("for any number of customers", [] {
    const auto sources = *rc::gen::inRange<std::uint32_t>(1, 200);
    const double think_s = *rc::gen::inRange(1, 1'000) / 10.0;
    const auto repairman = machine_repairman(sources, 1.0 / think_s, 1.0, 1);
    const std::vector<ClosedStation> one{{.demand_s = 1.0}};
    const auto network = closed_network(one, think_s, sources);
    RC_ASSERT((repairman && network));
    RC_ASSERT(std::abs(network->throughput_per_s - *repairman->throughput_per_s) <= 1e-9);
    RC_ASSERT(std::abs(network->response_mean_s - *repairman->sojourn_mean_s) <= 1e-7);
    RC_ASSERT(std::abs(*network->stations[0].utilisation - *repairman->utilisation) <= 1e-9);
  });
}

TEST_CASE("with balanced stations a customer is anywhere equally often", "[queueing_theory]") {
  // M equal stations, N customers, no thinking: X = N / (D (N + M - 1)). Lazowska et al., Quantitative System
  // Performance (1984), section 5.4.
  const std::vector<ClosedStation> stations(3, ClosedStation{.demand_s = 2.0});
  const auto network = closed_network(stations, 0.0, 4);
  REQUIRE(network);
  CHECK(network->throughput_per_s == Approx(4.0 / (2.0 * 6.0)));
  CHECK(*network->stations[1].in_system_mean == Approx(4.0 / 3.0));
  CHECK(*network->stations[1].queue_length_mean == Approx(4.0 / 3.0 - 2.0 / 3.0));
  CHECK(*network->stations[1].sojourn_mean_s == Approx(4.0));
}

TEST_CASE("a station of pure delay is as good as thinking", "[queueing_theory]") {
  const std::vector<ClosedStation> delayed{{.demand_s = 0.5}, {.demand_s = 3.0, .kind = ClosedStation::Kind::delay}};
  const std::vector<ClosedStation> alone{{.demand_s = 0.5}};
  const auto with_delay = closed_network(delayed, 1.0, 12);
  const auto with_thinking = closed_network(alone, 4.0, 12);
  REQUIRE((with_delay && with_thinking));
  CHECK(with_delay->throughput_per_s == Approx(with_thinking->throughput_per_s).epsilon(1e-14));
  CHECK(with_delay->response_mean_s == Approx(with_thinking->response_mean_s + 3.0).epsilon(1e-12));
  CHECK_FALSE(with_delay->stations[1].utilisation);
  CHECK(*with_delay->stations[1].wait_mean_s == Approx(0.0).margin(1e-15));
}

TEST_CASE("a closed network without customers does nothing", "[queueing_theory]") {
  const std::vector<ClosedStation> one{{.demand_s = 1.0}};
  const auto network = closed_network(one, 1.0, 0);
  REQUIRE(network);
  CHECK(network->throughput_per_s == 0.0);
  CHECK(*network->stations[0].in_system_mean == 0.0);
  CHECK_FALSE(network->stations[0].sojourn_mean_s);
}

TEST_CASE("closed systems refuse what takes no time, or less", "[queueing_theory]") {
  CHECK(machine_repairman(0, 1.0, 1.0, 1).error().message == "sources 0: expected a positive number");
  CHECK(machine_repairman(2, 0.0, 1.0, 1).error().message == "requests_per_s 0: expected a positive number");
  CHECK(machine_repairman(2, 1.0, 1.0, 0).error().message == "servers 0: expected 1 or more");
  const std::vector<ClosedStation> nothing{{.demand_s = 0.0}};
  CHECK(closed_network(nothing, 0.0, 3).error().message ==
        "time of a round without waits 0: expected a positive number");
  const std::vector<ClosedStation> wrong{{.demand_s = 1.0}, {.demand_s = -1.0}};
  CHECK(closed_network(wrong, 0.0, 3).error().message == "station 1: demand_s -1: expected 0 or a positive number");
  const std::vector<ClosedStation> one{{.demand_s = 1.0}};
  CHECK(closed_network(one, -1.0, 3).error().message == "think_mean_s -1: expected 0 or a positive number");
}
