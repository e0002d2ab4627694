#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_law.hpp"

using Arguments = std::vector<std::string>;
using Catch::Matchers::Contains;

namespace {

/// Ten replications of the scenario `line`, whose wait is to stay low and whose load is to stay high.
toy::Call run_line(Arguments more) {
  toy::write_file("t.csv",
                  "experiment,scenario,metric,unit,op,target,critical,source,definition\n"
                  "toy_law,line,wait,s,<,100,,,\ntoy_law,line,load,percent,>,-100,,,\n");
  more.insert(more.end(), {"--scenario", "line", "--replications", "10", "--targets", "t.csv"});
  return toy::call(toy::law(), more);
}

void store_baseline() { REQUIRE(run_line({"--x", "5", "--out", "base"}).status == 0); }

}  // namespace

TEST_CASE("a run that equals its baseline has not changed", "[baseline]") {
  const toy::WorkingFolder here;
  store_baseline();
  const toy::Call same = run_line({"--x", "5", "--baseline", "base"});
  CAPTURE(same);
  CHECK(same.status == 0);
  CHECK_THAT(same.out, Contains(" 0 changed significantly, 0 for the worse"));
}

TEST_CASE("a change for the worse by the direction of its target is a regression, also within the target",
          "[baseline]") {
  const toy::WorkingFolder here;
  store_baseline();
  // One less of x: each wait is one second longer, each load five lower.
  const toy::Call worse = run_line({"--x", "4", "--baseline", "base"});
  CAPTURE(worse);
  CHECK(worse.status == 1);
  CHECK_THAT(worse.out, Contains("wait ") && Contains("load ") && Contains("regression"));
  // A delay has no target: it changed, and that is all.
  CHECK_THAT(worse.out, Contains("2 for the worse"));
  const toy::Call better = run_line({"--x", "6", "--baseline", "base"});
  CAPTURE(better);
  CHECK(better.status == 0);
  CHECK_THAT(better.out, Contains("0 for the worse") && Contains("changed"));
}

TEST_CASE("runs of different seeds are compared as independent samples", "[baseline]") {
  const toy::WorkingFolder here;
  store_baseline();
  const toy::Call other = run_line({"--x", "5", "--seed", "2", "--baseline", "base"});
  CAPTURE(other);
  CHECK(other.status == 0);
  CHECK_THAT(other.out, Contains("0 for the worse"));
  CHECK(run_line({"--x", "1", "--seed", "2", "--baseline", "base"}).status == 1);
}

TEST_CASE("what only one of both runs measured is told, and nothing in common is no comparison", "[baseline]") {
  const toy::WorkingFolder here;
  store_baseline();
  const auto file = toy::only_folder("base/toy_law", "line-") / "replications.csv";
  const std::string stored = toy::read_file(file);
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = stored;
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
    toy::write_file(file, text);
    return run_line({"--x", "5", "--baseline", "base"});
  };
  const toy::Call renamed = with("load", "burden");
  CAPTURE(renamed);
  CHECK(renamed.status == 0);
  CHECK_THAT(renamed.out,
             Contains("not compared, as not measured in both: line load (percent), line burden (percent)\n"));
  toy::write_file(file, "scenario,replication,metric,unit,value\nline,0,other,s,1\nline,1,other,s,2\n");
  const toy::Call nothing = run_line({"--x", "5", "--baseline", "base"});
  CHECK(nothing.status == 2);
  CHECK_THAT(nothing.err, Contains("--baseline base: has no metric of scenario line that both runs measured"));
}

TEST_CASE("the results of another scenario are no baseline", "[baseline]") {
  const toy::WorkingFolder here;
  store_baseline();
  const std::string folder = toy::only_folder("base/toy_law", "line-").string();
  CHECK(run_line({"--x", "5", "--baseline", folder}).status == 0);
  CHECK(run_line({"--x", "5", "--baseline", folder + "/"}).status == 0);
  const toy::Call call = toy::call(toy::law(), {"--scenario", "plane", "--replications", "10", "--baseline", folder});
  CHECK(call.status == 2);
  CHECK_THAT(call.err, Contains("has no results of scenario plane"));
}

TEST_CASE("a baseline that says nothing is refused before anything is written", "[baseline]") {
  const toy::WorkingFolder here;
  const toy::Call none = run_line({"--baseline", "nowhere"});
  CHECK(none.status == 2);
  CHECK_THAT(none.err, Contains("--baseline nowhere: has no results of scenario line"));
  store_baseline();
  const toy::Call single =
      toy::call(toy::law(), {"--scenario", "line", "--targets", "t.csv", "--baseline", "base", "--out", "one"});
  CHECK(single.status == 2);
  CHECK_THAT(single.err, Contains("--baseline: requires --replications of 2 or more"));
}
