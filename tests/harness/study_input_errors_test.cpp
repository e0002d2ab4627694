#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_law.hpp"

using Arguments = std::vector<std::string>;

namespace {

struct Refused {
  Arguments arguments;
  std::string line;
};

/// Each by itself: one line that says what was given and what was expected, status 2, and nothing written although
/// there is a program whose replications could be stored.
void check_refused(const std::vector<Refused>& table) {
  const toy::WorkingFolder here;
  toy::write_file("program", "any");
  toy::write_file("a.ini", "x = 3\n");
  toy::write_file("b.ini", "z = 3\n");
  toy::write_file("wrong.ini", "w = 3\n");
  const auto files = toy::files_here();
  for (const auto& [arguments, line] : table) {
    CHECK(toy::call(toy::law(), arguments, {.program = "toy", .executable = "program"}) ==
          toy::Call{2, "", "toy_law: " + line + "\n"});
    CHECK(toy::files_here() == files);
  }
}

const std::string any_x = "expected a whole number from 1 to 100";

}  // namespace

TEST_CASE("two kinds of studies at once are refused", "[study_input]") {
  check_refused({
      {{"--compare", "x=1,2", "--find-min", "x"}, "--compare and --find-min: expected one of them"},
      {{"--find-min", "x", "--find-max", "x"}, "--find-min and --find-max: expected one of them"},
      {{"--find-max", "x", "--minimize", "cost"}, "--find-max and --minimize: expected one of them"},
      {{"--minimize", "cost", "--sensitivity", "morris", "--sweep", "x=1:2"},
       "--minimize and --sensitivity: expected one of them"},
      {{"--compare", "x=1,2", "--sweep", "y=1,2"}, "--compare and --sweep: expected one of them"},
      {{"--sample", "lhs:3", "--find-min", "x"}, "--sample and --find-min: expected one of them"},
      {{"--sample", "lhs:3", "--sweep", "x=1:9", "--sensitivity", "morris"},
       "--sample and --sensitivity: expected one of them"},
      {{"--where", "x<5", "--compare", "x=1,2"}, "--where and --compare: expected one of them"},
  });
}

TEST_CASE("a flag that says nothing without another one is refused", "[study_input]") {
  check_refused({
      {{"--subject-to", "wait < 5"}, "--subject-to: requires --find-min, --find-max or --minimize"},
      {{"--subject-to", "wait < 5", "--sweep", "x=1,2"}, "--subject-to: requires --find-min, --find-max or --minimize"},
      {{"--pareto-against", "wait"}, "--pareto-against: requires --minimize"},
      {{"--pareto-against", "wait", "--sweep", "x=1,2"}, "--pareto-against: requires --minimize"},
      {{"--where", "x<5"}, "--where: requires --sweep"},
      {{"--sample", "lhs:3"}, "--sample: requires --sweep"},
      {{"--minimize", "cost"}, "--minimize: requires --sweep with the parameters that may vary"},
      {{"--sensitivity", "one-at-a-time"}, "--sensitivity: requires --sweep with the parameters that may vary"},
      {{"--metric", "wait"}, "--metric: requires --precision or a study"},
      {{"--compare", "x=1,2", "--replications", "1"}, "--compare: requires --replications of 2 or more"},
      {{"--replications", "20", "--replications-max", "10"},
       "--replications-max 10: expected at least the 20 of --replications"},
  });
}

TEST_CASE("what is for a single configuration is refused beside a study", "[study_input]") {
  check_refused({
      {{"--sweep", "x=1,2", "--log", "log.txt"}, "--log: expected a single configuration, not a study"},
      {{"--find-min", "x", "--check-determinism"}, "--check-determinism: expected a single configuration, not a study"},
      {{"--compare", "x=1,2", "--baseline", "a.ini"}, "--baseline: expected a single configuration, not a study"},
  });
}

