#include "actors/load/load_balancer_rules.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <string>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Algorithm = LoadBalancer::Algorithm;
using Ties = LoadBalancer::Ties;
using TargetId = LoadBalancer::TargetId;

RandomStream stream() {
  return RandomStream({.seed = 1, .replication = 0, .actor = "balancer", .incarnation = 0, .purpose = "choice"});
}

LoadBalancer with_targets(LoadBalancer::Config config, std::uint32_t targets) {
  LoadBalancer balancer(config);
  for (std::uint32_t index = 0; index < targets; ++index) {
    REQUIRE(balancer.add() == TargetId{index});
  }
  return balancer;
}

/// The next targets as letters, a for the first one.
std::string picks(LoadBalancer& balancer, std::size_t count) {
  RandomStream random = stream();
  std::string text;
  while (text.size() < count) {
    const auto target = balancer.pick(random);
    text += target ? static_cast<char>('a' + static_cast<int>(*target)) : '-';
  }
  return text;
}

void load(LoadBalancer& balancer, const std::vector<int>& outstanding) {
  for (std::uint32_t index = 0; index < outstanding.size(); ++index) {
    for (int request = 0; request < outstanding[index]; ++request) {
      balancer.started(TargetId{index});
    }
  }
}

constexpr int draws = 60'000;

/// The share of each target among many picks.
std::vector<double> shares(LoadBalancer& balancer, std::size_t targets) {
  RandomStream random = stream();
  std::vector<double> result(targets);
  for (int draw = 0; draw < draws; ++draw) {
    result.at(static_cast<std::size_t>(*balancer.pick(random))) += 1.0 / draws;
  }
  return result;
}

/// Whether each share is within four standard deviations.
bool agree(const std::vector<double>& shares, const std::vector<double>& expected) {
  bool all = shares.size() == expected.size();
  for (std::size_t index = 0; index < shares.size() && all; ++index) {
    const double deviation = std::sqrt(expected[index] * (1.0 - expected[index]) / draws);
    all = std::abs(shares[index] - expected[index]) <= 4.0 * deviation + 1e-9;
  }
  return all;
}

}  // namespace

TEST_CASE("round robin takes the targets in turn", "[load_balancer]") {
  LoadBalancer balancer = with_targets({}, 3);
  REQUIRE(picks(balancer, 7) == "abcabca");
}

TEST_CASE("round robin goes on behind the last target when targets come and go", "[load_balancer]") {
  LoadBalancer balancer = with_targets({}, 3);
  REQUIRE(picks(balancer, 2) == "ab");
  balancer.mark_down(TargetId{1});
  REQUIRE(picks(balancer, 3) == "cac");
  balancer.mark_up(TargetId{1});
  balancer.add();
  REQUIRE(picks(balancer, 5) == "dabcd");
  balancer.remove(TargetId{3});
  REQUIRE(picks(balancer, 4) == "abca");
}

TEST_CASE("a target that is down or removed gets nothing, with none there is no choice", "[load_balancer]") {
  for (const Algorithm algorithm : {Algorithm::round_robin, Algorithm::random, Algorithm::least_connections,
                                    Algorithm::power_of_d_choices, Algorithm::weighted_round_robin}) {
    LoadBalancer balancer = with_targets({.algorithm = algorithm}, 3);
    balancer.mark_down(TargetId{0});
    balancer.remove(TargetId{2});
    REQUIRE(picks(balancer, 20) == std::string(20, 'b'));
    balancer.mark_down(TargetId{1});
    balancer.mark_up(TargetId{2});  // a removed one does not come back
    REQUIRE(balancer.size() == 0);
    REQUIRE_FALSE(balancer.is_up(TargetId{2}));
    REQUIRE(picks(balancer, 2) == "--");
    balancer.mark_up(TargetId{0});
    REQUIRE(picks(balancer, 2) == "aa");
  }
}

TEST_CASE("random gives each target the same share", "[load_balancer]") {
  LoadBalancer balancer = with_targets({.algorithm = Algorithm::random}, 3);
  load(balancer, {9, 0, 0});  // which it does not look at
  REQUIRE(agree(shares(balancer, 3), {1.0 / 3, 1.0 / 3, 1.0 / 3}));
}

TEST_CASE("least connections takes the least loaded target and breaks ties as configured", "[load_balancer]") {
  LoadBalancer lowest = with_targets({.algorithm = Algorithm::least_connections, .ties = Ties::lowest_index}, 4);
  load(lowest, {2, 1, 1, 3});
  REQUIRE(picks(lowest, 3) == "bbb");
  LoadBalancer random = with_targets({.algorithm = Algorithm::least_connections}, 4);
  load(random, {2, 1, 1, 3});
  REQUIRE(agree(shares(random, 4), {0.0, 0.5, 0.5, 0.0}));
  random.ended(TargetId{0});
  REQUIRE(agree(shares(random, 4), {1.0 / 3, 1.0 / 3, 1.0 / 3, 0.0}));
  random.started(TargetId{1});
  random.ended(TargetId{2});
  REQUIRE(agree(shares(random, 4), {0.0, 0.0, 1.0, 0.0}));
}

TEST_CASE("two choices without replacement never take the most loaded target", "[load_balancer]") {
  // Of the three pairs of {a, b, c} with 0, 1 and 2 requests, two have a, and the third has b.
  LoadBalancer balancer = with_targets({.algorithm = Algorithm::power_of_d_choices}, 3);
  load(balancer, {0, 1, 2});
  REQUIRE(agree(shares(balancer, 3), {2.0 / 3, 1.0 / 3, 0.0}));
}

