#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_law.hpp"

using Arguments = std::vector<std::string>;
using Catch::Matchers::Contains;
using Row = std::map<std::string, std::string>;

namespace {

/// A search in scenario `line`, whose wait is 20 - x with a noise of half a second.
toy::Call search(Arguments more) {
  more.insert(more.end(), {"--scenario", "line", "--noise", "0.5"});
  toy::Call call = toy::call(toy::law(), more);
  CHECK(call.err.empty());
  return call;
}

}  // namespace

TEST_CASE("the least value is found whose interval meets the requirement, with the one below that does not",
          "[search]") {
  const toy::WorkingFolder here;
  // 20 - x < 7.5 holds from 13 on.
  const toy::Call call = search({"--find-min", "x", "--sweep", "x=1:20:1", "--subject-to", "wait < 7.5"});
  CHECK(call.status == 0);
  CHECK_THAT(call.out, Contains("least x that passes: 13  (confidence 95 %)\n  12 does not pass: line wait ") &&
                           Contains(" s, required < 7.5\n") && Contains("  configured: 10 (+30 %)\n") &&
                           Contains("\n  at x=13  metric"));
  const auto folder = toy::only_folder("results/toy_law", "find-min-");
  std::string answers;
  for (const auto& row : toy::table_of(toy::read_file(folder / "search.csv"))) {
    answers += row.at("x") + " " + row.at("answer") + ", ";
  }
  // Bisection of 20 candidates: at most five questions.
  CHECK(answers == "10 no, 15 yes, 12 no, 13 yes, ");
  CHECK(std::filesystem::exists(folder / "sweep.csv"));
  CHECK(std::filesystem::exists(folder / "summary.csv"));
}

TEST_CASE("the greatest value is found that still meets the requirement", "[search]") {
  const toy::WorkingFolder here;
  // 20 - x > 4.5 holds up to 15.
  const toy::Call call = search({"--find-max", "x", "--sweep", "x=1:30:1", "--subject-to", "wait > 4.5"});
  CHECK(call.status == 0);
  CHECK_THAT(call.out, Contains("greatest x that passes: 15  (confidence 95 %)\n  16 does not pass: line wait ") &&
                           Contains("  configured: 10, headroom 50 %\n"));
}

TEST_CASE("candidates without --sweep are the whole numbers of the range, up to ten times the configured one",
          "[search]") {
  const toy::WorkingFolder here;
  toy::write_file("c.ini", "x = 3\n");
  const toy::Call call = search({"--find-max", "x", "--subject-to", "cost < 10000", "--config", "c.ini"});
  CHECK(call.status == 0);
  CHECK_THAT(call.out, Contains("greatest x that passes: 30  (confidence 95 %)\n"
                                "  it is the last candidate: widen the search with --sweep x=FIRST:LAST:STEP\n"
                                "  configured: 3, headroom 900 %\n"));
}

TEST_CASE("a requirement has units and a scenario, and several hold together", "[search]") {
  const toy::WorkingFolder here;
  const Arguments candidates{"--find-min", "x", "--sweep", "x=5:19:1"};
  const auto found = [&](const Arguments& requirements) {
    Arguments arguments = candidates;
    for (const auto& requirement : requirements) {
      arguments.insert(arguments.end(), {"--subject-to", requirement});
    }
    const toy::Call call = search(arguments);
    CAPTURE(call);
    CHECK(call.status == 0);
    const auto begin = call.out.find("passes: ") + 8;
    return call.out.substr(begin, call.out.find(' ', begin) - begin);
  };
  CHECK(found({"delay < 7.5 s"}) == "13");
  CHECK(found({"delay < 7500"}) == "13");
  CHECK(found({"line.wait <= 6500 ms"}) == "14");
  CHECK(found({"wait < 7.5", "load > 72.5 %"}) == "15");
  CHECK(found({"load > 0.625 ratio"}) == "13");
  CHECK(found({"targets", "cost > 30"}) == "15");
  CHECK(found({"exact >= 11"}) == "11");
}

TEST_CASE("a requirement of one scenario says nothing of another", "[search]") {
  const toy::WorkingFolder here;
  const toy::Call call =
      toy::call(toy::law(), {"--find-min", "x", "--sweep", "x=5:19:1", "--noise", "0", "--subject-to",
                             "plane.height > 116", "--subject-to", "line.exact >= 8"});
  // height = 10.5 x + 3 is 118.5 at 11 and 108 at 10.
  CHECK(call.status == 0);
  CHECK_THAT(call.out, Contains("least x that passes: 11 "));
}

TEST_CASE("targets are required where nothing else is said, degraded ones are not met", "[search]") {
  const toy::WorkingFolder here;
  toy::write_file("t.csv",
                  "experiment,scenario,metric,unit,op,target,critical,source,definition\n"
                  "toy_law,line,wait,s,<,6.5,12,,\n");
  const toy::Call call = search({"--find-min", "x", "--sweep", "x=5:19:1", "--targets", "t.csv"});
  CHECK(call.status == 0);
  CHECK_THAT(call.out,
             Contains("least x that passes: 14 ") && Contains("line wait 7.") && Contains(" s, required < 6.5\n"));
}

