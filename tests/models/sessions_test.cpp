#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "libsim/testing.hpp"
#include "models/sessions/experiment.hpp"
#include "tests/models/documented_parameters.hpp"
#include "tests/models/scenario_runs.hpp"

using namespace sim;
using sim::testing::Parameters;
using sim::testing::run_scenario;

namespace {

const std::vector<std::string> scenarios = {"load", "hourly", "switching", "preview", "burst", "kill", "soak"};

constexpr sim::testing::RunsOf run{models::sessions::experiment};

/// The mean of a metric over seeds 1 to 10, which all settings share.
double mean_of(const std::string& scenario, const std::string& metric, const Parameters& parameters) {
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    sum += run(scenario, parameters, seed).value(metric);
  }
  return sum / 10;
}

}  // namespace

TEST_CASE("the same seed gives the same run, another seed another", "[sessions]") {
  for (const std::string& scenario : scenarios) {
    INFO(scenario);
    const auto first = run(scenario);
    CHECK(first == run(scenario));
    CHECK(first.totals.fingerprint != run(scenario, {}, 2).totals.fingerprint);
  }
}

TEST_CASE("every message of an hour is answered, or interrupted and acknowledged", "[sessions]") {
  const auto hourly = run("hourly");
  REQUIRE(hourly.value("messages_sent") == 1000);
  REQUIRE(hourly.value("outcome_answered") + hourly.value("outcome_interrupted") == 1000);
  REQUIRE(hourly.value("messages_in_flight") == 0);
}

TEST_CASE("without the command id in the body the queue drops repeated instructions, and the ledger says so",
          "[sessions]") {
  const auto hourly = run("hourly", {{"client.body_has_command_id", "off"}});
  REQUIRE(hourly.value("outcome_deduplicated") > 0);
  REQUIRE(hourly.value("messages_completed") + hourly.value("outcome_deduplicated") == 1000);
  REQUIRE(hourly.value("messages_lost") == 0);
}

TEST_CASE("commands that always fail end in the dead-letter queue, and none is lost", "[sessions]") {
  const auto hourly = run("hourly", {{"language_model.failure_probability", "1"}, {"hourly.interrupts", "0"}});
  REQUIRE(hourly.value("outcome_dead_lettered") == 1000);
  REQUIRE(hourly.value("messages_lost") == 0);
}

TEST_CASE("messages that outlive the retention period expire, and none is lost", "[sessions]") {
  const auto hourly =
      run("hourly",
          {{"queue.message_retention_period", "60s"}, {"language_model.latency", "100s"}, {"hourly.interrupts", "0"}});
  REQUIRE(hourly.value("outcome_expired") > 0);
  REQUIRE(hourly.value("messages_lost") == 0);
}

TEST_CASE("a drain that is cut short leaves messages in flight, which a walk finds", "[sessions]") {
  const auto hourly = run("hourly", {{"drain.limit", "0s"}, {"language_model.latency", "100s"}});
  REQUIRE(hourly.value("messages_in_flight") > 0);
  REQUIRE(hourly.value("messages_in_flight") == hourly.value("messages_lost"));
}

TEST_CASE("without heartbeats slow commands are delivered again and again, and the later ones starve", "[sessions]") {
  const Parameters slow = {{"language_model.short_latency", "uniform(10s, 60s)"},
                           {"queue.max_receive_count", "0"},
                           {"burst.timeout", "2h"},
                           {"drain.limit", "2h"}};
  Parameters without_heartbeats = slow;
  without_heartbeats.emplace_back("queue.heartbeats", "off");
  REQUIRE(run("burst", slow).value("messages_ok") == 100);
  // the first batch of ten never gets deleted: its receipt handles are stale when its work is done
  REQUIRE(run("burst", without_heartbeats).value("messages_ok") == 10);
}

TEST_CASE("the order of a burst is that of sending for every batch size and with failing model calls", "[sessions]") {
  for (const char* batching : {"on", "off"}) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      const auto burst = run("burst",
                             {{"container.batch_by_session", batching},
                              {"language_model.failure_probability", "0.2"},
                              {"queue.max_receive_count", "0"}},
                             seed);
      CHECK(burst.value("order_violations") == 0);
      CHECK(burst.value("messages_ok") == 100);
    }
  }
}

TEST_CASE("recovery from a kill while working waits for the visibility timeout, from an idle one only for the start",
          "[sessions]") {
  const auto kill = run("kill", {{"queue.visibility_timeout", "2min"}});
  REQUIRE(kill.value("recovery_time_working") > 110);  // received a few seconds before the kill
  REQUIRE(kill.value("recovery_time_idle") < 60);
}

