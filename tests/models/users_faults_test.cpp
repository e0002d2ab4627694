#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "libsim/testing.hpp"
#include "models/users/experiment.hpp"

using namespace sim;

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

harness::ScenarioResult run_with(const std::string& scenario, const std::string& faults,
                                 const Parameters& parameters = {}) {
  sim::testing::RunOptions options;
  options.parameters = parameters;
  options.faults = LIBSIM_TEST_DATA "/" + faults;
  return sim::testing::run_scenario(models::users::experiment(), scenario, options);
}

const std::string primary_down = "../experiments/data/users-primary-down.csv";

}  // namespace

TEST_CASE("while the primary is down for 5 s writes wait for a connection, and a few fail with their dead ones",
          "[users][faults]") {
  const auto result = run_with("full_workflow", primary_down);
  CHECK(result.warnings.empty());
  CHECK(result.value("response_p50") > 8);   // 4.6 s without the fault
  CHECK(result.value("response_p50") < 10);  // about 5 s more
  CHECK(result.value("writes_lost") > 0);
  CHECK(result.value("success_rate") == 100 - result.value("requests_failed"));
  CHECK(result.value("success_rate") > 80);
}

TEST_CASE("a pool that throws all connections away with the first dead one loses no write", "[users][faults]") {
  const auto result = run_with("full_workflow", primary_down, {{"pool.evict_on_failure", "on"}});
  CHECK(result.value("success_rate") == 100);
  CHECK(result.value("writes_lost") == 0);
}

TEST_CASE("queued writes hide the loss of the primary, and lose writes that users believe stored", "[users][faults]") {
  const auto result = run_with("full_workflow", primary_down, {{"writes", "queued"}});
  CHECK(result.value("success_rate") == 100);
  CHECK(result.value("response_p95") < 8);
  CHECK(result.value("writes_lost") > 0);
}

TEST_CASE("without further attempts more writes are lost with the primary", "[users][faults]") {
  CHECK(run_with("full_workflow", primary_down, {{"query.attempts_max", "1"}}).value("writes_lost") >
        run_with("full_workflow", primary_down).value("writes_lost"));
}

TEST_CASE("reads do not need the primary while replicas are up", "[users][faults]") {
  const auto result = run_with("read_heavy", primary_down, {{"read_heavy.reads", "200"}});
  CHECK(result.value("success_rate") == 100);
  CHECK(result.value("response_p99") < 0.5);
}

TEST_CASE("reads go to the primary when both replicas are down", "[users][faults]") {
  const auto result = run_with("read_heavy", "data/users_faults/replicas-down.csv");
  CHECK(result.warnings.empty());
  CHECK(result.value("success_rate") == 100);
}

TEST_CASE("while no node is up old answers stand in for those that cannot be had", "[users][faults]") {
  const Parameters impatient = {{"cache.ttl", "1ms"}, {"pool.connection_timeout", "1s"}};
  const auto with = run_with("read_heavy", "data/users_faults/database-down.csv", impatient);
  Parameters without_fallback = impatient;
  without_fallback.emplace_back("fallback.cached", "off");
  const auto without = run_with("read_heavy", "data/users_faults/database-down.csv", without_fallback);
  CHECK(with.value("requests_cached") > 0);
  CHECK(without.value("requests_cached") == 0);
  CHECK(with.value("success_rate") > without.value("success_rate"));
}

TEST_CASE("stages work with old inputs while replicas answer with errors", "[users][faults]") {
  // All pages are open by then, and all of 20 records were read; from there on every answered stage has old inputs.
  const auto result =
      run_with("full_workflow", "data/users_faults/replicas-err.csv", {{"cache.ttl", "1ms"}, {"records", "20"}});
  CHECK(result.value("requests_cached") > 200);
  CHECK(result.value("success_rate") == 0);  // nobody has read the own result before
}

TEST_CASE("pages of which some records cannot be read are shown partially, or not at all", "[users][faults]") {
  const Parameters impatient = {{"pool.connection_timeout", "1s"}, {"query.attempts_max", "1"}};
  const auto partial = run_with("sustained", "data/users_faults/database-down.csv", impatient);
  CHECK(partial.value("requests_partial") > 0);
  Parameters all_or_nothing = impatient;
  all_or_nothing.emplace_back("fallback.partial", "off");
  CHECK(run_with("sustained", "data/users_faults/database-down.csv", all_or_nothing).value("requests_partial") == 0);
}

TEST_CASE("a replica becomes the primary when the primary stays away, and patient users go on", "[users][faults]") {
  const Parameters patient = {
      {"user.timeout", "2min"}, {"pool.connection_timeout", "2min"}, {"pool.evict_on_failure", "on"}};
  const auto result = run_with("full_workflow", "data/users_faults/primary-lost.csv", patient);
  CHECK(result.value("success_rate") == 100);
  CHECK(result.value("response_p50") > 30);  // 10 s until it is noticed, 20 s for the promotion
  Parameters without_failover = patient;
  without_failover.emplace_back("database.failover", "off");
  CHECK(run_with("full_workflow", "data/users_faults/primary-lost.csv", without_failover).value("success_rate") == 0);
}

TEST_CASE("a network that parts users and application lets their requests time out", "[users][faults]") {
  const auto result = run_with("read_heavy", "data/users_faults/network-parted.csv", {{"user.timeout", "1s"}});
  CHECK(result.value("requests_timed_out") > 0);
  CHECK(result.value("success_rate") == Approx(100 - result.value("requests_timed_out") / 50));
}

TEST_CASE("faults of users at what is not there, not taken, or too late are told", "[users][faults]") {
  CHECK_THROWS_WITH(run_with("full_workflow", "data/users_faults/unknown.csv"),
                    Catch::Contains("unknown.csv:2: target replica-3: expected one of "));
  CHECK_THROWS_WITH(run_with("full_workflow", "data/users_faults/untaken.csv"), Catch::Contains("untaken.csv:2: "));
  CHECK_NOTHROW(run_with("full_workflow", "data/users_faults/unknown.csv", {{"database.replicas", "3"}}));
  const auto late = run_with("full_workflow", "data/users_faults/late.csv");
  REQUIRE(late.warnings.size() == 1);
  CHECK_THAT(late.warnings[0], Catch::StartsWith("1 of 1 faults lie after the end of the scenario at "));
}
