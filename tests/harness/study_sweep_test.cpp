#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_law.hpp"

using Arguments = std::vector<std::string>;
using Catch::Matchers::Contains;
using Row = std::map<std::string, std::string>;

namespace {

/// The rows of a file of the only sweep below the working folder.
std::vector<Row> rows_in(const std::string& file) {
  return toy::table_of(toy::read_file(toy::only_folder("results/toy_law", "sweep-") / file));
}

/// The points of a sweep in their order, as in `1 4`.
std::vector<std::string> points_of(Arguments arguments, const std::vector<std::string>& parameters) {
  const toy::WorkingFolder here;
  arguments.insert(arguments.end(), {"--scenario", "plane", "--replications", "2", "--metric", "height"});
  const toy::Call call = toy::call(toy::law(), arguments);
  CAPTURE(call);
  REQUIRE(call.status == 0);
  std::vector<std::string> points;
  for (const auto& row : rows_in("summary.csv")) {
    if (row.at("metric") == "height") {
      CHECK(row.at("point") == std::to_string(points.size()));
      points.emplace_back();
      for (const auto& parameter : parameters) {
        points.back() += (points.back().empty() ? "" : " ") + row.at(parameter);
      }
    }
  }
  return points;
}

double number(const Row& row, const std::string& column) { return std::stod(row.at(column)); }

}  // namespace

TEST_CASE("sweep.csv has a row for each point, replication and metric, with the value that the scenario reports",
          "[sweep]") {
  const toy::WorkingFolder here;
  REQUIRE(
      toy::call(toy::law(), {"--scenario", "line", "--sweep", "x=1,5", "--replications", "4", "--seed", "7"}).status ==
      0);
  const auto rows = rows_in("sweep.csv");
  REQUIRE(rows.size() == 2 * 4 * 8);
  CHECK(toy::lines_of(toy::read_file(toy::only_folder("results/toy_law", "sweep-") / "sweep.csv")).front() ==
        "point,x,scenario,replication,metric,unit,value,samples");
  std::size_t index = 0;
  for (const int x : {1, 5}) {
    for (std::uint32_t replication = 0; replication < 4; ++replication) {
      const Row& wait = rows.at(index);
      CHECK(wait.at("point") == (x == 1 ? "0" : "1"));
      CHECK(wait.at("x") == std::to_string(x));
      CHECK(wait.at("scenario") == "line");
      CHECK(wait.at("replication") == std::to_string(replication));
      CHECK(wait.at("metric") == "wait");
      CHECK(wait.at("unit") == "s");
      CHECK(number(wait, "value") == 20 - x + toy::noise_of(7, replication));
      CHECK(rows.at(index + 3).at("metric") == "cost");
      CHECK(number(rows.at(index + 3), "value") == 2 * x + 1);
      CHECK(rows.at(index + 4).at("samples") == "50");
      index += 8;
    }
  }
}

TEST_CASE("summary.csv has mean and Student t interval of what stands in sweep.csv", "[sweep]") {
  const toy::WorkingFolder here;
  REQUIRE(
      toy::call(toy::law(), {"--scenario", "line", "--sweep", "x=1,5", "--sweep", "noise=1,3", "--replications", "4"})
          .status == 0);
  std::size_t compared = 0;
  for (const auto& row : rows_in("summary.csv")) {
    if (row.at("metric") != "wait" && row.at("metric") != "load") {
      continue;
    }
    std::vector<double> values;
    for (const auto& one : rows_in("sweep.csv")) {
      if (one.at("point") == row.at("point") && one.at("metric") == row.at("metric")) {
        values.push_back(number(one, "value"));
      }
    }
    REQUIRE(values.size() == 4);
    const double mean = (values[0] + values[1] + values[2] + values[3]) / 4;
    double squares = 0;
    for (const double value : values) {
      squares += (value - mean) * (value - mean);
    }
    // The t quantile for 3 degrees is 3.182446.
    const double half_width = 3.182446305 * std::sqrt(squares / 3 / 4);
    CHECK(number(row, "mean") == Approx(mean).epsilon(1e-12));
    CHECK(number(row, "half_width") == Approx(half_width).epsilon(1e-8));
    CHECK(number(row, "lower") == Approx(mean - half_width).epsilon(1e-8));
    CHECK(number(row, "upper") == Approx(mean + half_width).epsilon(1e-8));
    CHECK(row.at("replications") == "4");
    ++compared;
  }
  CHECK(compared == 8);
}

