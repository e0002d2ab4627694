#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "libsim/harness/judge/target.hpp"
#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_shop.hpp"

using Arguments = std::vector<std::string>;
using Catch::Matchers::Contains;

namespace {

const std::string header = "experiment,scenario,metric,unit,op,target,critical,source,definition\n";

/// How a day ends that is judged by these targets.
int status_with(const std::string& rows, Arguments more = {}) {
  const toy::WorkingFolder here;
  toy::write_file("t.csv", header + rows);
  more.insert(more.end(), {"--scenario", "day", "--targets", "t.csv"});
  const toy::Call call = toy::call(toy::shop(), more);
  CHECK(call.err.empty());
  return call.status;
}

/// The last line of a run.
std::string closing_line(const toy::Call& call) { return toy::lines_of(call.out).back(); }

/// An experiment that found nothing wrong among no things at all.
sim::harness::Experiment without_samples() {
  struct Config {
    std::uint32_t size = 1;
  };
  const auto report = [](sim::harness::ScenarioRun& run, const Config&) {
    run.report("left_behind", "count", 0, 0);
    run.report("seen", "count", 1);
  };
  const auto describe = [](sim::harness::Parameters& parameters, Config& config) {
    parameters.add("size", config.size).range(1, 5).meaning("nothing").source("nowhere");
  };
  return sim::harness::Definition<Config>{.name = "empty",
                                          .summary = "",
                                          .describe = describe,
                                          .scenarios = {{"only", "", report}},
                                          .targets_csv = header + "empty,only,left_behind,count,==,0,,,\n"};
}

/// An experiment whose own table of targets has one row.
sim::harness::Experiment with_own_target(const std::string& row) {
  struct Nothing {};
  const auto report_one = [](sim::harness::ScenarioRun& run, const Nothing&) { run.report("one", "count", 1); };
  return sim::harness::Definition<Nothing>{.name = "own",
                                           .summary = "",
                                           .describe = {},
                                           .scenarios = {{"only", "", report_one}},
                                           .targets_csv = header + row};
}

}  // namespace

TEST_CASE("the exit status is 0 when each target is met", "[verdict]") {
  REQUIRE(status_with("toy_shop,day,served,count,==,100,,,\n") == 0);
  REQUIRE(status_with("toy_shop,day,served,count,>=,100,,,\ntoy_shop,day,served,count,<=,100,,,\n") == 0);
  REQUIRE(status_with("toy_shop,day,served,count,>=,100,,,\n", {"--strict"}) == 0);
}

TEST_CASE("the exit status is 1 when a target is missed, however many are met", "[verdict]") {
  REQUIRE(status_with("toy_shop,day,served,count,==,101,,,\n") == 1);
  REQUIRE(status_with("toy_shop,day,served,count,>,100,,,\n") == 1);
  REQUIRE(status_with("toy_shop,day,served,count,<,100,,,\n") == 1);
  REQUIRE(status_with("toy_shop,day,served,count,>=,100,,,\ntoy_shop,day,served,count,<,90,95,,\n") == 1);
}

TEST_CASE("a target that is missed within its critical bound is degraded, which only --strict holds against the run",
          "[verdict]") {
  const std::string row = "toy_shop,day,served,count,<,100,101,,\n";
  REQUIRE(status_with(row) == 0);
  REQUIRE(status_with(row, {"--strict"}) == 1);
  // The critical bound itself is compared like the target: 100 < 100 does not hold.
  REQUIRE(status_with("toy_shop,day,served,count,<,99,100,,\n") == 1);
}

TEST_CASE("the closing line and the table count and show the verdicts", "[verdict]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::shop(), {"--scenario", "day"});
  CHECK(call.status == 1);
  // 100 customers were served; the mean time of seed 1 is between the target 0.5 s and the critical 5 s; nothing was
  // replayed.
  CHECK_THAT(closing_line(call), Catch::StartsWith("3 targets: 1 met, 1 degraded, 1 missed · results in results/"));
  CHECK_THAT(call.out, Contains("  metric              value  unit   target                verdict   samples\n"
                                "  served                100  count  == 100                met           100\n"
                                "  time_in_shop_mean  1.1042  s      < 0.5 (critical < 5)  degraded      100\n"
                                "  arrivals_replayed       0  count  > 0                   missed          1\n"));
}

TEST_CASE("targets of a file take the place of those that are built in", "[verdict]") {
  const toy::WorkingFolder here;
  toy::write_file("t.csv", header + "toy_shop,day,served,count,==,100,,,\n");
  const toy::Call call = toy::call(toy::shop(), {"--scenario", "day", "--targets", "t.csv"});
  CHECK(call.status == 0);
  CHECK_THAT(closing_line(call), Catch::StartsWith("1 target: 1 met, 0 degraded, 0 missed · "));
}

