#include "libsim/statistics/time_weighted.hpp"

#include <catch2/catch.hpp>
#include <limits>

using namespace std::chrono_literals;
using sim::Time;
using sim::TimeWeighted;

TEST_CASE("the mean of a level weighs each value with the time it was held", "[statistics]") {
  TimeWeighted level(Time{});
  level.set(Time{2s}, 3.0);
  level.set(Time{6s}, 1.0);
  CHECK(level.integral(Time{10s}) == 16.0);  // 0·2 + 3·4 + 1·4
  CHECK(level.mean(Time{10s}) == 1.6);       // 16 / 10
  CHECK(level.min() == 0.0);
  CHECK(level.max() == 3.0);
  CHECK(level.value() == 1.0);
}

TEST_CASE("the mean before any time has passed is the level of the moment", "[statistics]") {
  TimeWeighted level(Time{5s}, 2.0);
  CHECK(level.mean(Time{5s}) == 2.0);
  level.set(Time{5s}, 7.0);
  CHECK(level.mean(Time{5s}) == 7.0);
}

TEST_CASE("a level held for no time has no weight but counts as an extreme", "[statistics]") {
  TimeWeighted level(Time{});
  level.set(Time{1s}, 100.0);
  level.set(Time{1s}, -4.0);
  level.set(Time{1s}, 0.0);
  CHECK(level.mean(Time{4s}) == 0.0);
  CHECK(level.max() == 100.0);
  CHECK(level.min() == -4.0);
}

TEST_CASE("the area of whole-number levels is exact to the nanosecond", "[statistics]") {
  TimeWeighted level(Time{}, 1.0);
  for (int i = 1; i <= 1'000'000; ++i) {
    level.set(Time{i * 3ns}, i % 2 == 0 ? 1.0 : 2.0);  // 1, 2, 1, 2, … for 3 ns each
  }
  // 500'000 times 3 ns at level 1 and 500'000 times 3 ns at level 2: 4'500'000 in 3'000'000 ns.
  CHECK(level.mean(Time{3'000'000ns}) == 1.5);
  CHECK(level.integral(Time{3'000'000ns}) == 0.0045);
}

TEST_CASE("a level is raised and lowered by amounts", "[statistics]") {
  TimeWeighted level(Time{}, 1.0);
  level.add(Time{2s}, 3.0);
  level.add(Time{4s}, -2.0);
  CHECK(level.value() == 2.0);
  CHECK(level.integral(Time{5s}) == 12.0);  // 1·2 + 4·2 + 2·1
}

TEST_CASE("a reset level keeps its value and forgets its past", "[statistics]") {
  TimeWeighted level(Time{}, 50.0);
  level.set(Time{9s}, 1.0);
  level.reset(Time{10s});
  level.set(Time{12s}, 5.0);
  CHECK(level.mean(Time{14s}) == 3.0);  // (1·2 + 5·2) / 4
  CHECK(level.observed(Time{14s}) == 4s);
  CHECK(level.min() == 1.0);
  CHECK(level.max() == 5.0);
}

TEST_CASE("a level refuses time that runs backwards and values that are no numbers", "[statistics]") {
  TimeWeighted level(Time{});
  level.set(Time{2s}, 1.0);
  CHECK_THROWS_AS(level.set(Time{1s}, 1.0), sim::AssertionFailure);
  CHECK_THROWS_AS(level.mean(Time{1s}), sim::AssertionFailure);
  CHECK_THROWS_AS(level.reset(Time{1s}), sim::AssertionFailure);
  CHECK_THROWS_AS(level.set(Time{3s}, std::numeric_limits<double>::quiet_NaN()), sim::AssertionFailure);
  CHECK(level.value() == 1.0);
}