TEST_CASE("an axis is refused with the column of the mistake, or with its parameter", "[study_input]") {
  check_refused({
      {{"--sweep", ""}, "--sweep \"\": expected one line of text, not empty"},
      {{"--sweep"}, "--sweep: has no value: expected --sweep PARAMETER=VALUES…"},
      {{"--sweep", "x"}, "--sweep \"x\", column 2: expected \"=\" and values, as in containers=2:20:2, found the end"},
      {{"--sweep", "x="}, "--sweep \"x=\", column 3: expected a value, found the end"},
      {{"--sweep", "x=1:5:0"},
       "--sweep \"x=1:5:0\", column 7: expected a step above 0 to get from 1 to 5, found \"0\""},
      {{"--sweep", "x=5:1:1"},
       "--sweep \"x=5:1:1\", column 7: expected a step below 0 to get from 5 to 1, found \"1\""},
      {{"--sweep", "x=1,1"}, "--sweep \"x=1,1\", column 5: expected each value once, found 1 again"},
      {{"--sweep", "x=1:5"}, "--sweep: the range of x has no steps: expected first:last:step for a full grid"},
      {{"--sweep", "failing.y=1,2"}, "--sweep failing.y=1,2: unknown parameter failing.y; did you mean failing.x?"},
      {{"--sweep", "scenario=line,plane"}, "--sweep scenario=line,plane: unknown parameter scenario"},
      {{"--sweep", "x=1,2", "--sweep", "x=3,4"}, "--sweep x=3,4: parameter x is on two axes, expected one axis for it"},
      {{"--sweep", "x=1:2", "--sweep", "x=3:4", "--sensitivity", "morris"},
       "--sweep x=3:4: parameter x is on two axes, expected one axis for it"},
      {{"--sweep", "x=1:100:1", "--sweep", "y=0:999:1", "--sweep", "z=0:999:1"},
       "--sweep: the full grid has more than 1000000 points, expected fewer values or a sample"},
  });
}

TEST_CASE("a value that a parameter refuses at some point is refused before any point runs", "[study_input]") {
  check_refused({
      {{"--sweep", "x=1,2,101"}, "--x 101: " + any_x},
      {{"--sweep", "x=1,abc"}, "--x abc: " + any_x},
      {{"--sweep", "x=90:120", "--sample", "lhs:3", "--seed", "1"}, "--x 106: " + any_x},
      {{"--sweep", "pause=1,2"},
       "--pause 1: expected a duration from 0s to 1h, such as 250ms, 1.5s or 2h (ns, us, ms, s, min, h, d)"},
      {{"--compare", "x=1,101"}, "--x 101: " + any_x},
      {{"--sweep", "x=99:101", "--sensitivity", "one-at-a-time"}, "--x 101: " + any_x},
      {{"--sweep", "x=98,99", "--y", "7"}, "x = 99: expected y of at most 5"},
      {{"--sweep", "x=98,99", "--sweep", "y=5,6"},
       "x = 99: expected y of at most 5 (at x=99 y=6; --where leaves points out)"},
  });
}

TEST_CASE("a parameter that the study varies is not given besides", "[study_input]") {
  const std::string line = "--x 5: the study gives this parameter its values";
  check_refused({
      {{"--x", "5", "--sweep", "x=1,2"}, line},
      {{"--compare", "x=1,2", "--x", "5"}, line},
      {{"--find-min", "x", "--x=5", "--subject-to", "wait < 5"}, line},
      {{"--sensitivity", "morris", "--x", "5", "--sweep", "x=1:9"}, line},
  });
}

TEST_CASE("a sample and a condition are refused with what may be written", "[study_input]") {
  const auto sample = [](const std::string& text) {
    return Refused{{"--sweep", "x=1:5", "--sample", text},
                   "--sample " + text + ": expected lhs: and a number of points from 1 to 1000000, as in lhs:200"};
  };
  const auto where = [](const std::string& text, const std::string& what) {
    return Refused{{"--sweep", "x=1,2", "--where", text}, "--where " + what};
  };
  check_refused({
      sample("lhs"),
      sample("lhs:"),
      sample("lhs:0"),
      sample("lhs:-1"),
      sample("lhs:1.5"),
      sample("lhs:1000001"),
      sample("sobol:5"),
      {{"--sweep", "x=1:5", "--sample", "lhs:5", "--sample", "lhs:6"},
       "--sample lhs:6: given already, as --sample lhs:5"},
      where("x<", "\"x<\", column 3: expected a number, a parameter or \"(\", found the end"),
      where("w<5", "\"w<5\", column 1: expected a parameter, found w"),
      where("x+1", "\"x+1\", column 1: expected a comparison such as containers <= 5, found \"x+1\""),
      {{"--sweep", "x=1,2", "--where", "x>5"}, "--where: leaves no point"},
  });
}

