#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "libsim/testing.hpp"
#include "models/sessions/experiment.hpp"

using namespace sim;

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

harness::ScenarioResult run_with(const std::string& scenario, const std::string& faults,
                                 const Parameters& parameters = {}) {
  sim::testing::RunOptions options;
  options.parameters = parameters;
  options.faults = faults.empty() ? "" : LIBSIM_TEST_DATA "/data/sessions_faults/" + faults;
  return sim::testing::run_scenario(models::sessions::experiment(), scenario, options);
}

}  // namespace

TEST_CASE("a fault file that kills a container and slows the model makes messages later, and loses none",
          "[sessions][faults]") {
  const auto calm = run_with("load", "");
  const auto troubled = run_with("load", "kill-and-slow.csv");
  CHECK(troubled.warnings.empty());
  CHECK(troubled.value("message_time_p50") > 2 * calm.value("message_time_p50"));
  CHECK(troubled.value("message_time_p99") > 30);  // those of the killed container wait for the visibility timeout
  CHECK(troubled.value("messages_sent") == 100);
  CHECK(troubled.value("outcome_answered") == 100);
}

TEST_CASE("a model that only fails sends every message to the dead-letter queue", "[sessions][faults]") {
  const auto result = run_with("burst", "errors.csv", {{"burst.messages", "10"}});
  CHECK(result.value("outcome_dead_lettered") == 10);
}

TEST_CASE("faults that come too late or find nobody are told", "[sessions][faults]") {
  const auto result = run_with("soak", "idle.csv");
  REQUIRE(result.warnings.size() == 2);
  CHECK_THAT(result.warnings[0], Catch::StartsWith("1 of 2 faults lie after the end of the scenario at "));
  CHECK(result.warnings[1] == "1 of 2 faults found nobody of that name");
}

TEST_CASE("a fault draws nothing that another random stream would have drawn", "[sessions][faults]") {
  const auto calm = run_with("load", "", {{"language_model.failure_probability", "0.2"}});
  const auto idle = run_with("load", "no-errors.csv", {{"language_model.failure_probability", "0.2"}});
  CHECK(calm.value("message_time_p99") > run_with("load", "").value("message_time_p99"));
  CHECK(idle.value("message_time_p50") == calm.value("message_time_p50"));
  CHECK(idle.value("message_time_p99") == calm.value("message_time_p99"));
}

TEST_CASE("faults at what is not there, or of a kind that it does not take, are refused with file and line",
          "[sessions][faults]") {
  CHECK_THROWS_WITH(run_with("load", "unknown.csv"),
                    Catch::Contains("unknown.csv:2: target container-10: expected one of "));
  CHECK_THROWS_WITH(run_with("load", "untaken.csv"), Catch::Contains("untaken.csv:2: ") && Catch::Contains("slow"));
  CHECK_NOTHROW(run_with("load", "unknown.csv", {{"containers", "11"}}));
}
