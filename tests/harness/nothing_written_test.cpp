#include <catch2/catch.hpp>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "libsim/harness/run/overview.hpp"
#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_law.hpp"
#include "tests/harness/toy_shop.hpp"

using Arguments = std::vector<std::string>;

namespace {

const std::string header = "experiment,scenario,metric,unit,op,target,critical,source,definition\n";

/// Files to be named: most of them are wrong in some way.
void write_inputs() {
  toy::write_file("program", "any");
  toy::write_file("good.csv", header + "toy_law,line,wait,s,<,8,,,\n");
  toy::write_file("unknown-metric.csv", header + "toy_law,line,wiat,s,<,8,,,\n");
  toy::write_file("unknown-in-plane.csv", header + "toy_law,line,wait,s,<,8,,,\ntoy_law,plane,hight,m,<,8,,,\n");
  toy::write_file("other-unit.csv", header + "toy_law,line,wait,ms,<,8,,,\n");
  toy::write_file("other-experiment.csv", header + "toy_shop,day,served,count,>,8,,,\n");
  toy::write_file("unknown-scenario.csv", header + "toy_law,lien,wait,s,<,8,,,\n");
  toy::write_file("half.csv", header + "toy_law,line,wait,s,<\n");
  toy::write_file("empty", "");
  toy::write_file("good.ini", "x = 3\n");
  toy::write_file("wrong-key.ini", "w = 3\n");
  toy::write_file("wrong-value.ini", "x = 300\n");
  toy::write_file("wrong-log.ini", "log = missing/log\n");
  toy::write_file("wrong-out.ini", "out = empty\n");
  toy::write_file("contradiction.ini", "x = 99\ny = 6\n");
  toy::write_file("log", "of yesterday\n");
}

/// Command lines that are wrong, each in its own way. Those of a study and of several replications would store them.
const std::vector<Arguments> wrong{
    {"--sede", "1"},
    {"stray"},
    {"--"},
    {"--seed", "-1"},
    {"--seed", "1", "--seed", "1"},
    {"--x", "101", "--replications", "5"},
    {"--x", "99", "--y", "6", "--replications", "5"},
    {"--pause", "2h", "--replications", "5"},
    {"--noise", "nan"},
    {"--scenario", "lien", "--replications", "5"},
    {"--replications", "0"},
    {"--replications", "20", "--replications-max", "10"},
    {"--jobs", "-1", "--replications", "5"},
    {"--confidence", "1", "--replications", "5"},
    {"--precision", "2"},
    {"--format", "xml"},
    {"--fingerprint", "none", "--replications", "5"},
    {"--config", "missing.ini", "--replications", "5"},
    {"--config", "wrong-key.ini", "--replications", "5"},
    {"--config", "wrong-value.ini", "--replications", "5"},
    {"--config", "contradiction.ini", "--replications", "5"},
    {"--config", "wrong-log.ini"},
    {"--config", "wrong-out.ini", "--replications", "5"},
    {"--config", "empty"},
    {"--targets", "missing.csv", "--replications", "5"},
    {"--targets", "empty", "--replications", "5"},
    {"--targets", "half.csv", "--replications", "5"},
    {"--targets", "unknown-metric.csv"},
    {"--targets", "unknown-metric.csv", "--replications", "5"},
    {"--targets", "unknown-metric.csv", "--replications", "5", "--log", "log"},
    {"--targets", "unknown-metric.csv", "--log", "new-log"},
    {"--targets", "unknown-metric.csv", "--precision", "0.1", "--scenario", "line"},
    {"--targets", "unknown-in-plane.csv", "--replications", "5"},
    {"--targets", "other-unit.csv", "--replications", "5"},
    {"--targets", "other-experiment.csv", "--replications", "5"},
    {"--targets", "unknown-scenario.csv", "--replications", "5"},
    {"--targets", "unknown-metric.csv", "--sweep", "x=1,2"},
    {"--targets", "other-unit.csv", "--compare", "x=1,2"},
    {"--targets", "unknown-metric.csv", "--find-min", "x", "--subject-to", "wait < 8 s"},
    {"--metric", "wiat", "--precision", "0.1"},
    {"--metric", "wiat", "--sweep", "x=1,2"},
    {"--metric", "wait", "--replications", "5"},
    {"--baseline", "missing", "--replications", "5"},
    {"--baseline", "good.ini", "--replications", "5"},
    {"--baseline", ".", "--replications", "5"},
    {"--baseline", "missing", "--replications", "5", "--log", "log"},
    {"--baseline", "missing"},
    {"--out", "empty", "--replications", "5"},
    {"--out", "empty/below", "--sweep", "x=1,2"},
    {"--log", "missing/log"},
    {"--log", "."},
    {"--log", "empty/below"},
    {"--log", "log", "--x", "101"},
    {"--log", "log", "--targets", "unknown-metric.csv"},
    {"--log", "good.csv", "--targets", "good.csv"},
    {"--log", "./good.ini", "--config", "good.ini"},
    {"--log", "log", "--sweep", "x=1,2"},
    {"--log-filter", "clerk"},
    {"--find-min", "x", "--sweep", "x=90,95,101", "--subject-to", "wait < 8 s", "--scenario", "line"},
    {"--find-max", "x", "--sweep", "x=50,99", "--y", "6", "--subject-to", "wait < 8 s", "--scenario", "line"},
    {"--find-min", "x", "--sweep", "x=1:20:1", "--subject-to", "wiat < 8 s"},
    {"--find-min", "x", "--sweep", "x=1:20:1", "--subject-to", "wait < 8 usd"},
    {"--find-min", "x", "--subject-to", "wait"},
    {"--find-min", "w", "--subject-to", "wait < 8 s"},
    {"--find-min", "noise", "--subject-to", "wait < 8 s"},
    {"--find-min", "x", "--sweep", "y=1,2", "--subject-to", "wait < 8 s"},
    {"--find-min", "x", "--scenario", "plane"},
    {"--minimize", "csot", "--sweep", "x=1,2"},
    {"--minimize", "cost", "--sweep", "x=1,2", "--pareto-against", "wiat"},
    {"--minimize", "cost", "--sweep", "x=1,2", "--subject-to", "wiat < 5"},
    {"--minimize", "cost", "--sweep", "x=1,2", "--replications", "1"},
    {"--minimize", "cost"},
    {"--minimize", "height", "--sweep", "z=7,1", "--subject-to", "bent < 100", "--scenario", "plane"},
    {"--sweep", "x=1,2,101"},
    {"--sweep", "x=98,99", "--y", "6"},
    {"--sweep", "x=1,2", "--where", "w < 2"},
    {"--sweep", "x=1,2", "--where", "x >"},
    {"--sweep", "x=1,2", "--where", "x > 5"},
    {"--sweep", "x=1,2", "--sample", "lhs:0"},
    {"--sweep", "x=1,2", "--x", "5"},
    {"--sweep", "w=1,2"},
    {"--sweep", "x=1,2", "--subject-to", "wait < 8 s"},
    {"--compare", "good.ini", "missing.ini"},
    {"--compare", "good.ini", "wrong-value.ini"},
    {"--compare", "good.ini"},
    {"--compare", "x=1,2", "--replications", "1"},
    {"--compare", "x=1,2", "--baseline", "."},
    {"--sensitivity", "morris"},
    {"--sensitivity", "one-at-a-time", "--sweep", "x=99:101"},
    {"--sensitivity", "sometimes", "--sweep", "x=1:9"},
    {"--check-determinism", "--sweep", "x=1,2"},
    {"--check-determinism", "--config", "missing.ini"},
};

/// One line on the error stream, status 2, and every file as it was before.
void check_nothing_written(const std::vector<Arguments>& calls) {
  const auto before = toy::contents_here();
  const auto names = toy::files_here();
  for (const auto& arguments : calls) {
    const toy::Call call = toy::call(toy::law(), arguments, {.program = "toy", .executable = "program"});
    CAPTURE(arguments, call);
    CHECK(call.status == 2);
    CHECK(call.out.empty());
    CHECK(toy::lines_of(call.err).size() == 1);
    CHECK(toy::files_here() == names);
    CHECK(toy::contents_here() == before);
  }
}

/// An experiment without parameters whose scenario reports one metric, with a target of its own.
sim::harness::Experiment reporting(const std::string& name) {
  struct Nothing {};
  return sim::harness::Definition<Nothing>{
      .name = name,
      .summary = "reports a number",
      .describe = {},
      .scenarios = {{"only", "", [](sim::harness::ScenarioRun& run, const Nothing&) { run.report("n", "count", 1); }}},
      .targets_csv = header + name + ",only,n,count,<,5,,,\n"};
}

toy::Call call_all(const Arguments& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const int status = sim::harness::run_all({reporting("first"), reporting("second")}, arguments, out, err,
                                           {.program = "all", .executable = "program"});
  return {status, out.str(), err.str()};
}

}  // namespace