TEST_CASE("two choices with replacement take the most loaded target when they draw it twice", "[load_balancer]") {
  // Of nine ordered pairs: c twice 1, b and c or b twice 3, with a 5.
  LoadBalancer balancer = with_targets({.algorithm = Algorithm::power_of_d_choices, .with_replacement = true}, 3);
  load(balancer, {0, 1, 2});
  REQUIRE(agree(shares(balancer, 3), {5.0 / 9, 3.0 / 9, 1.0 / 9}));
}

TEST_CASE("every pair is equally likely from the first choice on, whatever was drawn before", "[load_balancer]") {
  LoadBalancer unused = with_targets({.algorithm = Algorithm::power_of_d_choices}, 3);
  load(unused, {2, 1, 0});
  RandomStream random = stream();
  std::vector<double> first(3);
  for (int draw = 0; draw < draws; ++draw) {
    LoadBalancer fresh = unused;
    first.at(static_cast<std::size_t>(*fresh.pick(random))) += 1.0 / draws;
  }
  REQUIRE(agree(first, {0.0, 1.0 / 3, 2.0 / 3}));
}

TEST_CASE("with d choices the best of d counts, as many choices as targets are least connections", "[load_balancer]") {
  // Three of four without replacement: the best is a unless a is the one left out.
  LoadBalancer three = with_targets({.algorithm = Algorithm::power_of_d_choices, .choices = 3}, 4);
  load(three, {0, 1, 2, 3});
  REQUIRE(agree(shares(three, 4), {0.75, 0.25, 0.0, 0.0}));
  LoadBalancer all = with_targets({.algorithm = Algorithm::power_of_d_choices, .choices = 9}, 4);
  load(all, {3, 2, 1, 1});
  REQUIRE(agree(shares(all, 4), {0.0, 0.0, 0.5, 0.5}));
  LoadBalancer one = with_targets({.algorithm = Algorithm::power_of_d_choices, .choices = 1}, 4);
  load(one, {3, 2, 1, 1});
  REQUIRE(agree(shares(one, 4), {0.25, 0.25, 0.25, 0.25}));
}

TEST_CASE("ties among choices go to the one drawn first, or to the lowest index", "[load_balancer]") {
  LoadBalancer random = with_targets({.algorithm = Algorithm::power_of_d_choices}, 3);
  REQUIRE(agree(shares(random, 3), {1.0 / 3, 1.0 / 3, 1.0 / 3}));
  LoadBalancer lowest = with_targets({.algorithm = Algorithm::power_of_d_choices, .ties = Ties::lowest_index}, 3);
  REQUIRE(agree(shares(lowest, 3), {2.0 / 3, 1.0 / 3, 0.0}));
}

TEST_CASE("smooth weighted round robin makes the sequence that nginx documents", "[load_balancer]") {
  LoadBalancer balancer{LoadBalancer::nginx()};
  balancer.add(5);
  balancer.add(1);
  balancer.add(1);
  REQUIRE(picks(balancer, 14) == "aabacaaaabacaa");
}

TEST_CASE("a weighted target that comes back does not make up for what it missed", "[load_balancer]") {
  LoadBalancer balancer{LoadBalancer::nginx()};
  balancer.add(3);
  balancer.add(1);
  REQUIRE(picks(balancer, 2) == "aa");  // b has gathered 2
  balancer.mark_down(TargetId{1});
  REQUIRE(picks(balancer, 4) == "aaaa");
  balancer.mark_up(TargetId{1});
  REQUIRE(picks(balancer, 8) == "abaaabaa");
}

TEST_CASE("requests of a removed target may still end", "[load_balancer]") {
  LoadBalancer balancer = with_targets({}, 2);
  balancer.started(TargetId{0});
  balancer.remove(TargetId{0});
  REQUIRE(balancer.outstanding(TargetId{0}) == 1);
  balancer.ended(TargetId{0});
  REQUIRE(balancer.outstanding(TargetId{0}) == 0);
  REQUIRE(balancer.add() == TargetId{2});
}

TEST_CASE("a target of weight 0 gets nothing, whatever the algorithm", "[load_balancer]") {
  RandomStream random = stream();
  for (const Algorithm algorithm : {Algorithm::round_robin, Algorithm::random, Algorithm::least_connections,
                                    Algorithm::power_of_d_choices, Algorithm::weighted_round_robin}) {
    LoadBalancer balancer({.algorithm = algorithm});
    balancer.add(0);
    balancer.add(1);
    REQUIRE(balancer.size() == 1);
    for (int request = 0; request < 20; ++request) {
      REQUIRE(balancer.pick(random) == TargetId{1});
    }
    REQUIRE(balancer.is_up(TargetId{0}));
    balancer.remove(TargetId{1});
    REQUIRE(balancer.pick(random) == std::nullopt);
  }
}

TEST_CASE("wrong use of a load balancer is refused", "[load_balancer]") {
  REQUIRE_THROWS_AS(LoadBalancer({.choices = 0}), AssertionFailure);
  LoadBalancer balancer = with_targets({}, 1);
  REQUIRE_THROWS_AS(balancer.ended(TargetId{0}), AssertionFailure);
  REQUIRE_THROWS_AS(balancer.started(TargetId{1}), AssertionFailure);
}
