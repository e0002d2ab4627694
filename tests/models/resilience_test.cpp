#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "libsim/testing.hpp"
#include "models/resilience/experiment.hpp"
#include "tests/models/documented_parameters.hpp"
#include "tests/models/scenario_runs.hpp"

using namespace sim;
using sim::testing::Parameters;
using sim::testing::run_scenario;

namespace {

const std::vector<std::string> scenarios = {"breaker", "compensation", "partial_compensation", "failover",
                                            "cascade", "recovery",     "intermittent",         "metastable"};

constexpr sim::testing::RunsOf run{models::resilience::experiment};

harness::ScenarioResult run_with_faults(const std::string& scenario, const std::string& faults,
                                        const Parameters& parameters = {}) {
  sim::testing::RunOptions options;
  options.parameters = parameters;
  options.faults = LIBSIM_TEST_DATA "/data/resilience_faults/" + faults;
  return run_scenario(models::resilience::experiment(), scenario, options);
}

/// All values, those that are not numbers among them, which do not equal themselves.
std::vector<std::string> values_as_text(const harness::ScenarioResult& result) {
  std::vector<std::string> texts;
  for (const auto& metric : result.metrics) {
    texts.push_back(fmt::format("{} {}", metric.metric, metric.mean));
  }
  return texts;
}

}  // namespace

TEST_CASE("the same seed gives the same run of resilience, another seed another", "[slow][resilience]") {
  for (const std::string& scenario : scenarios) {
    INFO(scenario);
    const auto first = run(scenario);
    const auto second = run(scenario);
    CHECK(first.totals == second.totals);
    CHECK(values_as_text(first) == values_as_text(second));
    CHECK(first.totals.fingerprint != run(scenario, {}, 2).totals.fingerprint);
  }
}

TEST_CASE("a breaker goes through all its states when the outage is longer than its open state", "[resilience]") {
  const auto longer = run("breaker");
  CHECK(longer.value("openings") == 2);  // closed to open, half-open to open
  CHECK(longer.value("half_openings") == 2);
  CHECK(longer.value("closings") == 1);
  const auto shorter = run("breaker", {{"breaker_scenario.outage_duration", "30s"}});
  CHECK(shorter.value("openings") == 1);
  CHECK(shorter.value("half_openings") == 1);
  CHECK(shorter.value("closings") == 1);
}

TEST_CASE("what opens and closes a breaker is counted, not read from its settings", "[resilience]") {
  for (const char* failures : {"1", "3", "8"}) {
    CHECK(run("breaker", {{"breaker.failure_threshold", failures}}).value("opens_after_failures") ==
          std::stod(failures));
  }
  // more probes at once than successes are needed: the others end when the breaker has closed
  CHECK(run("breaker", {{"breaker.permitted_calls_in_half_open", "10"}, {"breaker.success_threshold", "4"}})
            .value("half_open_successes_to_close") == 4);
}

TEST_CASE("without a breaker every call of an outage reaches the service and fails", "[resilience]") {
  const auto with = run("breaker");
  const auto without = run("breaker", {{"breaker", "none"}});
  CHECK(without.value("outcome_rejected") == 0);
  CHECK(without.value("openings") == 0);
  CHECK(std::isnan(without.value("opens_after_failures")));
  CHECK(without.value("calls_failed") > 30 * with.value("calls_failed"));
}

TEST_CASE("a recovery waits for what is left of the open state", "[resilience]") {
  const Parameters outage = {{"recovery.outage_duration", "constant(20s)"}, {"service.error_probability", "0"}};
  Parameters short_wait = outage;
  short_wait.emplace_back("breaker.wait_duration_in_open_state", "30s");
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CHECK(run("recovery", outage, seed).value("recovery_time") == Approx(41).margin(3));  // opened after about 1 s
    CHECK(run("recovery", short_wait, seed).value("recovery_time") == Approx(11).margin(3));
  }
  CHECK(run("recovery", outage).value("healthy_while_open") == 1);
  CHECK(run("recovery", outage).warnings.empty());
  CHECK(run("recovery", {{"recovery.outage_duration", "constant(100ms)"}}).warnings.size() == 1);
}

TEST_CASE("a breaker that meets half of the calls failing opens and closes several times, and is closed in the end",
          "[resilience]") {
  const auto intermittent = run("intermittent");
  CHECK(intermittent.value("openings") > 2);
  CHECK(intermittent.value("closings") > 1);
  CHECK(intermittent.value("final_state_closed") == 1);
  CHECK(intermittent.value("answered_in_a_row") > 10);
}

TEST_CASE("a workflow leaves nothing at whichever stage it fails and whenever its orchestrator is killed",
          "[resilience]") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const auto result = run("compensation", {}, seed);
    CHECK(result.value("artifacts_orphaned") == 0);
    CHECK(result.value("workflows_in_flight") == 0);
    CHECK(result.value("orphans_of_failed_compensations") == 10);
    CHECK(result.value("orphans_unreported") == 0);
    CHECK(result.value("orchestrator_kills") > 35);
    // one workflow in every_stage and one for each kill of a workflow that succeeds complete
    CHECK(result.value("workflows_completed") > 6);
  }
}

