#include <catch2/catch.hpp>
#include <filesystem>

#include "libsim/failure.hpp"
#include "libsim/harness/experiment/scenario_run.hpp"
#include "libsim/harness/report/results_folder.hpp"
#include "tests/harness/harness_call.hpp"

using namespace sim::harness;

TEST_CASE("what a scenario attaches lies in its results folder beside the files that all have", "[results]") {
  const toy::WorkingFolder here;
  ScenarioRun run({});
  run.attach("report.txt", "all is well\n");
  ScenarioOutcome outcome;
  outcome.result = combine("shop", "day", 1, {run.collect()});
  outcome.folder = "out";
  REQUIRE(write_results({}, outcome, Parameters{}));
  CHECK(toy::read_file("out/report.txt") == "all is well\n");
  CHECK(std::filesystem::exists("out/manifest.json"));
}

TEST_CASE("of several replications the attachments of the first are kept", "[results]") {
  ScenarioRun first({});
  ScenarioRun second({});
  first.attach("report.txt", "first");
  second.attach("report.txt", "second");
  const auto result = combine("shop", "day", 1, {first.collect(), second.collect()});
  CHECK(result.attachments == std::vector<Attachment>{{"report.txt", "first"}});
}

TEST_CASE("an attachment with the name of another file, or with a path, is a bug", "[results]") {
  ScenarioRun run({});
  run.attach("report.txt", "");
  CHECK_THROWS_WITH(run.attach("report.txt", ""), Catch::Contains("report.txt is in a results folder once"));
  CHECK_THROWS_WITH(run.attach("metrics.csv", ""), Catch::Contains("metrics.csv is in a results folder once"));
  for (const char* name : {"", "../report.txt", "a/b", ".hidden", "Report.txt"}) {
    CHECK_THROWS_WITH(run.attach(name, ""), Catch::Contains("plain file name"));
  }
}
