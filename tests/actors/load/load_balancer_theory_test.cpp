#include <fmt/format.h>

#include <cmath>
#include <deque>

#include "actors/load/arrival_generator.hpp"
#include "actors/load/load_balancer.hpp"
#include "tests/actors/load/load_cases.hpp"

using namespace sim;
using namespace sim::testing;

namespace {

using Policy = policies::LoadBalancer;
using Algorithm = Policy::Algorithm;
using Balancer = actors::LoadBalancer<Job>;
using Source = actors::ArrivalGenerator<Job, MakeJob>;

/// The mean time in the system behind a balancer, after a twentieth of the time for warming up.
double mean_response_s(std::uint64_t seed, Policy::Config policy, std::uint32_t servers, double rate_per_s,
                       Duration duration) {
  Simulation simulation({.seed = seed});
  std::vector<Port<Job>> targets;
  for (std::uint32_t server = 0; server < servers; ++server) {
    targets.emplace_back(simulation.spawn<FifoServer>(fmt::format("server-{}", server), FifoServer::Config{}));
  }
  const auto balancer = simulation.spawn<Balancer>("balancer", Balancer::Config{.policy = policy}, targets);
  simulation.spawn<Source>("source",
                           Source::Config{.arrivals = {policies::PoissonArrivals{rate_per_s}}, .duration = duration},
                           balancer, MakeJob{});
  simulation.run_for(duration / 20);
  simulation.metrics().reset_statistics();
  simulation.run();
  return simulation.metrics().tally("request_duration_s", "source").mean();
}

std::vector<double> replications(Policy::Config policy, std::uint32_t servers, double rate_per_s, Duration duration) {
  std::vector<double> means;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    means.push_back(mean_response_s(seed, policy, servers, rate_per_s, duration));
  }
  return means;
}

}  // namespace

TEST_CASE("A-LB-01: two exponential servers behind least connections respond as theory says",
          "[load_balancer][theory]") {
  const double expected = expected_of_case("A-LB-01");
  const auto lowest =
      replications({.algorithm = Algorithm::least_connections, .ties = Policy::Ties::lowest_index}, 2, 1.5, 20'000s);
  REQUIRE(std::abs(z_of(lowest, expected, 0.01)) < 4.0);
  const auto random = replications({.algorithm = Algorithm::least_connections}, 2, 1.5, 20'000s);
  REQUIRE(std::abs(z_of(random, expected, 0.01)) < 4.0);
  // Two choices without replacement are all of two servers; with replacement they are not.
  const auto both = replications({.algorithm = Algorithm::power_of_d_choices}, 2, 1.5, 20'000s);
  REQUIRE(std::abs(z_of(both, expected, 0.01)) < 4.0);
  const auto wrong =
      replications({.algorithm = Algorithm::power_of_d_choices, .with_replacement = true}, 2, 1.5, 20'000s);
  REQUIRE(std::abs(z_of(wrong, expected, 0.01)) > 4.0);
}

TEST_CASE("A-LB-03: four exponential servers behind least connections respond as theory says",
          "[load_balancer][theory]") {
  const double expected = expected_of_case("A-LB-03");
  const auto right = replications({.algorithm = Algorithm::least_connections}, 4, 3.2, 10'000s);
  REQUIRE(std::abs(z_of(right, expected, 0.01)) < 4.0);
  const auto wrong = replications({.algorithm = Algorithm::power_of_d_choices}, 4, 3.2, 10'000s);
  REQUIRE(std::abs(z_of(wrong, expected, 0.01)) > 4.0);
}

TEST_CASE("A-LB-05: two exponential servers behind round robin respond as theory says", "[load_balancer][theory]") {
  const double expected = expected_of_case("A-LB-05");
  const auto right = replications({.algorithm = Algorithm::round_robin}, 2, 1.6, 40'000s);
  REQUIRE(std::abs(z_of(right, expected, 0.01)) < 4.0);
  const auto wrong = replications({.algorithm = Algorithm::random}, 2, 1.6, 40'000s);
  REQUIRE(std::abs(z_of(wrong, expected, 0.015)) > 4.0);
}

TEST_CASE("A-LB-07: ten exponential servers behind a random choice respond as theory says", "[load_balancer][theory]") {
  const double expected = expected_of_case("A-LB-07");
  const auto right = replications({.algorithm = Algorithm::random}, 10, 8.0, 10'000s);
  REQUIRE(std::abs(z_of(right, expected, 0.01)) < 4.0);
  const auto wrong = replications({.algorithm = Algorithm::round_robin}, 10, 8.0, 10'000s);
  REQUIRE(std::abs(z_of(wrong, expected, 0.01)) > 4.0);
}