TEST_CASE("bounds of a share end at 0 and 100 %", "[sweep]") {
  const toy::WorkingFolder here;
  REQUIRE(toy::call(toy::law(), {"--scenario", "line", "--sweep", "x=1,5", "--replications", "4"}).status == 0);
  for (const auto& row : rows_in("summary.csv")) {
    if (row.at("metric") == "good") {
      CHECK(number(row, "half_width") > 0);
      CHECK(number(row, "upper") == 100);
      CHECK(number(row, "lower") == 100 - number(row, "half_width"));
    }
  }
}

TEST_CASE("one replication of each point is enough where the user wants no more", "[sweep]") {
  const toy::WorkingFolder here;
  REQUIRE(toy::call(toy::law(), {"--scenario", "line", "--sweep", "x=1,5", "--replications", "1"}).status == 0);
  CHECK(rows_in("sweep.csv").size() == 2 * 8);
  REQUIRE(toy::call(toy::law(), {"--scenario", "line", "--sweep", "x=1,5"}).status == 0);
  CHECK(rows_in("sweep.csv").size() == 2 * 8 * 10);
}

TEST_CASE("a grid goes through its last axis first", "[sweep]") {
  CHECK(points_of({"--sweep", "x=1:5:2", "--sweep", "y=0.5,0"}, {"x", "y"}) ==
        std::vector<std::string>{"1 0.5", "1 0", "3 0.5", "3 0", "5 0.5", "5 0"});
  CHECK(points_of({"--sweep", "y=0,1", "--sweep", "x=2,1"}, {"y", "x"}) ==
        std::vector<std::string>{"0 2", "0 1", "1 2", "1 1"});
  CHECK(points_of({"--sweep", "x=1:64:x4"}, {"x"}) == std::vector<std::string>{"1", "4", "16", "64"});
}

TEST_CASE("the flag --where leaves points out, and sees the parameters that do not vary", "[sweep]") {
  CHECK(points_of({"--sweep", "x=1:3:1", "--sweep", "y=1:3:1", "--where", "y<=x", "--where", "x*y != 4"}, {"x", "y"}) ==
        std::vector<std::string>{"1 1", "2 1", "3 1", "3 2", "3 3"});
  CHECK(points_of({"--sweep", "x=1:6:1", "--where", "x > z", "--z", "4"}, {"x"}) == std::vector<std::string>{"5", "6"});
}

TEST_CASE("a Latin hypercube takes one value from each slice of each axis, another with another seed", "[sweep]") {
  const Arguments sample{"--sweep", "y=0.5:10.5", "--sweep", "x=1:20", "--sample", "lhs:20"};
  const auto points = points_of(sample, {"y", "x"});
  REQUIRE(points.size() == 20);
  std::set<int> slices;
  std::set<std::string> xs;
  for (const auto& point : points) {
    slices.insert(static_cast<int>((std::stod(point) - 0.5) * 2));
    xs.insert(point.substr(point.find(' ')));
  }
  CHECK(slices.size() == 20);
  CHECK(xs.size() == 20);
  CHECK(points_of(sample, {"y", "x"}) == points);
  Arguments other = sample;
  other.insert(other.end(), {"--seed", "2"});
  CHECK(points_of(other, {"y", "x"}) != points);
}

TEST_CASE("a point that fails is reported with a line that fails again, and the others are there", "[sweep]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::law(),
                                   {"--scenario", "line", "--sweep", "x=2:4:1", "--replications", "5", "--failing.x",
                                    "3", "--failing.from", "2", "--noise", "0.5", "--quiet"},
                                   {.program = TOY_LAW_PROGRAM, .executable = {}});
  CHECK(call.status == 3);
  CHECK(call.out.empty());
  const auto lines = toy::lines_of(call.err);
  REQUIRE(lines.size() == 2);
  CHECK_THAT(lines[0], Catch::StartsWith("toy_law: at x=3: scenario line failed: assertion failed: the law holds"));
  const std::string prefix = "reproduce: ";
  REQUIRE_THAT(lines[1], Catch::StartsWith(prefix + TOY_LAW_PROGRAM + " --scenario line"));
  std::multiset<std::string> replications;
  for (const auto& row : rows_in("sweep.csv")) {
    if (row.at("metric") == "wait") {
      replications.insert(row.at("x"));
    }
  }
  CHECK(replications == std::multiset<std::string>{"2", "2", "2", "2", "2", "3", "3", "4", "4", "4", "4", "4"});

  const toy::Call again = toy::call_shell(lines[1].substr(prefix.size()) + " --out again");
  CHECK(again.status == 3);
  CHECK_THAT(again.err, Contains("scenario line failed: assertion failed: the law holds"));
}