TEST_CASE("each optimisation of the platform helps where it should", "[sessions]") {
  struct Optimisation {
    std::string parameter;
    std::string scenario;
    std::string metric;
  };
  const std::vector<Optimisation> optimisations = {{"start.parallel_initialisation", "load", "container_start_mean"},
                                                   {"start.precompiled", "load", "container_start_mean"},
                                                   {"start.cached_dependencies", "load", "container_start_mean"},
                                                   {"start.light_image", "load", "container_start_mean"},
                                                   {"container.batch_by_session", "burst", "last_message_time"},
                                                   {"tree.cache_git_status", "switching", "tree_switch_mean"},
                                                   {"preview.cache_pages", "preview", "preview_load_p50"},
                                                   {"registry.cache", "switching", "switch_time_mean"}};
  for (const Optimisation& optimisation : optimisations) {
    INFO(optimisation.parameter);
    const double on = mean_of(optimisation.scenario, optimisation.metric, {{optimisation.parameter, "on"}});
    const double off = mean_of(optimisation.scenario, optimisation.metric, {{optimisation.parameter, "off"}});
    CHECK(on < off);
  }
}

TEST_CASE("lazy loading moves the import from the start to the first messages", "[sessions]") {
  const Parameters eager = {{"start.lazy_loading", "off"}, {"start.agent_import", "4s"}};
  const Parameters lazy = {{"start.lazy_loading", "on"}, {"start.agent_import", "4s"}};
  REQUIRE(mean_of("load", "container_start_mean", lazy) < mean_of("load", "container_start_mean", eager));
  REQUIRE(mean_of("load", "message_time_p50", lazy) > mean_of("load", "message_time_p50", eager));
}

TEST_CASE("recorded arrivals are all sent and accounted for, and faster at a higher speed", "[sessions][arrivals]") {
  InputFiles files;
  const auto recorded_file =
      files.read(std::filesystem::path(LIBSIM_TEST_DATA) / ".." / "experiments" / "data" / "synthetic-arrivals.csv",
                 data_bytes_max);
  REQUIRE(recorded_file);
  const auto arrivals = harness::read_arrivals(*recorded_file, {"TIMESTAMP", {"ContextTokens", "GeneratedTokens"}});
  REQUIRE(arrivals);
  const auto replay = [&](const char* speed) {
    return run_scenario(models::sessions::experiment(), "hourly",
                        {.parameters = {{"arrivals.speed", speed}, {"hourly.interrupts", "0"}}, .arrivals = *arrivals});
  };
  const auto recorded = replay("1");
  REQUIRE(recorded.value("messages_sent") == static_cast<double>(arrivals->size()));
  REQUIRE(recorded.value("outcome_answered") == static_cast<double>(arrivals->size()));
  const auto fast = replay("100");
  REQUIRE(fast.value("outcome_answered") == static_cast<double>(arrivals->size()));
  REQUIRE(fast.value("message_time_p50") > recorded.value("message_time_p50"));
}

TEST_CASE("the documentation lists every parameter with its default", "[sessions][docs]") {
  CHECK(sim::testing::undocumented_parameters(models::sessions::experiment()) == std::vector<std::string>{});
}

TEST_CASE("values that contradict each other are refused by name", "[sessions]") {
  REQUIRE_THROWS_WITH(run("load", {{"sessions", "5"}}), Catch::Contains("--containers 10"));
  REQUIRE_THROWS_WITH(run("load", {{"queue.visibility_timeout", "5s"}}), Catch::Contains("--queue.heartbeat_interval"));
  REQUIRE_THROWS_WITH(run("load", {{"restart.initial_delay", "1h"}}), Catch::Contains("--restart.delay_max"));
}

TEST_CASE("an hour of more messages than a container can answer is warned of", "[sessions]") {
  const auto messages = [](const char* count) {
    return run("hourly", {{"sessions", "2"}, {"containers", "1"}, {"hourly.messages", count}});
  };
  CHECK_FALSE(sim::testing::warns_of(messages("500"), "unstable"));
  CHECK(sim::testing::warns_of(messages("5000"), "unstable, or too short: the message times grew"));
}

TEST_CASE("a platform that never becomes ready has switched no trees", "[sessions]") {
  const auto result = run("switching", {{"registry.read_latency", "constant(106751d)"}});
  const auto* const switches = result.find("tree_switch_mean");
  REQUIRE(switches != nullptr);
  CHECK(std::isnan(switches->mean));
  CHECK(switches->samples == 0);
}
