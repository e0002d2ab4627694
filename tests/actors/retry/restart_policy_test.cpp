#include "actors/retry/restart_policy.hpp"

#include <catch2/catch.hpp>
#include <utility>

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

TEST_CASE("the preset of Kubernetes restarts at once, then after ten seconds and more, up to five minutes",
          "[restart_policy]") {
  RestartPolicy policy{RestartPolicy::kubernetes()};
  for (const Duration delay : {0s, 10s, 20s, 40s, 80s, 160s, 300s, 300s}) {
    REQUIRE(policy.on_failure(at(0s)) == delay);
  }
  policy.on_started(at(0s));
  REQUIRE(policy.on_failure(at(10min) - 1ns) == 300s);
  policy.on_started(at(10min));
  REQUIRE(policy.on_failure(at(20min)) == 0s);
  REQUIRE(policy.on_failure(at(20min)) == 10s);
}

TEST_CASE("Kubernetes restarts always, on failure or never", "[restart_policy]") {
  using Restarts = RestartPolicy::Restarts;
  const auto restarts = [](Restarts which) {
    RestartPolicy failing{RestartPolicy::kubernetes(which)};
    RestartPolicy succeeding{RestartPolicy::kubernetes(which)};
    return std::pair(failing.on_failure(at(0s)).has_value(), succeeding.on_success(at(0s)).has_value());
  };
  REQUIRE(restarts(Restarts::always) == std::pair(true, true));
  REQUIRE(restarts(Restarts::on_failure) == std::pair(true, false));
  REQUIRE(restarts(Restarts::never) == std::pair(false, false));
}

TEST_CASE("an end that is no failure lengthens the delay like a failure", "[restart_policy]") {
  RestartPolicy policy{RestartPolicy::kubernetes()};
  REQUIRE(policy.on_success(at(0s)) == 0s);
  REQUIRE(policy.on_failure(at(1s)) == 10s);
  REQUIRE(policy.on_success(at(12s)) == 20s);
  REQUIRE(policy.ends_in_a_row() == 3);
}

TEST_CASE("restarts_max counts the immediate restart too", "[restart_policy]") {
  RestartPolicy policy{{.initial_delay = 5s, .restarts_max = 2, .first_is_immediate = true}};
  REQUIRE(policy.on_failure(at(0s)) == 0s);
  REQUIRE(policy.on_failure(at(0s)) == 5s);
  REQUIRE_FALSE(policy.on_failure(at(0s)));
}
