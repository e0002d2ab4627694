#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "libsim/harness/target.hpp"
#include "libsim/harness/verdict.hpp"
#include "libsim/testing.hpp"
#include "models/resilience/experiment.hpp"

using namespace sim;
using harness::Verdict;
using sim::testing::run_scenario;

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// A target, and a setting under which it is missed.
struct Missed {
  std::string scenario;
  std::string metric;
  Parameters parameters;
};

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

std::vector<harness::Target> targets() {
  const auto table =
      harness::read_targets(std::filesystem::path(LIBSIM_TEST_DATA) / ".." / "experiments" / "targets.csv");
  REQUIRE(table);
  return table->of_experiment("resilience");
}

Verdict verdict(const std::string& scenario, const std::string& metric, const Parameters& parameters,
                std::uint64_t seed = 1) {
  const auto result = run_scenario(models::resilience::experiment(), scenario,
                                   {.seed = seed, .parameters = parameters, .arrivals = {}});
  for (const harness::Target& target : targets()) {
    if (target.scenario == scenario && target.metric == metric) {
      return harness::judge(target, result.value(metric));
    }
  }
  FAIL("no target for " << scenario << " " << metric);
  return Verdict::missed;
}

}  // namespace

TEST_CASE("each of the thirteen targets of resilience is missed under some setting", "[resilience][targets]") {
  REQUIRE(settings_that_miss.size() == targets().size());
  for (const Missed& missed : settings_that_miss) {
    INFO(missed.scenario << " " << missed.metric);
    CHECK(verdict(missed.scenario, missed.metric, missed.parameters) == Verdict::missed);
  }
}

TEST_CASE("with its defaults the application meets every target of resilience", "[resilience][targets]") {
  for (const harness::Target& target : targets()) {
    INFO(target.scenario << " " << target.metric);
    CHECK(verdict(target.scenario, target.metric, {}) == Verdict::met);
  }
}

TEST_CASE("a rejection takes as long as the breaker needs for it, and longer when calls wait for the breaker",
          "[resilience][targets]") {
  const auto rejection_time = [](const char* processing_time, const char* rate) {
    return run_scenario(
               models::resilience::experiment(), "breaker",
               {.parameters = {{"service.processing_time", processing_time}, {"service.rate", rate}}, .arrivals = {}})
        .value("open_rejection_time");
  };
  CHECK(rejection_time("constant(0.5ms)", "5") >= 0.5);
  CHECK(rejection_time("constant(0.5ms)", "5") < 1);
  CHECK(rejection_time("constant(0.5ms)", "1500") > 1);  // three quarters of the breaker's time are taken
}