TEST_CASE("an unknown metric is refused in every flag before anything is written", "[study_input]") {
  const std::string unknown = " wiat: no scenario of this run reports such a metric; did you mean wait?";
  const std::string required = ": no scenario of this run reports the metric wiat; did you mean wait?";
  check_refused({
      {{"--metric", "wiat", "--sweep", "x=1,2"}, "--metric" + unknown},
      {{"--metric", "wait", "--metric", "wiat", "--compare", "x=1,2"}, "--metric" + unknown},
      {{"--metric", "wiat", "--sweep", "x=1:9", "--sensitivity", "morris"}, "--metric" + unknown},
      {{"--metric", "wiat", "--find-min", "x"}, "--metric" + unknown},
      {{"--metric", "", "--sweep", "x=1,2"}, "--metric \"\": expected one line of text, not empty"},
      {{"--metric", "height", "--sweep", "x=1,2", "--scenario", "line"},
       "--metric height: no scenario of this run reports such a metric"},
      {{"--minimize", "wiat", "--sweep", "x=1,2"}, "--minimize" + unknown},
      {{"--minimize", "cost", "--pareto-against", "wiat", "--sweep", "x=1,2"}, "--pareto-against" + unknown},
      {{"--minimize", "cost", "--sweep", "x=1,2", "--subject-to", "wiat<5"}, "--subject-to wiat<5" + required},
      {{"--find-max", "x", "--subject-to", "wiat < 5"}, "--subject-to wiat < 5" + required},
  });
}

TEST_CASE("an unknown metric without a study leaves no results", "[study_input]") {
  check_refused({{{"--metric", "wiat", "--precision", "0.1"},
                  "--metric wiat: no scenario of this run reports such a metric; did you mean wait?"}});
}

TEST_CASE("a comparison is refused unless it is of two files or of two values", "[study_input]") {
  const auto neither = [](const Arguments& given, const std::string& shown) {
    Arguments arguments{"--compare"};
    arguments.insert(arguments.end(), given.begin(), given.end());
    return Refused{arguments, "--compare " + shown +
                                  ": expected two INI files, or one parameter with two values as in containers=8,12"};
  };
  check_refused({
      neither({"x=1"}, "x=1"),
      neither({"x=1,2,3"}, "x=1,2,3"),
      neither({"x=1:9"}, "x=1:9"),
      neither({"a.ini"}, "a.ini"),
      neither({"a.ini", "b.ini", "a.ini"}, "a.ini b.ini a.ini"),
      {{"--compare", "xx=1,2"}, "--compare xx=1,2: unknown parameter xx; did you mean x?"},
      {{"--compare", "a.ini", "no.ini"}, "no.ini: cannot be read: No such file or directory"},
      {{"--compare", "a.ini", "wrong.ini"}, "wrong.ini:1: w = 3: unknown key"},
      {{"--compare", "a.ini", "b.ini", "--config", "b.ini"}, "--config a.ini: given already, as --config b.ini"},
  });
}

TEST_CASE("a search is refused without candidates or without anything that is required", "[study_input]") {
  const std::string one_axis = ", expected one axis with steps, of the parameter that is searched: x=1:100:1";
  check_refused({
      {{"--find-min", "xx"}, "--find-min xx: unknown parameter; did you mean x?"},
      {{"--find-max", "y"}, "--find-max y: is no whole number: requires --sweep y=FIRST:LAST:STEP"},
      {{"--find-min", "x", "--sweep", "y=1,2"}, "--sweep: with --find-min" + one_axis},
      {{"--find-max", "x", "--sweep", "x=1,2", "--sweep", "y=1,2"}, "--sweep: with --find-max" + one_axis},
      {{"--find-min", "x", "--sweep", "x=1:9"}, "--sweep: with --find-min" + one_axis},
      {{"--find-min", "x", "--scenario", "plane"},
       "--subject-to targets: the scenarios have none; expected a requirement as in \"METRIC < 15 s\""},
      {{"--find-min", "x", "--subject-to", "wait"},
       "--subject-to \"wait\", column 5: expected one of <, <=, >, >= and ==, found the end"},
      {{"--find-min", "x", "--subject-to", "wait < 5 kg"},
       "--subject-to \"wait < 5 kg\": wait is given in kg, expected s"},
      {{"--find-min", "x", "--subject-to", "plane.wait < 5"},
       "--subject-to plane.wait < 5: no scenario of this run reports the metric wait"},
  });
}

TEST_CASE("numbers that steer replications are refused out of their ranges", "[study_input]") {
  check_refused({
      {{"--confidence", "1", "--sweep", "x=1,2"}, "--confidence 1: expected a number from 0.5 to 0.9999"},
      {{"--confidence", "0.4"}, "--confidence 0.4: expected a number from 0.5 to 0.9999"},
      {{"--precision", "2"}, "--precision 2: expected a number from 0 to 1"},
      {{"--precision", "-0.1"}, "--precision -0.1: expected a number from 0 to 1"},
      {{"--replications-max", "0"}, "--replications-max 0: expected a whole number from 1 to 1000000"},
      {{"--jobs", "1025"}, "--jobs 1025: expected a whole number from 0 to 1024"},
      {{"--jobs", "-1"}, "--jobs -1: expected a whole number from 0 to 1024"},
      {{"--sensitivity", "tornado", "--sweep", "x=1:2"},
       "--sensitivity tornado: expected none, one-at-a-time or morris"},
  });
}