TEST_CASE("artifacts that nobody can delete are reported by the orchestrator, each of them", "[resilience]") {
  const auto result = run("compensation", {{"workflow.compensation_attempts_max", "1"},
                                           {"workflow.compensation_error_probability", "0.2"}});
  CHECK(result.value("artifacts_orphaned") > 10);
  CHECK(result.value("orphans_unreported") == 0);
  CHECK(result.value("workflows_failed") > 10);
}

TEST_CASE("each compensation fails once in every workflow that can have it, and the others still run", "[resilience]") {
  const auto others_go_on = run("partial_compensation");
  CHECK(others_go_on.value("workflows_failed") == 10);  // 1 + 2 + 3 + 4
  CHECK(others_go_on.value("orphans_left") == 10);
  CHECK(others_go_on.value("orphans_unreported") == 0);
  const auto stopped = run("partial_compensation", {{"workflow.on_failed_compensation", "stop"}});
  // of workflow (fails at k, compensation j fails) the stages 1 to j stay: 1, 1+2, 1+2+3, 1+2+3+4
  CHECK(stopped.value("orphans_left") == 20);
  CHECK(stopped.value("orphans_unreported") == 0);
  CHECK(stopped.value("compensations_attempted") == Approx(100.0 * 20 / 30));  // 10 of 30 are never begun
}

TEST_CASE("parallel compensations take as long as the slowest of them", "[resilience]") {
  const Parameters sequential = {{"workflow.compensation_time", "constant(500ms)"},
                                 {"workflow.compensation_error_probability", "0"}};
  Parameters parallel = sequential;
  parallel.emplace_back("workflow.compensation_order", "parallel");
  CHECK(run("compensation", sequential).value("compensation_time") == Approx(2));      // 4 stages before the fifth
  CHECK(run("compensation", sequential).value("compensation_time_p50") == Approx(1));  // 2 before the third
  CHECK(run("compensation", parallel).value("compensation_time") == Approx(0.5));
}

TEST_CASE("writes come back when a replica was promoted, and without failover they do not", "[resilience]") {
  const auto promoted = run("failover");
  CHECK(promoted.value("write_outage_time") == Approx(31).margin(2));  // 10 s to detect, 20 s to promote
  const auto lost = run("failover", {{"database.automatic_failover", "off"}});
  CHECK(std::isnan(lost.value("write_outage_time")));
  CHECK(lost.value("writes_failed") > 200);
}

TEST_CASE("one transient error takes two attempts, and none takes one", "[resilience]") {
  CHECK(run("failover", {{"failover.transient_errors", "1"}}).value("transient_attempts_to_success") == 2);
  CHECK(run("failover", {{"failover.transient_errors", "4"}, {"failover.attempts_max", "6"}})
            .value("transient_attempts_to_success") == 5);
}

TEST_CASE("breakers keep the failure of service A from service B for many seeds", "[slow][resilience]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto cascade = run("cascade", {}, seed);
    CHECK(cascade.value("failure_isolation") == 100);
    CHECK(cascade.value("breaker_a_openings") >= 1);
    CHECK(cascade.value("breaker_b_openings") == 0);
    CHECK(cascade.value("threads_peak") < 200);
  }
}

TEST_CASE("without breakers a service that hangs takes the threads, the connections and the other service",
          "[slow][resilience]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto cascade = run("cascade", {{"breaker", "none"}}, seed);
    CHECK(cascade.value("failure_isolation") < 95);
    CHECK(cascade.value("answered_b_in_outage") < 80);
    CHECK(cascade.value("threads_peak") == 200);
    CHECK(cascade.value("connections_peak") == 300);
    CHECK(cascade.value("threads_exhausted_at") > cascade.value("a_failed_at"));
    CHECK(cascade.value("b_first_failure_at") > cascade.value("threads_exhausted_at"));
    CHECK(cascade.value("amplification_a") > 1.5);
  }
}

TEST_CASE("breakers that wait too long for an answer isolate nothing", "[resilience]") {
  const auto patient = run("cascade", {{"cascade.call_timeout", "15s"}});
  CHECK(patient.value("failure_isolation") < 100);
  CHECK(patient.value("threads_peak") == 200);
}

TEST_CASE("without a failure of A both runs of the cascade are the same", "[resilience]") {
  for (const char* breakers : {"guide", "none"}) {
    const auto calm = run("cascade", {{"breaker", breakers}, {"cascade.outage_duration", "0s"}});
    CHECK(calm.value("failure_isolation") == 100);
    CHECK(calm.value("answered_a") == 100);
  }
}

TEST_CASE("goodput stays away after a spike that is long over", "[slow][resilience]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto collapsed = run("metastable", {}, seed);
    CHECK(collapsed.value("success_before") > 99);
    CHECK(collapsed.value("recovered") == 0);
    CHECK(collapsed.value("success_after") < 5);
    CHECK(std::isnan(collapsed.value("time_to_recover")));
    CHECK(collapsed.value("amplification_factor") == Approx(3).margin(0.2));  // attempts
    CHECK(collapsed.value("service_busy_after") > 95);
    CHECK(collapsed.value("wasted_work_after") > 95);
  }
}

