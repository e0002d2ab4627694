#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "libsim/testing.hpp"
#include "models/workflow/config.hpp"
#include "models/workflow/experiment.hpp"
#include "models/workflow/measures.hpp"
#include "models/workflow/platform.hpp"
#include "tests/models/documented_parameters.hpp"
#include "tests/models/scenario_runs.hpp"

using namespace sim;
using namespace sim::models;
using Catch::Contains;
using sim::testing::Parameters;
using sim::testing::run_scenario;

namespace {

const std::vector<std::string> scenarios = {"stages", "cold_warm", "sustained", "burst", "resources"};

constexpr sim::testing::RunsOf run{workflow::experiment};

harness::ScenarioResult run_with_faults(const std::string& scenario, const std::string& file,
                                        const Parameters& parameters = {}) {
  sim::testing::RunOptions options;
  options.parameters = parameters;
  options.faults = LIBSIM_TEST_DATA "/data/workflow_faults/" + file;
  return run_scenario(workflow::experiment(), scenario, options);
}

/// The mean of a metric over seeds 1 to 10, which all settings share.
double mean_of(const std::string& scenario, const std::string& metric, const Parameters& parameters) {
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    sum += run(scenario, parameters, seed).value(metric);
  }
  return sum / 10;
}

}  // namespace

TEST_CASE("the same seed gives the same workflow, another seed another", "[workflow]") {
  for (const std::string& scenario : scenarios) {
    INFO(scenario);
    const auto first = run(scenario);
    CHECK(first == run(scenario));
    CHECK(first.totals.fingerprint != run(scenario, {}, 2).totals.fingerprint);
  }
}

TEST_CASE("the eight stages of a session add up to its whole time", "[workflow]") {
  const auto stages = run("stages");
  double sum = 0;
  for (const std::string_view stage : workflow::stage_names) {
    CHECK(stages.value(stage) > 0);
    sum += stages.value(stage);
  }
  CHECK(stages.value("total") == Approx(sum).epsilon(1e-9));
  CHECK(stages.value("git_commit_push") == Approx(stages.value("git_commit") + stages.value("git_push")));
}

TEST_CASE("every session of every scenario is completed, and every metric published", "[workflow]") {
  for (const std::string& scenario : scenarios) {
    INFO(scenario);
    const auto result = run(scenario);
    CHECK(result.value("sessions_completed") == result.value("sessions_requested"));
    CHECK(result.value("metrics_published") == result.value("metrics_handed_over"));
    CHECK(result.warnings.empty());
  }
}

TEST_CASE("a run names the stage that takes the largest share of the time", "[workflow]") {
  // With the defaults the start of a container and the agent are close; each is made the longest here.
  const auto slow_build = run("stages", {{"build.cpu", "100s"}});
  REQUIRE(slow_build.find("bottleneck_astro_build") != nullptr);
  CHECK(slow_build.value("bottleneck_astro_build") ==
        Approx(100 * slow_build.value("astro_build") / slow_build.value("total")));
  CHECK(run("stages", {{"git_host.push", "200s"}}).find("bottleneck_git_push") != nullptr);
  CHECK(run("burst", {{"burst.sessions", "100"}}).find("bottleneck_container_start") != nullptr);
}

TEST_CASE("cold sessions each start a container, warm ones find the last of these", "[workflow]") {
  const auto cold_warm = run("cold_warm");
  CHECK(cold_warm.value("container_starts") == 3);
  CHECK(cold_warm.value("containers_max") == 1);
  CHECK(cold_warm.value("warm_response_mean") < cold_warm.value("cold_response_mean"));
  CHECK(run("cold_warm", {{"containers.warm_min", "1"}, {"drain.limit", "20min"}}).warnings.size() == 1);
}

TEST_CASE("no more containers run than there may be, and sessions wait for them", "[workflow]") {
  const auto narrow = run("burst", {{"containers.max", "4"}});
  CHECK(narrow.value("containers_max") == 4);
  CHECK(narrow.value("open_sessions_max") == 20);
  CHECK(narrow.value("container_start") > 2 * run("burst").value("container_start"));
  CHECK(narrow.value("sessions_completed") == 20);
}

