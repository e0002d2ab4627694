#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "libsim/harness/judge/verdict.hpp"
#include "models/sessions/experiment.hpp"
#include "tests/models/target_cases.hpp"

using namespace sim;
using namespace sim::testing::target_cases;
using harness::Verdict;
using models::sessions::experiment;

namespace {

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

}  // namespace

TEST_CASE("each of the twenty targets of sessions is missed under some setting", "[sessions][targets]") {
  check_each_is_missed(experiment(), settings_that_miss);
}

TEST_CASE("with its defaults the platform meets every target but one: the median message time under load",
          "[sessions][targets]") {
  CHECK(not_met_with_defaults(experiment()) == Lines{"load message_time_p50: missed"});
}

TEST_CASE("the median message time under load is met with two more containers and an agent imported at the start",
          "[sessions][targets]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CHECK(verdict(experiment(), "load", "message_time_p50", {{"containers", "12"}, {"start.lazy_loading", "off"}},
                  seed) == Verdict::met);
  }
}
