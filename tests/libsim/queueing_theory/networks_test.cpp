#include "libsim/queueing_theory/networks.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "libsim/queueing_theory/markovian.hpp"

using namespace sim::queueing_theory;

namespace {

OpenStation station(std::string name, double arrivals_per_s, double services_per_s, std::uint32_t servers = 1) {
  OpenStation one;
  one.name = std::move(name);
  one.arrivals_per_s = arrivals_per_s;
  one.services_per_s = services_per_s;
  one.servers = servers;
  return one;
}

}  // namespace

TEST_CASE("traffic flows as its equations say", "[queueing_theory]") {
  rc::prop("what arrives is what comes from outside and from other stations", [] {
    const auto n = *rc::gen::inRange<std::size_t>(1, 8);
    std::vector<OpenStation> stations;
    std::vector<std::vector<double>> routing(n, std::vector<double>(n, 0.0));
    for (std::size_t i = 0; i < n; ++i) {
      stations.push_back(station("", *rc::gen::inRange(i == 0 ? 1 : 0, 20) / 10.0, 1'000.0));
      for (double& probability : routing[i]) {
        probability = *rc::gen::inRange(0, 90) / 100.0 / static_cast<double>(n);
      }
    }
    const auto network = open_network(stations, routing);
    RC_ASSERT(network.has_value());
    double leaving_per_s = 0.0;
    for (std::size_t j = 0; j < n; ++j) {
      double arrivals_per_s = stations[j].arrivals_per_s;
      double stays = 0.0;
      for (std::size_t i = 0; i < n; ++i) {
        arrivals_per_s += network->arrivals_per_s[i] * routing[i][j];
        stays += routing[j][i];
      }
      leaving_per_s += network->arrivals_per_s[j] * (1.0 - stays);
      RC_ASSERT(std::abs(arrivals_per_s - network->arrivals_per_s[j]) <= 1e-9 * (1.0 + arrivals_per_s));
    }
    RC_ASSERT(std::abs(leaving_per_s - network->throughput_per_s) <= 1e-9 * (1.0 + leaving_per_s));
    RC_ASSERT(std::abs(network->sojourn_mean_s * network->throughput_per_s - network->in_system_mean) <= 1e-9);
  });
}

TEST_CASE("a station with several servers in a network is Erlang C", "[queueing_theory]") {
  // 2 jobs per second, of which half come back once more on average: 4 per second at the pool.
  const std::vector<OpenStation> stations{station("desk", 2.0, 5.0), station("pool", 0.0, 1.0, 6)};
  const auto network = open_network(stations, {{0.0, 1.0}, {0.0, 0.5}});
  const auto pool = mm_c(4.0, 1.0, 6);
  REQUIRE((network && pool));
  CHECK(network->arrivals_per_s[1] == Approx(4.0).epsilon(1e-14));
  CHECK(*network->stations[1].wait_mean_s == Approx(*pool->wait_mean_s).epsilon(1e-13));
  // Desk: 1/(5 - 2); pool: two visits.
  CHECK(network->sojourn_mean_s == Approx(1.0 / 3.0 + 2.0 * *pool->sojourn_mean_s).epsilon(1e-13));
  CHECK_FALSE(network->sojourn_quantile_s);
}

TEST_CASE("a station that no job reaches is idle, even when its jobs would never leave", "[queueing_theory]") {
  const std::vector<OpenStation> stations{station("a", 1.0, 2.0), station("b", 0.0, 2.0)};
  const auto network = open_network(stations, {{0.0, 0.0}, {0.0, 1.0}});
  REQUIRE(network);
  CHECK(network->arrivals_per_s[1] == 0.0);
  CHECK(*network->stations[1].throughput_per_s == 0.0);
  CHECK(network->in_system_mean == Approx(1.0));
}

TEST_CASE("sojourns in a row of equal stations have the quantiles of an Erlang law", "[queueing_theory]") {
  // Three stations that each keep a job for an exponential time of rate 1: P(T > t) = e^-t (1 + t + t²/2).
  const std::vector<OpenStation> stations{station("a", 1.0, 2.0), station("b", 0.0, 2.0), station("c", 0.0, 2.0)};
  const auto network = tandem(stations);
  REQUIRE(network);
  for (const double p : {0.01, 0.5, 0.95, 0.999999}) {
    const double t = *network->sojourn_quantile_s(p);
    CHECK(std::exp(-t) * (1.0 + t + t * t / 2.0) == Approx(1.0 - p).epsilon(1e-9));
  }
  CHECK(network->sojourn_mean_s == Approx(3.0));
}

TEST_CASE("sojourns in a row of unequal stations have the quantiles of their sum", "[queueing_theory]") {
  // Rates 1 and 1000: P(T > t) = (1000 e^-t - e^-1000t) / 999.
  const std::vector<OpenStation> stations{station("a", 1.0, 2.0), station("b", 0.0, 1'001.0)};
  const double t = *tandem(stations)->sojourn_quantile_s(0.99);
  CHECK((1'000.0 * std::exp(-t) - std::exp(-1'000.0 * t)) / 999.0 == Approx(0.01).epsilon(1e-9));
}

TEST_CASE("sojourn quantiles are known for rows of single servers only", "[queueing_theory]") {
  const std::vector<OpenStation> pooled{station("a", 1.0, 2.0), station("b", 0.0, 1.0, 2)};
  CHECK_FALSE(tandem(pooled)->sojourn_quantile_s);
}

TEST_CASE("an error names the station of a network that is not steady or wrong", "[queueing_theory]") {
  const std::vector<OpenStation> slow{station("desk", 2.0, 5.0), station("pool", 0.0, 1.0, 3)};
  CHECK_THAT(open_network(slow, {{0.0, 1.0}, {0.0, 0.5}}).error().message,
             Catch::StartsWith("station 1 (pool): load 1.33") &&
                 Catch::EndsWith("per server: expected less than 1, or the queue grows without end"));
  CHECK(open_network(slow, {{0.0, 1.0}}).error().message ==
        "1 rows of routing probabilities: expected 2, one per station");
  CHECK(open_network(slow, {{0.0}, {0.0, 0.0}}).error().message ==
        "station 0 (desk): 1 routing probabilities: expected 2, one per station");
  CHECK(open_network(slow, {{0.0, 0.0}, {0.5, 0.75}}).error().message ==
        "station 1 (pool): routing probabilities add up to 1.25: expected at most 1");
  CHECK(open_network(slow, {{0.0, -0.5}, {0.5, 0.0}}).error().message ==
        "station 0 (desk): routing probability -0.5: expected 0 to 1");
  CHECK(open_network(slow, {{0.0, 1.0}, {0.0, 1.0}}).error().message ==
        "station 0 (desk): jobs reach it and never leave the network again");
  const std::vector<OpenStation> silent{station("", 0.0, 5.0)};
  CHECK(open_network(silent, {{0.0}}).error().message ==
        "nothing arrives at any station: expected arrivals_per_s above 0 at one or more");
  const std::vector<OpenStation> wrong{station("", 1.0, 0.0)};
  CHECK(open_network(wrong, {{0.0}}).error().message == "station 0: services_per_s 0: expected a positive number");
  const std::vector<OpenStation> late{station("a", 1.0, 2.0), station("b", 0.5, 2.0)};
  CHECK(tandem(late).error().message ==
        "station 1 (b): arrivals_per_s 0.5: expected 0, jobs arrive at the first station of a row");
}