TEST_CASE("e-mails beyond the room of the mail service are refused, and nothing is left of them", "[workflow]") {
  const auto full = run("burst", {{"mail.servers", "5"}, {"mail.capacity", "5"}});
  CHECK(full.value("sessions_refused") > 0);
  CHECK(full.value("sessions_refused") + full.value("sessions_completed") == 20);
  CHECK(full.value("accepted_share") == Approx(100 - 5 * full.value("sessions_refused")));
}

TEST_CASE("a session whose container is killed runs again in another", "[workflow][faults]") {
  const auto killed = run_with_faults("stages", "kill.csv");
  CHECK(killed.warnings.empty());
  CHECK(killed.value("container_failures") == 1);
  CHECK(killed.value("failed_attempts") == 1);
  CHECK(killed.value("sessions_completed") == 1);
  CHECK(killed.value("total") > run("stages").value("total") + 30);
}

TEST_CASE("sessions whose model never answers end in the dead-letter queue, and none is lost", "[workflow][faults]") {
  const auto down = run_with_faults("sustained", "model-down.csv");
  CHECK(down.value("sessions_dead_lettered") == 20);
  CHECK(down.value("failed_attempts") == 3 * 20);
  CHECK(down.value("success_rate") == 0);
  CHECK(down.value("response_mean") == 3600);  // never deployed: counts with drain.limit
}

TEST_CASE("without heartbeats a message is delivered again while its session runs, and still runs once", "[workflow]") {
  const auto blind =
      run("stages",
          {{"dispatcher.heartbeats", "off"}, {"queue.visibility_timeout", "20s"}, {"queue.max_receive_count", "0"}});
  CHECK(blind.value("sessions_completed") == 1);
  CHECK(blind.value("failed_attempts") == 0);
  CHECK(blind.value("container_starts") == 1);
}

TEST_CASE("duplicates of a standard queue run once", "[workflow]") {
  const auto twice = run("sustained", {{"queue.duplicate_probability", "0.5"}, {"queue.max_receive_count", "0"}});
  CHECK(twice.value("sessions_completed") == 20);
  CHECK(twice.value("failed_attempts") == 0);
}

TEST_CASE("a session that needs more memory than its container has is killed, and in the end dead-lettered",
          "[workflow]") {
  const auto small = run("stages", {{"container.memory_limit_mb", "1024"}});
  CHECK(small.value("container_failures") == 3);
  CHECK(small.value("sessions_dead_lettered") == 1);
}

TEST_CASE("a drain that is cut short leaves sessions in flight, which a walk finds", "[workflow]") {
  const auto cut = run("burst", {{"drain.limit", "30s"}});
  CHECK(cut.value("sessions_in_flight") == 20);
  CHECK(cut.value("sessions_requested") == 20);
}

TEST_CASE("a burst finds as many containers ready as are kept warm", "[workflow]") {
  const auto ready = run("burst", {{"containers.warm_min", "20"}});
  CHECK(ready.value("container_start") < 1);
  CHECK(ready.value("containers_max") == 20);
  CHECK(ready.value("response_mean") < run("burst").value("response_mean") - 20);
}

TEST_CASE("starts of containers that fail are tried again", "[workflow]") {
  const auto shaky = run("burst", {{"container.start_failure_probability", "0.3"}, {"containers.restart_delay", "1s"}});
  CHECK(shaky.value("container_failures") > 0);
  CHECK(shaky.value("sessions_completed") == 20);
}

TEST_CASE("each optimisation of the cold start makes it shorter", "[workflow]") {
  for (const char* name :
       {"start.parallel_initialisation", "start.precompiled", "start.cached_dependencies", "start.light_image"}) {
    INFO(name);
    CHECK(mean_of("stages", "container_start", {{name, "on"}}) < mean_of("stages", "container_start", {{name, "off"}}));
  }
  CHECK(run("stages", {{"containers.warm_min", "1"}}).value("container_start") < 1);
}

TEST_CASE("CPU in use follows the work, memory the sessions", "[workflow]") {
  const auto usual = run("resources");
  CHECK(usual.value("tasks_max") == 5);
  CHECK(run("resources", {{"build.cpu", "60s"}}).value("cpu_mean") > usual.value("cpu_mean") + 10);
  CHECK(run("resources", {{"container.memory_per_session_mb", "1450"}}).value("memory_mean") >
        usual.value("memory_mean") + 10);
  CHECK(run("resources", {{"containers.concurrency", "5"}}).value("tasks_max") < 5);
}

