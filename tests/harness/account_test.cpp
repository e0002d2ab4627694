#include <catch2/catch.hpp>

#include <cmath>

#include "libsim/failure.hpp"
#include "libsim/harness/experiment/scenario_run.hpp"
#include "libsim/harness/report/report_table.hpp"
#include "libsim/harness/run/scenario_result.hpp"

using sim::harness::ScenarioRun;

namespace {

void report_messages(ScenarioRun& run, double answered, double lost) {
  run.report("sent", "messages", 3);
  run.report("answered", "messages", answered);
  run.report("lost", "messages", lost);
  run.report_account({"sent", {"answered", "lost"}});
}

std::string table_of(ScenarioRun& run) {
  sim::harness::ScenarioOutcome outcome;
  outcome.result = sim::harness::combine("shop", "day", 1, {run.collect()});
  return sim::harness::scenario_table(outcome, false).text();
}

}  // namespace

TEST_CASE("an account whose parts do not add up is a bug", "[harness]") {
  ScenarioRun run({});
  REQUIRE_THROWS_WITH(report_messages(run, 1, 1), Catch::Contains("sent is 3, but its parts add up to 2"));
}

TEST_CASE("an account over a metric that nobody reported is a bug", "[harness]") {
  ScenarioRun run({});
  run.report("sent", "messages", 0);
  REQUIRE_THROWS_WITH(run.report_account({"sent", {"answered"}}), Catch::Contains("metric answered"));
}

TEST_CASE("an account of nothing keeps its zeros, anything else without samples is none", "[harness]") {
  ScenarioRun run({});
  run.report("sent", "messages", 0, 0);
  run.report("answered", "messages", 0, 0);
  run.report_account({"sent", {"answered"}});
  run.report("cpu", "percent", 2.5, 0);
  const auto reports = run.collect().reports;
  CHECK(reports[0].value == 0);
  CHECK(reports[1].value == 0);
  CHECK(std::isnan(reports[2].value));
}

TEST_CASE("a part without samples of an account of something is none and adds nothing", "[harness]") {
  ScenarioRun run({});
  run.report("stored", "entries", 3);
  run.report("kept", "entries", 3);
  run.report("left_behind", "entries", 0, 0);
  run.report_account({"stored", {"kept", "left_behind"}});
  REQUIRE_THAT(table_of(run), Catch::Contains("\n  stored 3 = kept 3\n"));
}

TEST_CASE("an account is one line of the table, without the parts of nothing", "[harness]") {
  ScenarioRun some({});
  report_messages(some, 3, 0);
  const std::string table = table_of(some);
  REQUIRE_THAT(table, Catch::Contains("\n  sent 3 = answered 3\n"));
  REQUIRE_THAT(table, !Catch::Contains("lost"));
}
