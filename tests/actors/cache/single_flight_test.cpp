#include "actors/cache/single_flight.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace sim;
using namespace sim::policies;

namespace {

using Flight = SingleFlight<std::string, int>;
using Role = Flight::Role;
using LeaderLoss = Flight::LeaderLoss;

std::vector<int> told(const Flight::Ended& ended) { return {ended.told.begin(), ended.told.end()}; }

/// One flight for "page" with the leader 1 and the followers 2 and 3.
Flight three_on_a_page(SingleFlightConfig config) {
  Flight flight{config};
  flight.join("page", 1);
  flight.join("page", 2);
  flight.join("page", 3);
  return flight;
}

}  // namespace

TEST_CASE("the first asker leads, the others wait and are told its result in the order they came", "[single_flight]") {
  Flight flight{{}};
  REQUIRE(flight.join("page", 1) == Role::leader);
  REQUIRE(flight.join("page", 2) == Role::follower);
  REQUIRE(flight.join("page", 3) == Role::follower);
  REQUIRE(flight.join("other", 2) == Role::leader);
  REQUIRE(flight.flights() == 2);
  const auto ended = flight.succeed("page", 1);
  REQUIRE(ended.was_leader);
  REQUIRE(told(ended) == std::vector{2, 3});
  REQUIRE_FALSE(ended.next_leader);
  REQUIRE(flight.flights() == 1);
  REQUIRE(flight.statistics() == SingleFlightStatistics{2, 2, 0});
}

TEST_CASE("who asks after the end of a flight leads the next one", "[single_flight]") {
  Flight flight = three_on_a_page({});
  flight.succeed("page", 1);
  REQUIRE(flight.join("page", 3) == Role::leader);
  REQUIRE(flight.waiting_for("page") == 0);
  REQUIRE(told(flight.succeed("page", 3)).empty());
}

TEST_CASE("a leader that fails tells all, or hands the lead on, as set", "[single_flight]") {
  Flight tells = three_on_a_page({.on_leader_failure = LeaderLoss::tell_all});
  REQUIRE(told(tells.fail("page", 1)) == std::vector{2, 3});
  REQUIRE(tells.flights() == 0);

  Flight hands = three_on_a_page({.on_leader_failure = LeaderLoss::hand_over});
  const auto ended = hands.fail("page", 1);
  REQUIRE(ended.next_leader == 2);
  REQUIRE(told(ended).empty());
  REQUIRE(hands.leader_of("page") == 2);
  REQUIRE(told(hands.succeed("page", 2)) == std::vector{3});
  REQUIRE(hands.statistics() == SingleFlightStatistics{1, 2, 1});
}

TEST_CASE("a leader that gives up tells all, or hands the lead on, as set", "[single_flight]") {
  Flight tells = three_on_a_page({.on_leader_cancelled = LeaderLoss::tell_all});
  REQUIRE(told(tells.cancel("page", 1)) == std::vector{2, 3});

  Flight hands = three_on_a_page({.on_leader_cancelled = LeaderLoss::hand_over});
  REQUIRE(hands.cancel("page", 1).next_leader == 2);
  REQUIRE(hands.cancel("page", 2).next_leader == 3);
  const auto last = hands.cancel("page", 3);
  REQUIRE(last.was_leader);
  REQUIRE_FALSE(last.next_leader);
  REQUIRE(hands.flights() == 0);
}

TEST_CASE("a result that comes from a former leader changes nothing", "[single_flight]") {
  Flight flight = three_on_a_page({});
  flight.cancel("page", 1);
  REQUIRE(flight.succeed("page", 1) == Flight::Ended{});
  REQUIRE(flight.fail("page", 3) == Flight::Ended{});
  REQUIRE(flight.leader_of("page") == 2);
  REQUIRE(flight.waiting_for("page") == 1);
  REQUIRE(flight.succeed("nothing", 1) == Flight::Ended{});
}

TEST_CASE("a follower that gives up is not told and does not become the leader", "[single_flight]") {
  Flight flight = three_on_a_page({});
  REQUIRE_FALSE(flight.cancel("page", 2).was_leader);
  REQUIRE_FALSE(flight.cancel("page", 7).was_leader);
  REQUIRE(flight.cancel("page", 1).next_leader == 3);
}

TEST_CASE("a caller that is twice in one flight is a bug", "[single_flight]") {
  Flight flight = three_on_a_page({});
  REQUIRE_THROWS_AS(flight.join("page", 1), AssertionFailure);
  REQUIRE_THROWS_AS(flight.join("page", 3), AssertionFailure);
}

TEST_CASE("a thousand askers at once cost one question", "[single_flight]") {
  Flight flight{{}};
  for (int caller = 0; caller < 1'000; ++caller) {
    flight.join("page", caller);
  }
  REQUIRE(flight.statistics() == SingleFlightStatistics{1, 999, 0});
  REQUIRE(told(flight.succeed("page", 0)).size() == 999);
}