TEST_CASE("only the targets of the scenarios that run are judged", "[verdict]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::shop(), {"--scenario", "two_days"});
  CHECK(call.status == 0);
  CHECK_THAT(closing_line(call), Catch::StartsWith("no targets · "));
}

TEST_CASE("a metric without anything to measure misses its target", "[verdict]") {
  const toy::WorkingFolder here;
  toy::write_file("t.csv", header + "toy_shop,nobody,time_in_shop_mean,s,<,1e300,,,\n");
  const toy::Call call = toy::call(toy::shop(), {"--scenario", "nobody", "--targets", "t.csv"});
  CHECK(call.status == 1);
  CHECK_THAT(call.out, Contains("time_in_shop_mean   none  s     < 1.0000e+300  missed         0\n"));
}

TEST_CASE(
    "a target on no sample is missed, whatever its metric was reported as, in every output and in the exit status",
    "[verdict]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(without_samples(), {});
  CHECK(call.status == 1);
  CHECK_THAT(call.out, Contains("  left_behind   none  count  == 0    missed         0\n") &&
                           Contains("  left_behind is missed: there was nothing to measure\n") &&
                           Contains("1 target: 0 met, 0 degraded, 1 missed"));
  const toy::Call csv = toy::call(without_samples(), {"--format", "csv"});
  CHECK(csv.status == 1);
  CHECK_THAT(csv.out, Contains(",left_behind,count,,,0,==,0,,missed,"));
  const toy::Call json = toy::call(without_samples(), {"--format", "json"});
  CHECK(json.status == 1);
  CHECK_THAT(json.out, Contains("\"value\": null") && Contains("\"verdict\": \"missed\""));
  CHECK_THAT(toy::read_file(toy::only_folder("results/empty", "only-") / "targets.csv"),
             Contains("empty,only,left_behind,count,==,0,,,,0,missed,"));
}

TEST_CASE("a target on no sample is missed over replications and in studies", "[verdict]") {
  const toy::WorkingFolder here;
  const toy::Call replicated = toy::call(without_samples(), {"--replications", "3"});
  CHECK(replicated.status == 1);
  CHECK_THAT(replicated.out, Contains("missed"));
  CHECK_THAT(toy::call(without_samples(), {"--sweep", "size=1,2"}).out, Contains("none missed"));
  for (const char* requirement : {"targets", "left_behind == 0"}) {
    const toy::Call search =
        toy::call(without_samples(), {"--find-min", "size", "--sweep", "size=1:5:1", "--subject-to", requirement});
    CAPTURE(search);
    CHECK(search.status == 1);
    CHECK_THAT(search.out, Contains("none, required == 0") || Contains("none count, required == 0"));
  }
}

TEST_CASE("a target of a file without its metric is the user's error and ends with status 2", "[verdict]") {
  const toy::WorkingFolder here;
  toy::write_file("t.csv", header + "toy_shop,day,served,count,==,100,,,\ntoy_shop,two_days,dyas,count,==,2,,,\n");
  CHECK(toy::call(toy::shop(), {"--scenario", "day", "--targets", "t.csv", "--quiet"}) == toy::Call{0, "", ""});
  std::filesystem::remove_all("results");
  CHECK(toy::call(toy::shop(), {"--scenario", "two_days", "--targets", "t.csv"}) ==
        toy::refusal("t.csv:3: scenario two_days reports no metric dyas; did you mean days?"));
  CHECK(toy::files_here() == std::vector<std::string>{"t.csv"});
}

TEST_CASE("a built-in target without its metric is a bug and ends with status 3", "[verdict]") {
  const toy::WorkingFolder here;
  CHECK(toy::call(with_own_target("own,only,one,count,==,1,,,\n"), {"--quiet"}).status == 0);
  std::filesystem::remove_all("results");
  CHECK(toy::call(with_own_target("own,only,noe,count,==,1,,,\n"), {}) ==
        toy::Call{3, "", "own: own (built in):2: scenario only reports no metric noe; did you mean one?\n"});
  CHECK(toy::call(with_own_target("own,onyl,one,count,==,1,,,\n"), {}) ==
        toy::Call{3, "", "own: own (built in):2: unknown scenario onyl; did you mean only?\n"});
  CHECK(toy::call(with_own_target("own,only,one,count,is,1,,,\n"), {}) ==
        toy::Call{3, "", "own: own (built in):2: column 5 (op): is: expected <, <=, >, >= or ==\n"});
  CHECK(toy::files_here().empty());
}

TEST_CASE("a missed target does not hide a failed run", "[verdict]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::shop(), {"--scenario", "all", "--service.time", "4s"});
  CHECK(call.status == 3);
  CHECK_THAT(call.out, Contains("3 targets: 1 met, 0 degraded, 2 missed"));
}
