#include <catch2/catch.hpp>
#include <vector>

#include "libsim/testing.hpp"
#include "models/resilience/experiment.hpp"
#include "tests/models/target_cases.hpp"

using namespace sim;
using namespace sim::testing::target_cases;
using models::resilience::experiment;
using sim::testing::run_scenario;

namespace {

const std::vector<Missed> settings_that_miss = {
    {"breaker", "opens_after_failures", {{"breaker.failure_threshold", "6"}}},
    {"breaker", "open_rejection_time", {{"service.processing_time", "lognormal(p50=2ms, p99=8ms)"}}},
    {"breaker", "half_open_successes_to_close", {{"breaker.success_threshold", "3"}}},
    {"compensation",
     "artifacts_orphaned",
     {{"workflow.compensation_attempts_max", "1"}, {"workflow.compensation_error_probability", "0.2"}}},
    {"compensation", "compensation_time", {{"workflow.compensation_time", "lognormal(p50=2s, p99=8s)"}}},
    {"partial_compensation", "compensations_attempted", {{"workflow.on_failed_compensation", "stop"}}},
    {"failover", "connection_refused_surfaced", {{"database.connection_refused_time", "10s"}}},
    {"failover", "transient_attempts_to_success", {{"failover.attempts_max", "2"}}},
    {"failover", "timeout_surfaced", {{"failover.attempt_timeout", "2min"}, {"database.statement_timeout", "10min"}}},
    {"failover", "replica_fallback_ok", {{"database.reads_fall_back", "off"}}},
    {"cascade", "failure_isolation", {{"breaker", "none"}}},
    {"recovery", "recovery_time", {{"breaker.wait_duration_in_open_state", "3min"}, {"recovery.pause", "10min"}}},
    {"intermittent", "final_state_closed", {{"breaker.wait_duration_in_open_state", "20min"}}}};

}  // namespace

TEST_CASE("each of the thirteen targets of resilience is missed under some setting", "[resilience][targets]") {
  check_each_is_missed(experiment(), settings_that_miss);
}

TEST_CASE("with its defaults the application meets every target of resilience", "[resilience][targets]") {
  CHECK(not_met_with_defaults(experiment()) == Lines{});
}

TEST_CASE("a rejection takes as long as the breaker needs for it, and longer when calls wait for the breaker",
          "[slow][resilience][targets]") {
  const auto rejection_time = [](const char* processing_time, const char* rate) {
    return run_scenario(
               experiment(), "breaker",
               {.parameters = {{"service.processing_time", processing_time}, {"service.rate", rate}}, .arrivals = {}})
        .value("open_rejection_time");
  };
  CHECK(rejection_time("constant(0.5ms)", "5") >= 0.5);
  CHECK(rejection_time("constant(0.5ms)", "5") < 1);
  CHECK(rejection_time("constant(0.5ms)", "1500") > 1);  // three quarters of the breaker's time are taken
}
