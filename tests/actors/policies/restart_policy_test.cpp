#include "actors/policies/restart_policy.hpp"

#include <catch2/catch.hpp>

using namespace sim;
using namespace sim::policies;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

}  // namespace

TEST_CASE("delays double from one second up to the cap", "[restart_policy]") {
  RestartPolicy policy{{.initial_delay = 1s, .multiplier = 2, .delay_max = 6s}};
  REQUIRE(policy.on_failure(at(0s)) == 1s);
  REQUIRE(policy.on_failure(at(0s)) == 2s);
  REQUIRE(policy.on_failure(at(0s)) == 4s);
  REQUIRE(policy.on_failure(at(0s)) == 6s);
  REQUIRE(policy.on_failure(at(0s)) == 6s);
}

TEST_CASE("a run of reset_after makes the next failure the first again, a shorter one does not", "[restart_policy]") {
  RestartPolicy policy{{.reset_after = 10min}};
  policy.on_failure(at(0s));
  policy.on_started(at(0s));
  REQUIRE(policy.on_failure(at(10min) - 1ns) == 2s);
  policy.on_started(at(10min));
  REQUIRE(policy.on_failure(at(20min)) == 1s);
}

TEST_CASE("after restarts_max failures in a row there is no further start", "[restart_policy]") {
  RestartPolicy policy{{.restarts_max = 2}};
  REQUIRE(policy.on_failure(at(0s)));
  REQUIRE(policy.on_failure(at(0s)));
  REQUIRE_FALSE(policy.on_failure(at(0s)));
}

TEST_CASE("a policy that does not restart says so", "[restart_policy]") {
  RestartPolicy policy{{.restart_on_failure = false}};
  REQUIRE_FALSE(policy.on_failure(at(0s)));
}

TEST_CASE("the preset of Kubernetes starts at ten seconds and ends at five minutes", "[restart_policy]") {
  RestartPolicy policy{RestartPolicy::kubernetes()};
  for (const Duration delay : {10s, 20s, 40s, 80s, 160s, 300s, 300s}) {
    REQUIRE(policy.on_failure(at(0s)) == delay);
  }
}