TEST_CASE("when the best candidate passes already, more may lie beyond the list", "[search]") {
  const toy::WorkingFolder here;
  const toy::Call call = search({"--find-min", "x", "--sweep", "x=14:20:2", "--subject-to", "wait < 7.5"});
  CHECK(call.status == 0);
  CHECK_THAT(call.out, Contains("least x that passes: 14  (confidence 95 %)\n"
                                "  it is the first candidate: widen the search with --sweep x=FIRST:LAST:STEP\n"));
}

TEST_CASE("when no candidate passes, the status is 1", "[search]") {
  const toy::WorkingFolder here;
  const toy::Call call = search({"--find-max", "x", "--sweep", "x=14:18:1", "--subject-to", "wait > 7.5"});
  CHECK(call.status == 1);
  CHECK_THAT(call.out,
             Contains("no x from 14 to 18 passes: 14 does not, and a search supposes that less is never worse\n"));
}

TEST_CASE("a candidate that the replications cannot decide counts as no, and the status is 4", "[search]") {
  const toy::WorkingFolder here;
  // At 12 the mean is the bound itself.
  const toy::Call call =
      search({"--find-min", "x", "--sweep", "x=10:14:1", "--subject-to", "wait < 8", "--replications-max", "40"});
  CHECK(call.status == 4);
  CHECK_THAT(call.out, Contains("least x that passes: 13 ") && Contains("  12 could not be decided: line wait "));
  const toy::Call none =
      search({"--find-min", "x", "--sweep", "x=10:12:1", "--subject-to", "wait < 8", "--replications-max", "40"});
  CHECK(none.status == 4);
  CHECK_THAT(none.out, Contains("no x from 10 to 12 passes for certain: 12 could not be decided, and a search supposes "
                                "that more is never worse\n"));
}

TEST_CASE("that the easiest candidate fails for certain decides, whatever was open before", "[search]") {
  const toy::WorkingFolder here;
  // 12 is as open as can be, but with 14 all is decided: the wait is to be above it, and falls.
  const toy::Call call =
      search({"--find-min", "x", "--sweep", "x=12,14", "--subject-to", "wait > 8", "--replications-max", "40"});
  CHECK(call.status == 1);
  CHECK_THAT(call.out, Contains("no x from 12 to 14 passes: 14 does not"));
}

TEST_CASE("candidates are searched in ascending order, however they were given", "[search]") {
  const toy::WorkingFolder here;
  for (const char* axis : {"x=20:2:-2", "x=14,2,20,8,12,10,4"}) {
    const toy::Call call = search({"--find-min", "x", "--sweep", axis, "--subject-to", "wait < 7.5"});
    CHECK(call.status == 0);
    CHECK_THAT(call.out, Contains("least x that passes: 14 ") && Contains("  12 does not pass: "));
  }
  const toy::Call durations =
      search({"--find-max", "pause", "--sweep", "pause=1min,30s,2s", "--subject-to", "wait < 12"});
  CHECK_THAT(durations.out, Contains("greatest pause that passes: 1min "));
}

TEST_CASE("values that are all alike are believed when there are enough of them", "[search]") {
  const toy::WorkingFolder here;
  const auto with = [](const std::string& most) {
    return search({"--find-min", "x", "--sweep", "x=10,12", "--subject-to", "exact >= 11", "--replications-max", most});
  };
  // Two questions, three looks: each at 1 - 0.05 / 6. Of 45 alike replications others are less than one in ten.
  const toy::Call few = with("40");
  CHECK(few.status == 4);
  CHECK_THAT(few.out, Contains("12 ± 0 count, required >= 11 (alike in 40 replications; 46 would tell)"));
  const toy::Call enough = with("80");
  CHECK(enough.status == 0);
  CHECK_THAT(enough.out, Contains("least x that passes: 12 "));
}

TEST_CASE("a candidate gets more replications only while it is undecided", "[search]") {
  const toy::WorkingFolder here;
  toy::write_file("program", "any");
  const toy::RunCount count;
  const Arguments arguments{"--scenario", "line",    "--find-min",   "x",         "--sweep", "x=1:31:1", "--noise",
                            "0",          "--quiet", "--subject-to", "wait < 7.5"};
  const sim::harness::Environment environment{.program = "toy", .executable = "program"};
  CHECK(toy::call(toy::law(), arguments, environment).status == 0);
  // Without noise ten replications answer each of the five questions about 31 candidates. All of them are alike, and so
  // the two answers that count are confirmed by 80.
  CHECK(count.runs() == 3 * 10 + 2 * 80);
  CHECK(toy::call(toy::law(), arguments, environment).status == 0);
  CHECK(count.runs() == 3 * 10 + 2 * 80);
}

TEST_CASE("a candidate that fails does not pass, and is reported", "[search]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::law(), {"--scenario", "line", "--find-min", "x", "--sweep", "x=10:20:1",
                                                "--noise", "0.5", "--failing.x", "12", "--subject-to", "wait < 8.5"});
  CHECK(call.status == 3);
  CHECK_THAT(call.out, Contains("least x that passes: 13 "));
  CHECK_THAT(call.err, Catch::StartsWith("toy_law: at x=12: scenario line failed: ") && Contains("\nreproduce: toy "));
}
