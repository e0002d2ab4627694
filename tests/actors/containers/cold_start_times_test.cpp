#include "actors/containers/cold_start_times.hpp"

#include <catch2/catch.hpp>

using namespace sim;
using namespace sim::policies;

namespace {

/// Of an image of 120 MB; each part has a digit of its own in the sum.
const ColdStartTimes constant_times{.placement = constant(1s),
                                    .image_pull_per_100mb = constant(10s),
                                    .dependency_install = constant(100s),
                                    .compile = constant(1'000s),
                                    .git = constant(10'000s),
                                    .web_server = constant(20'000s),
                                    .queue_connections = constant(30'000s),
                                    .agent_import = constant(40'000s)};

Duration start_time(const ColdStartPlan::Config& config) {
  RandomStream random({.seed = 1, .actor = "container", .purpose = "start"});
  return sample_start_time(ColdStartPlan(config), constant_times, random);
}

}  // namespace

TEST_CASE("a start takes as long as the parts of its plan, and the image by its size", "[cold_start_times]") {
  REQUIRE(start_time({}) == 1s + 12s + 30'000s);                      // 50 + 30 + 40 MB
  REQUIRE(start_time({.light_image = false}) == 1s + 46s + 30'000s);  // 390 + 30 + 40 MB
  REQUIRE(start_time({.precompiled = false}) == 1s + 12s + 1'000s + 30'000s);
  REQUIRE(start_time({.cached_dependencies = false}) == 1s + 8s + 100s + 30'000s);  // 50 + 30 MB
  REQUIRE(start_time({.parallel_initialisation = false}) == 1s + 12s + 10'000s + 20'000s + 30'000s);
  REQUIRE(start_time({.lazy_loading = false}) == 1s + 12s + 40'000s);
}

TEST_CASE("what a plan leaves out draws nothing", "[cold_start_times]") {
  const ColdStartTimes times;
  RandomStream random({.seed = 1, .actor = "container", .purpose = "start"});
  RandomStream expected({.seed = 1, .actor = "container", .purpose = "start"});
  static_cast<void>(sample_start_time(ColdStartPlan{{}}, times, random));
  for (const Distribution& part :
       {times.placement, times.image_pull_per_100mb, times.git, times.web_server, times.queue_connections}) {
    static_cast<void>(part.sample(expected));
  }
  REQUIRE(random() == expected());
}
