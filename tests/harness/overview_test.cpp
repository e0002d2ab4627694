#include "libsim/harness/run/overview.hpp"

#include <catch2/catch.hpp>

#include <sstream>
#include <string>
#include <vector>

#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_shop.hpp"

using namespace std::string_literals;

namespace {

struct Nothing {};

/// One scenario, one metric of the given value, and a target of less than 5 with a critical bound of 10.
sim::harness::Experiment reporting(const std::string& name, double value) {
  return sim::harness::Definition<Nothing>{
      .name = name,
      .summary = "reports a number",
      .describe = {},
      .scenarios = {{"only", "",
                     [value](sim::harness::ScenarioRun& run, const Nothing&) {
                       run.simulation().run_for(std::chrono::seconds(2));
                       run.report("number", "count", value);
                     }}},
      .targets_csv = "experiment,scenario,metric,unit,op,target,critical,source,definition\n" + name +
                     ",only,number,count,<,5,10,,\n"};
}

sim::harness::Experiment failing() {
  return sim::harness::Definition<Nothing>{
      .name = "failing",
      .summary = "has a bug",
      .describe = {},
      .scenarios = {{"only", "", [](sim::harness::ScenarioRun&, const Nothing&) { sim::check(false, "no bug"); }}},
      .targets_csv =
          "experiment,scenario,metric,unit,op,target,critical,source,definition\n"
          "failing,only,number,count,<,5,,,\n"};
}

/// Two scenarios, one of them with a target that it misses.
sim::harness::Experiment counting_days() {
  const auto report = [](sim::harness::ScenarioRun& run, const Nothing&) { run.report("days", "count", 1); };
  return sim::harness::Definition<Nothing>{.name = "days",
                                           .summary = "",
                                           .describe = {},
                                           .scenarios = {{"monday", "", report}, {"tuesday", "", report}},
                                           .targets_csv =
                                               "experiment,scenario,metric,unit,op,target,critical,source,definition\n"
                                               "days,tuesday,days,count,==,2,,,\n"};
}

toy::Call call_all(const std::vector<sim::harness::Experiment>& experiments,
                   const std::vector<std::string>& arguments) {
  const toy::WorkingFolder here;
  std::ostringstream out;
  std::ostringstream err;
  const int status = sim::harness::run_all(experiments, arguments, out, err, {.program = "all", .executable = {}});
  return {status, out.str(), err.str()};
}

}  // namespace

TEST_CASE("one table has a row per scenario of each experiment, and the sum of all verdicts", "[overview]") {
  const toy::Call call = call_all({reporting("good", 1), reporting("tired", 7), counting_days()}, {"--seed", "3"});
  const auto lines = toy::lines_of(call.out);
  REQUIRE(lines.size() == 10);
  CHECK_THAT(lines[0], Catch::StartsWith("system  ") && Catch::Contains("degraded  missed  fingerprint"));
  CHECK_THAT(lines[1], Catch::StartsWith("good    only") && Catch::Contains(" 1         ·       ·  "));
  CHECK_THAT(lines[2], Catch::StartsWith("tired   only") && Catch::Contains(" ·         1       ·  "));
  CHECK_THAT(lines[2], Catch::Contains("  2 s  "));
  CHECK_THAT(lines[6], Catch::StartsWith("tired only: ") && Catch::Contains("degraded, 7 "));
  CHECK_THAT(lines[7], Catch::Contains(": ") && Catch::Contains(" missed, ") && Catch::Contains(", target "));
  CHECK_THAT(lines[9], Catch::StartsWith("4 scenarios, 3 targets: 1 met, 1 degraded, 1 missed · "));
  CHECK(call.err.empty());
  CHECK(call.status == 1);
}

TEST_CASE("the status of all is the gravest of them", "[overview]") {
  CHECK(call_all({reporting("good", 1)}, {}).status == 0);
  CHECK(call_all({reporting("tired", 7)}, {}).status == 0);
  CHECK(call_all({reporting("tired", 7)}, {"--strict"}).status == 1);
  CHECK(call_all({reporting("bad", 11), reporting("good", 1)}, {}).status == 1);
  const toy::Call broken = call_all({reporting("bad", 11), failing(), reporting("good", 1)}, {});
  CHECK(broken.status == 3);
  CHECK_THAT(broken.err, Catch::StartsWith("failing: ") && Catch::Contains("no bug"));
}

TEST_CASE("flags that not every experiment takes, and wrong values, are refused with one line", "[overview]") {
  CHECK(call_all({reporting("good", 1)}, {"--scenario", "only"}) ==
        toy::Call{2, "",
                  "all: --scenario: expected a flag that every experiment takes: --seed, --replications, --out, "
                  "--targets, --strict, --long, --quiet, --fingerprint, --help\n"});
  CHECK(call_all({reporting("good", 1), reporting("better", 0)}, {"--seed", "x"}).err ==
        "good: --seed x: expected a whole number from 0 to 18446744073709551615\n");
  CHECK(call_all({reporting("good", 1)}, {"--quiet"}) == toy::Call{0, "", ""});
}

TEST_CASE("the help of all names the experiments", "[overview]") {
  const toy::Call call = call_all({reporting("good", 1), reporting("better", 0)}, {"--help"});
  CHECK(call.status == 0);
  CHECK_THAT(call.out, Catch::Contains("\n  good         reports a number\n  better       reports a number\n"));
}
