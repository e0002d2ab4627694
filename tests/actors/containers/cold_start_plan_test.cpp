#include "actors/containers/cold_start_plan.hpp"

#include <catch2/catch.hpp>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;
using Part = ColdStartPart;

namespace {

/// Part n takes 2^n seconds, so that a sum tells its parts.
std::vector<ColdStartPlan::Timed> durations(const ColdStartPlan& plan) {
  std::vector<ColdStartPlan::Timed> timed;
  for (const Part part : plan.parts()) {
    timed.push_back({part, (1 << static_cast<int>(part)) * 1s});
  }
  return timed;
}

Duration start_time(const ColdStartPlan::Config& config) {
  const ColdStartPlan plan(config);
  return plan.start_time(durations(plan));
}

}  // namespace

TEST_CASE("with every optimisation a start is placement, image, and the slowest of git, web server and queues",
          "[cold_start_plan]") {
  REQUIRE(start_time({}) == 1s + 2s + 64s);
}

TEST_CASE("initialisation in sequence takes the sum of its parts", "[cold_start_plan]") {
  REQUIRE(start_time({.parallel_initialisation = false}) == 1s + 2s + 16s + 32s + 64s);
}

TEST_CASE("dependencies that are not in the image are installed, before the initialisation", "[cold_start_plan]") {
  REQUIRE(start_time({.cached_dependencies = false}) == 1s + 2s + 4s + 64s);
}

TEST_CASE("what is not precompiled is compiled, before the initialisation", "[cold_start_plan]") {
  REQUIRE(start_time({.precompiled = false}) == 1s + 2s + 8s + 64s);
}

TEST_CASE("without lazy loading the start imports the agent's library", "[cold_start_plan]") {
  REQUIRE(start_time({.lazy_loading = false}) == 1s + 2s + 128s);
  REQUIRE(ColdStartPlan({.lazy_loading = true}).imports_at_first_command());
  REQUIRE_FALSE(ColdStartPlan({.lazy_loading = false}).imports_at_first_command());
}

TEST_CASE("the image holds base, application and the cached dependencies", "[cold_start_plan]") {
  REQUIRE(ColdStartPlan({}).image_mb() == 50 + 30 + 40);
  REQUIRE(ColdStartPlan({.light_image = false}).image_mb() == 390 + 30 + 40);
  REQUIRE(ColdStartPlan({.cached_dependencies = false}).image_mb() == 50 + 30);
}

TEST_CASE("a start that is not timed part by part is a bug", "[cold_start_plan]") {
  const ColdStartPlan plan{{}};
  REQUIRE_THROWS_AS(plan.start_time({}), AssertionFailure);
  REQUIRE_THROWS_AS(plan.start_time(durations(ColdStartPlan({.precompiled = false}))), AssertionFailure);
}
