#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "libsim/harness/target.hpp"
#include "libsim/harness/verdict.hpp"
#include "libsim/testing.hpp"
#include "models/sessions/experiment.hpp"

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
    {"load", "sessions_ok", {{"client.timeout", "5s"}}},
    {"load", "message_time_p50", {}},
    {"load", "message_time_p99", {{"container.concurrency", "1"}}},
    {"load", "container_start_max", {{"start.light_image", "off"}}},
    {"hourly", "messages_completed", {{"client.body_has_command_id", "off"}}},
    {"hourly", "interrupts_delivered", {{"language_model.latency", "1ms"}}},
    {"hourly", "messages_lost", {{"drain.limit", "0s"}, {"language_model.latency", "100s"}}},
    {"hourly", "queue_depth_mean", {{"hourly.messages", "10000"}, {"language_model.latency", "60s"}}},
    {"hourly", "container_cpu_mean", {{"work.build_cpu", "70s"}}},
    {"hourly",
     "session_memory_max",
     {{"container.memory_per_session_mb", "1000"}, {"container.memory_limit_mb", "16384"}}},
    {"hourly", "success_rate", {{"client.timeout", "5s"}}},
    {"switching", "switch_time_mean", {{"messages.always_edit", "on"}}},
    {"preview",
     "preview_load_p95",
     {{"container.cpu_cores", "1"}, {"work.build_cpu", "4s"}, {"preview.cache_pages", "off"}}},
    {"burst", "messages_ok", {{"burst.timeout", "1min"}}},
    {"burst", "order_violations", {{"client.sends_in_order", "off"}}},
    {"kill", "recovered", {{"client.timeout", "10s"}, {"drain.limit", "0s"}}},
    {"kill", "recovery_time", {{"queue.visibility_timeout", "5min"}}},
    {"kill", "messages_lost", {{"client.timeout", "10s"}, {"drain.limit", "0s"}}},
    {"soak", "memory_final", {{"container.memory_base_mb", "1000"}}},
    {"soak", "memory_growth", {{"container.leak_per_message_mb", "1"}}}};

std::vector<harness::Target> targets() {
  const auto table =
      harness::read_targets(std::filesystem::path(LIBSIM_TEST_DATA) / ".." / "experiments" / "targets.csv");
  REQUIRE(table);
  return table->of_experiment("sessions");
}

Verdict verdict(const std::string& scenario, const std::string& metric, const Parameters& parameters,
                std::uint64_t seed = 1) {
  const auto result =
      run_scenario(models::sessions::experiment(), scenario, {.seed = seed, .parameters = parameters, .arrivals = {}});
  for (const harness::Target& target : targets()) {
    if (target.scenario == scenario && target.metric == metric) {
      return harness::judge(target, result.value(metric));
    }
  }
  FAIL("no target for " << scenario << " " << metric);
  return Verdict::missed;
}

}  // namespace

TEST_CASE("each of the twenty targets of sessions is missed under some setting", "[sessions][targets]") {
  REQUIRE(settings_that_miss.size() == targets().size());
  for (const Missed& missed : settings_that_miss) {
    INFO(missed.scenario << " " << missed.metric);
    CHECK(verdict(missed.scenario, missed.metric, missed.parameters) == Verdict::missed);
  }
}

TEST_CASE("with its defaults the platform meets every target but one: the median message time under load",
          "[sessions][targets]") {
  for (const harness::Target& target : targets()) {
    INFO(target.scenario << " " << target.metric);
    const bool is_the_one = target.scenario == "load" && target.metric == "message_time_p50";
    CHECK(verdict(target.scenario, target.metric, {}) == (is_the_one ? Verdict::missed : Verdict::met));
  }
}

TEST_CASE("the median message time under load is met with two more containers and an agent imported at the start",
          "[sessions][targets]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CHECK(verdict("load", "message_time_p50", {{"containers", "12"}, {"start.lazy_loading", "off"}}, seed) ==
          Verdict::met);
  }
}
