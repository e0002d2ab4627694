#include <catch2/catch.hpp>
#include <limits>
#include <string>
#include <vector>

#include "libsim/failure.hpp"
#include "libsim/harness/experiment/scenario_run.hpp"

using sim::harness::ScenarioRun;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string> warnings_of_littles_law(double number_integral, double sum_of_times) {
  ScenarioRun run({});
  run.check_littles_law("jobs", number_integral, sum_of_times);
  return run.collect().warnings;
}

std::vector<std::string> warnings_of_steadiness(const std::vector<double>& levels) {
  ScenarioRun run({});
  run.check_steady("the waits", levels);
  return run.collect().warnings;
}

/// 1 and 2 in turn, more by `growth` from one to the next.
std::vector<double> waits(std::size_t count, double growth) {
  std::vector<double> levels;
  for (std::size_t number = 0; number < count; ++number) {
    levels.push_back(1.0 + static_cast<double>(number % 2) + growth * static_cast<double>(number));
  }
  return levels;
}

}  // namespace

TEST_CASE("a run that keeps Little's law, up to rounding, is not warned of", "[harness]") {
  CHECK(warnings_of_littles_law(0, 0).empty());
  CHECK(warnings_of_littles_law(12.5, 12.5).empty());
  CHECK(warnings_of_littles_law(1e6, 1e6 + 1e-4).empty());  // a share of 1e-10
}

TEST_CASE("a run that violates Little's law is warned of with both sides", "[harness]") {
  const std::vector<std::string> expected = {
      "Little's law is violated: the number of jobs in the system over time gives 12.5 s, but they were there for 12 "
      "s"};
  CHECK(warnings_of_littles_law(12.5, 12) == expected);
  CHECK(warnings_of_littles_law(1e6, 1e6 + 0.01).size() == 1);  // a share of 1e-8
  CHECK(warnings_of_littles_law(0, 1e-9).size() == 1);
  CHECK(warnings_of_littles_law(not_a_number, 1).size() == 1);
}

TEST_CASE("levels that go up and down are steady", "[harness]") {
  CHECK(warnings_of_steadiness(waits(1'000, 0)).empty());
  CHECK(warnings_of_steadiness(std::vector<double>(1'000, 0.0)).empty());
}

TEST_CASE("levels that grow are warned of with their growth", "[harness]") {
  // From 1.5 on the average by 9.99 more: the mean is 1.5 + 9.99 / 2 = 6.495, and 9.99 and the last step are 154 % of
  // it.
  const std::vector<std::string> expected = {
      "unstable, or too short: the waits grew over the run by 154 % of the mean; no mean of this run tells of a steady "
      "state"};
  CHECK(warnings_of_steadiness(waits(1'000, 0.01)) == expected);
}

TEST_CASE("levels that fall, as after a cold start, are not warned of", "[harness]") {
  CHECK(warnings_of_steadiness(waits(1'000, -0.001)).empty());
}

TEST_CASE("fewer than 100 levels tell nothing of a steady state", "[harness]") {
  CHECK(warnings_of_steadiness({}).empty());
  CHECK(warnings_of_steadiness(waits(99, 1)).empty());
  CHECK(warnings_of_steadiness(waits(100, 1)).size() == 1);
}

TEST_CASE("a level that is not a number is a bug", "[harness]") {
  std::vector<double> levels = waits(100, 0);
  levels[50] = not_a_number;
  REQUIRE_THROWS_WITH(warnings_of_steadiness(levels), Catch::Contains("levels are numbers"));
}