TEST_CASE("a metric is known even where the first point fails", "[sweep]") {
  const toy::WorkingFolder here;
  const toy::Call call =
      toy::call(toy::law(), {"--scenario", "line", "--sweep", "x=3,4", "--failing.x", "3", "--metric", "load"});
  CHECK(call.status == 3);
  CHECK_THAT(call.out, Contains("  3            failed\n"));
}

TEST_CASE("a sweep shows the metrics with targets, or those of --metric, with their verdicts", "[sweep]") {
  const toy::WorkingFolder here;
  const toy::Call call =
      toy::call(toy::law(), {"--scenario", "line", "--sweep", "x=4,18", "--replications", "10", "--noise", "0"});
  CHECK_THAT(call.out, Contains("line\n"
                                "   x           wait\n"
                                "   4  16 ± 0 missed\n"
                                "  18          2 ± 0\n"));
  const toy::Call chosen =
      toy::call(toy::law(), {"--sweep", "x=4,18", "--noise", "0", "--metric", "cost", "--metric", "height"});
  CHECK_THAT(chosen.out, Contains("line\n"
                                  "   x    cost\n"
                                  "   4   9 ± 0\n"
                                  "  18  37 ± 0\n"));
  CHECK_THAT(chosen.out, Contains("plane\n"
                                  "   x   height\n"
                                  "   4   45 ± 0\n"
                                  "  18  192 ± 0\n"));
}

TEST_CASE("a knee is shown where the curve really bends, and never in noise or on a line", "[sweep]") {
  const toy::WorkingFolder here;
  const auto knees = [](const std::string& metric, const std::string& noise, const std::string& xs) {
    const toy::Call call = toy::call(toy::law(), {"--scenario", "plane", "--sweep", xs, "--z", "7", "--metric", metric,
                                                  "--noise", noise, "--replications", "10"});
    CAPTURE(call);
    CHECK(call.status == 0);
    const auto begin = call.out.find("  knee of ");
    return begin == std::string::npos ? std::string{} : call.out.substr(begin, call.out.find('\n', begin) - begin);
  };
  CHECK(knees("bent", "0.2", "x=2:20:2") == "  knee of bent: x=10");
  // The same in steps that grow: the chord is drawn over x, not over the number of the point.
  CHECK(knees("bent", "0.2", "x=1,2,3,5,10,40,100") == "  knee of bent: x=10");
  CHECK(knees("bent", "50", "x=2:20:2").empty());
  CHECK(knees("height", "1", "x=2:20:2").empty());
  CHECK(knees("mixed", "10", "x=2:20:2").empty());
}

TEST_CASE("a sweep of more points than are in memory at a time has all of them, in their order", "[sweep]") {
  std::vector<std::string> all;
  for (int point = 0; point < 600; ++point) {
    all.push_back(std::to_string(point));
  }
  CHECK(points_of({"--sweep", "y=0:599:1"}, {"y"}) == all);
}

TEST_CASE("a table says how many points it leaves out", "[sweep]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::law(), {"--scenario", "plane", "--sweep", "y=0:290:1", "--metric", "height",
                                                "--noise", "0", "--replications", "2"});
  CHECK_THAT(call.out, Contains("  199"));
  CHECK_THAT(call.out, !Contains("  200 "));
  CHECK_THAT(call.out, Contains("  … and 91 points more in summary.csv\n"));
}

TEST_CASE("a point that is wrong is refused before any other is run, wherever it comes", "[sweep]") {
  const toy::WorkingFolder here;
  const toy::Call call =
      toy::call(toy::law(), {"--scenario", "plane", "--sweep", "y=500:1001:1", "--replications", "2"});
  CHECK(call == toy::Call{.status = 2, .out = "", .err = "toy_law: --y 1001: expected a number from 0 to 1000\n"});
  CHECK(toy::files_here().empty());
}

TEST_CASE("a large sweep is printed and written alike", "[sweep]") {
  const toy::WorkingFolder here;
  const toy::Call call =
      toy::call(toy::law(), {"--scenario", "plane", "--sweep", "y=0:599:1", "--replications", "2", "--format", "csv"});
  CHECK(call.status == 0);
  CHECK(call.out == toy::read_file(toy::only_folder("results/toy_law", "sweep-") / "summary.csv"));
}
