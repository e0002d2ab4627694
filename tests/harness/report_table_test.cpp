#include "libsim/harness/report/report_table.hpp"

#include <catch2/catch.hpp>

#include "libsim/harness/report/scenario_outcome.hpp"

TEST_CASE("a run of one event says event, not events", "[output]") {
  sim::harness::ScenarioOutcome outcome;
  outcome.result.scenario = "idle";
  outcome.result.totals.events = 1;
  CHECK_THAT(sim::harness::scenario_table(outcome, false).text(),
             Catch::Contains("virtual time 0 s · 1 event · fingerprint"));
  outcome.result.totals.events = 2;
  CHECK_THAT(sim::harness::scenario_table(outcome, false).text(), Catch::Contains(" · 2 events · "));
}