TEST_CASE("a metrics service that is down for five minutes delays the metrics, and none is lost",
          "[workflow][faults][publishing]") {
  const auto down = run_with_faults("sustained", "metrics-service-down.csv");
  CHECK(down.value("publish_failures") > 5);
  CHECK(down.value("metrics_handed_over") > run("sustained").value("metrics_handed_over"));  // sampling goes on
  CHECK(down.value("metrics_published") == down.value("metrics_handed_over"));
  const auto impatient = run_with_faults("sustained", "metrics-service-down.csv", {{"publisher.attempts_max", "3"}});
  CHECK(impatient.value("metrics_given_up") > 0);
  CHECK(impatient.value("metrics_published") + impatient.value("metrics_given_up") ==
        impatient.value("metrics_handed_over"));
}

TEST_CASE("metrics are published in batches of at most twenty", "[workflow][publishing]") {
  // The metrics service asserts the size; what comes within an interval waits for its batch to fill up.
  const auto patient = run("sustained", {{"reporter.publish_interval", "5s"}, {"publisher.flush_interval", "10min"}});
  const auto published = patient.value("metrics_published");
  CHECK(published > 100);
  CHECK(patient.value("publish_batches") >= published / 20);
  CHECK(patient.value("publish_batches") <= published / 20 + 1);
}

TEST_CASE("the report groups the figures of a run and gives average, min, max and p95 as text and JSON",
          "[workflow][publishing]") {
  Simulation simulation;
  workflow::Platform platform(simulation, workflow::Config{});
  platform.request("client", workflow::Instruction::edit);
  platform.drain();
  platform.record("performance.cold_start_s", 40);
  platform.record("performance.cold_start_s", 60);
  simulation.run_for(1s);

  const policies::PerformanceReport report = workflow::performance_report(platform);
  std::vector<std::string> groups;
  for (const auto& group : report.groups()) {
    groups.push_back(group.name);
  }
  CHECK(groups == std::vector<std::string>{"performance", "resources", "workflow"});
  CHECK(report.groups().back().metrics.size() == 9);  // eight stages and the whole
  CHECK_THAT(report.to_text(), Contains("\nworkflow\n") && Contains("mean") && Contains("min") && Contains("max") &&
                                   Contains("p95") && Contains("workflow.git_push_s"));
  const auto json = nlohmann::json::parse(report.to_json());
  const auto& cold = json["groups"][0]["metrics"][0];
  CHECK(cold["name"] == "performance.cold_start_s");
  CHECK(cold["mean"] == 50);
  CHECK(cold["min"] == 40);
  CHECK(cold["max"] == 60);
  CHECK(cold["p95"] == 60);
}

TEST_CASE("every scenario leaves its report as text and JSON with the groups of its figures",
          "[workflow][publishing]") {
  const std::vector<std::pair<std::string, std::vector<std::string>>> groups_of = {
      {"stages", {"resources", "workflow"}},
      {"cold_warm", {"performance", "resources", "workflow"}},
      {"sustained", {"load", "resources", "workflow"}},
      {"burst", {"burst", "resources", "workflow"}},
      {"resources", {"resources", "workflow"}}};
  for (const auto& [scenario, groups] : groups_of) {
    INFO(scenario);
    const auto attachments = run(scenario).attachments;
    REQUIRE(attachments.size() == 2);
    CHECK(attachments[0].file_name == "performance_report.txt");
    CHECK_THAT(attachments[0].text, Contains("workflow.total_s"));
    CHECK(attachments[1].file_name == "performance_report.json");
    std::vector<std::string> found;
    const auto json = nlohmann::json::parse(attachments[1].text);
    for (const auto& group : json["groups"]) {
      found.push_back(group["name"]);
    }
    CHECK(found == groups);
  }
}

TEST_CASE("the documentation of the workflow lists every parameter with its default", "[workflow][docs]") {
  CHECK(sim::testing::undocumented_parameters(workflow::experiment()) == std::vector<std::string>{});
}

