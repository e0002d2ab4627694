#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "libsim/harness/judge/verdict.hpp"
#include "models/workflow/experiment.hpp"
#include "tests/models/target_cases.hpp"

using namespace sim;
using namespace sim::testing::target_cases;
using harness::Verdict;
using models::workflow::experiment;

namespace {

const std::vector<Missed> settings_that_miss = {
    {"stages", "email_to_sqs", {{"mail.scan", "6s"}}},
    {"stages", "sqs_to_container", {{"queue.delay", "1min"}}},
    {"stages", "container_start", {{"start.light_image", "off"}, {"start.cached_dependencies", "off"}}},
    {"stages", "claude_processing", {{"agent.edit_turns", "30"}}},
    {"stages", "astro_build", {{"build.cpu", "70s"}}},
    {"stages", "s3_sync", {{"sync.files", "5000"}}},
    {"stages", "git_commit_push", {{"git.commit_cpu", "40s"}}},
    {"stages", "git_push", {{"git_host.push", "40s"}}},
    {"stages", "total", {{"agent.edit_turns", "40"}}},
    {"cold_warm", "warm_over_cold", {{"sessions.always_edit", "on"}}},
    {"sustained", "success_rate", {{"containers.max", "3"}}},
    {"sustained", "response_mean", {{"containers.max", "2"}}},
    {"burst", "accepted_share", {{"mail.servers", "5"}, {"mail.capacity", "5"}}},
    {"burst", "deployed_in_180s_share", {{"containers.max", "3"}}},
    {"resources", "cpu_mean", {{"container.cpu_cores", "1"}, {"agent.tool_cpu", "60s"}}},
    {"resources", "memory_mean", {{"container.memory_base_mb", "3600"}, {"container.memory_build_mb", "40"}}}};

}  // namespace

TEST_CASE("each of the sixteen targets of workflow is missed under some setting", "[workflow][targets]") {
  check_each_is_missed(experiment(), settings_that_miss);
}

TEST_CASE("warm sessions take less than half of cold ones when the image is large", "[workflow][targets]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CHECK(verdict(experiment(), "cold_warm", "warm_over_cold", {{"start.light_image", "off"}}, seed) == Verdict::met);
  }
}

TEST_CASE("with its defaults the workflow meets every target but one with seed 1: warm against cold sessions",
          "[workflow][targets]") {
  CHECK(not_met_with_defaults(experiment()) == Lines{"cold_warm warm_over_cold: missed"});
}

TEST_CASE("a refused cold session misses the target that compares with cold ones", "[workflow][targets]") {
  CHECK(verdict(experiment(), "cold_warm", "warm_over_cold", {}, 97) == Verdict::missed);
}