TEST_CASE("wrong input of any kind leaves an empty folder empty", "[nothing_written]") {
  const toy::WorkingFolder here;
  write_inputs();
  CHECK(wrong.size() >= 60);
  check_nothing_written(wrong);
}

TEST_CASE("wrong input of any kind leaves earlier results and stores as they are", "[nothing_written]") {
  const toy::WorkingFolder here;
  write_inputs();
  const sim::harness::Environment environment{.program = "toy", .executable = "program"};
  for (const Arguments& earlier :
       {Arguments{"--replications", "5"}, Arguments{"--sweep", "x=1,2", "--replications", "2"},
        Arguments{"--compare", "x=1,2", "--replications", "2"}}) {
    CHECK(toy::call(toy::law(), earlier, environment).status != 2);
  }
  check_nothing_written(wrong);
}

TEST_CASE("all experiments together check their input before the first of them writes", "[nothing_written]") {
  const toy::WorkingFolder here;
  toy::write_file("program", "any");
  toy::write_file("first.csv", header + "first,only,n,count,<,5,,,\n");
  toy::write_file("unknown.csv", header + "first,only,n,count,<,5,,,\nsecond,only,m,count,<,5,,,\n");
  toy::write_file("both.csv", header + "first,only,n,count,<,5,,,\nsecond,only,n,count,<,5,,,\n");
  std::filesystem::create_directory("out");
  toy::write_file("out/second", "a file in the place of a folder");
  const auto before = toy::contents_here();
  for (const Arguments& arguments :
       {Arguments{"--targets", "first.csv"}, Arguments{"--targets", "first.csv", "--replications", "5"},
        Arguments{"--targets", "unknown.csv"}, Arguments{"--targets", "unknown.csv", "--replications", "5"},
        Arguments{"--targets", "missing.csv", "--replications", "5"}, Arguments{"--replications", "0"},
        Arguments{"--out", "out", "--replications", "5"}, Arguments{"--seed", "-1"}}) {
    const toy::Call call = call_all(arguments);
    CAPTURE(arguments, call);
    CHECK(call.status == 2);
    CHECK(call.out.empty());
    CHECK(toy::contents_here() == before);
  }
  CHECK(call_all({"--targets", "both.csv", "--replications", "5"}).status == 0);
}

TEST_CASE("what is only known after a replication is not run twice", "[nothing_written]") {
  const toy::WorkingFolder here;
  write_inputs();
  const toy::RunCount count;
  CHECK(toy::call(toy::law(), {"--scenario", "line", "--x", "15", "--targets", "good.csv", "--replications", "4"},
                  {.program = "toy", .executable = "program"})
            .status == 0);
  CHECK(count.runs() == 4);
}