TEST_CASE("a retry budget or a shedder brings goodput back", "[slow][resilience]") {
  const std::vector<Parameters> remedies = {{{"metastable.retry_budget", "window"}},
                                            {{"metastable.retry_budget", "concurrent"}},
                                            {{"metastable.retry_budget", "quota"}},
                                            {{"metastable.retry_budget", "throttle"}},
                                            {{"metastable.sheds", "on"}},
                                            {{"metastable.attempts_max", "1"}}};
  for (const Parameters& remedy : remedies) {
    INFO(remedy.front().first << " " << remedy.front().second);
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      const auto recovered = run("metastable", remedy, seed);
      CHECK(recovered.value("recovered") == 1);
      CHECK(recovered.value("time_to_recover") < 60);
      CHECK(recovered.value("goodput_after") == Approx(recovered.value("goodput_before")).epsilon(0.2));
    }
  }
}

TEST_CASE("a load that was stable on the way up is not on the way down", "[slow][resilience]") {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const auto ramp = run("metastable", {}, seed);
    CHECK(ramp.value("largest_stable_load_up") >= 11);
    CHECK(ramp.value("largest_stable_load_down") <= 6);  // 20/s ÷ 3 attempts, and the queue has to empty
    CHECK(run("metastable", {{"metastable.sheds", "on"}}, seed).value("hysteresis") < ramp.value("hysteresis"));
  }
}

TEST_CASE("a service that is slow for a while collapses as after a spike", "[slow][resilience][faults]") {
  const Parameters no_spike = {{"metastable.spike_rate", "8"}};
  CHECK(run("metastable", no_spike).value("recovered") == 1);
  const auto slowed = run_with_faults("metastable", "slow-service.csv", no_spike);
  CHECK(slowed.warnings.empty());
  CHECK(slowed.value("recovered") == 0);
}

TEST_CASE("faults act on the services of the scenarios that have them, and others say that they do not",
          "[resilience][faults]") {
  CHECK(run("recovery").value("outcome_timed_out") == 0);
  CHECK(run_with_faults("recovery", "slow-service.csv").value("outcome_timed_out") > 0);
  CHECK(run_with_faults("cascade", "down-b.csv").value("failure_isolation") < 100);
  const auto unused = run_with_faults("compensation", "slow-service.csv");
  REQUIRE(unused.warnings.size() == 1);
  CHECK_THAT(unused.warnings[0], Catch::StartsWith("this scenario takes no faults"));
  const auto nobody = run_with_faults("breaker", "down-b.csv");
  REQUIRE(nobody.warnings.size() == 1);
  CHECK(nobody.warnings[0] == "1 of 1 faults found nobody of that name");
}

TEST_CASE("values of resilience that contradict each other are refused by name", "[resilience]") {
  CHECK_THROWS_WITH(run("compensation", {{"workflow.failing_stage", "6"}}), Catch::Contains("--workflow.stages"));
  CHECK_THROWS_WITH(run("breaker", {{"breaker_scenario.outage_duration", "1h"}}),
                    Catch::Contains("--breaker_scenario.duration"));
  CHECK_THROWS_WITH(run("cascade", {{"cascade.outage_duration", "1h"}}), Catch::Contains("--cascade.duration"));
  CHECK_THROWS_WITH(run("metastable", {{"metastable.spike_duration", "1h"}}), Catch::Contains("--metastable.duration"));
  CHECK_THROWS_WITH(run("metastable", {{"metastable.ramp_rate_first", "30"}}),
                    Catch::Contains("--metastable.ramp_rate_last"));
  CHECK_THROWS_WITH(run("breaker", {{"breaker_scenario.outage_at", "1h"}}),
                    Catch::Contains("--breaker_scenario.outage_at 1h and --breaker_scenario.outage_duration 90s"));
}

TEST_CASE("a first delay above the longest is refused with both names", "[resilience]") {
  for (const std::string name : {"workflow.retry_delay", "failover.retry_delay", "cascade.call_retry_delay",
                                 "cascade.request_retry_delay", "metastable.retry_delay"}) {
    CHECK_THROWS_WITH(run("failover", {{name, "45s"}}),
                      Catch::Contains("--" + name + " 45s: expected at most --" + name + "_max, which is 30s"));
  }
}

TEST_CASE("the longest delay between attempts at a stage is a parameter", "[resilience]") {
  const auto length_s_with = [](const char* delay_max) {
    const auto result = run("compensation", {{"workflow.retry_delay", "20s"},
                                             {"workflow.step_attempts_max", "8"},
                                             {"workflow.retry_delay_max", delay_max}});
    return to_seconds(result.totals.virtual_time);
  };
  CHECK(length_s_with("30s") < length_s_with("30min"));
}

TEST_CASE("the documentation of resilience lists every parameter with its default", "[resilience][docs]") {
  CHECK(sim::testing::undocumented_parameters(models::resilience::experiment()) == std::vector<std::string>{});
}