TEST_CASE("values of the workflow that contradict each other are refused by name", "[workflow]") {
  CHECK_THROWS_WITH(run("stages", {{"queue.visibility_timeout", "10s"}}), Contains("--dispatcher.heartbeat_interval"));
  CHECK_THROWS_WITH(run("stages", {{"containers.warm_min", "21"}}), Contains("--containers.max"));
  CHECK_THROWS_WITH(run("stages", {{"mail.capacity", "10"}}), Contains("--mail.servers"));
  CHECK_THROWS_WITH(run_with_faults("stages", "unknown.csv"),
                    Contains("unknown.csv:2: target container-99: expected one of container-1 to container-20, "
                             "language-model, metrics-service"));
}

TEST_CASE("a session that is never deployed does not make warm sessions look fast", "[workflow]") {
  // Seed 97: the mail service refuses one cold session, which would count with the 3600 s of drain.limit.
  const auto refused = run("cold_warm", {}, 97);
  CHECK(refused.value("sessions_refused") == 1);
  CHECK(std::isnan(refused.value("warm_over_cold")));
  CHECK(refused.value("cold_response_mean") > 1200);
  CHECK(refused.value("warm_response_mean") < 60);
  REQUIRE(refused.warnings.size() == 1);
  CHECK(refused.warnings[0] == "1 of 3 cold sessions were not deployed within 1h: there is no warm_over_cold");
  CHECK(std::isnan(run("cold_warm", {{"mail.refusal_probability", "1"}}).value("warm_over_cold")));
  // Nor does one that is deployed at its second attempt.
  const auto retried = run("cold_warm", {{"language_model.failure_probability", "0.05"}, {"agent.attempts_max", "1"}});
  CHECK(retried.value("failed_attempts") > 0);
  CHECK(retried.value("sessions_completed") == 8);
  CHECK(std::isnan(retried.value("warm_over_cold")));
}

TEST_CASE("sessions are waited for after the last was requested, not after the first", "[workflow]") {
  // The last of the forty comes after 3 min 54 s.
  const auto result = run("sustained", {{"sustained.minutes", "4"}, {"drain.limit", "3min"}});
  CHECK(result.value("sessions_requested") == 40);
}

TEST_CASE("without time for any session there are no response times, and a run says none", "[workflow]") {
  for (const auto& [scenario, more] : std::vector<std::pair<std::string, Parameters>>{
           {"burst", {}}, {"sustained", {{"sustained.sessions_per_minute", "1"}, {"sustained.minutes", "1"}}}}) {
    Parameters parameters = more;
    parameters.emplace_back("drain.limit", "0s");
    const auto result = run(scenario, parameters);
    for (const char* metric : {"response_mean", "response_min", "response_p95", "response_max", "total"}) {
      INFO(scenario << " " << metric);
      CHECK(std::isnan(result.value(metric)));
      CHECK(result.find(metric)->is_none());
    }
  }
}

TEST_CASE("containers without keep-alive start for each session", "[workflow]") {
  const auto result = run("sustained", {{"containers.keep_alive", "0s"}, {"sustained.sessions_per_minute", "2"}});
  CHECK(result.value("container_starts") >= result.value("sessions_completed"));
  CHECK(result.value("sessions_completed") > 0);
}

TEST_CASE("workflow refuses a first delay above the longest with both names", "[workflow]") {
  CHECK_THROWS_WITH(run("stages", {{"containers.restart_delay", "1h"}}),
                    Contains("--containers.restart_delay 1h: expected at most --containers.restart_delay_max"));
  CHECK_THROWS_WITH(run("stages", {{"agent.retry_delay_max", "0s"}}), Contains("--agent.retry_delay 1s"));
  CHECK_THROWS_WITH(run("stages", {{"publisher.retry_delay", "1min"}}), Contains("--publisher.retry_delay_max"));
}

TEST_CASE("sessions that come faster than the containers can publish are warned of", "[workflow]") {
  const auto per_minute = [](const char* sessions) {
    return run("sustained", {{"sustained.sessions_per_minute", sessions}, {"sustained.minutes", "10"}});
  };
  CHECK_FALSE(sim::testing::warns_of(per_minute("20"), "unstable"));
  CHECK(sim::testing::warns_of(per_minute("100"), "unstable, or too short: the response times grew"));
}
