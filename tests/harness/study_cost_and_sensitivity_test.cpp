#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_law.hpp"

using Arguments = std::vector<std::string>;
using Catch::Matchers::Contains;
using Row = std::map<std::string, std::string>;

namespace {

std::vector<Row> rows_in(const std::string& kind, const std::string& file) {
  return toy::table_of(toy::read_file(toy::only_folder("results/toy_law", kind) / file));
}

double number(const Row& row, const std::string& column) { return std::stod(row.at(column)); }

/// A sensitivity study of the plane whose height is 10 x + 3 y + x z / 2, over x from 3 to 12, y from 0 to 9 and z from
/// 0 to 3. Its points are whole numbers: four levels are 3, 6, 9, 12 and so on.
std::vector<Row> sensitivities(const std::string& kind) {
  const toy::Call call =
      toy::call(toy::law(), {"--scenario", "plane", "--sensitivity", kind, "--sweep", "y=0:9", "--sweep", "z=0:3",
                             "--sweep", "x=3:12", "--replications", "2", "--noise", "0", "--metric", "height"});
  CAPTURE(call);
  REQUIRE(call.status == 0);
  return rows_in("sensitivity-", "sensitivity.csv");
}

}  // namespace

TEST_CASE("the cheapest point that passes is found, and the front of cost against another metric", "[cost]") {
  const toy::WorkingFolder here;
  const toy::Call call =
      toy::call(toy::law(), {"--scenario", "line", "--minimize", "cost", "--pareto-against", "wait", "--sweep", "y=1,0",
                             "--sweep", "x=10:15:1", "--subject-to", "wait < 7.5", "--noise", "0.5"});
  CHECK(call.status == 0);
  // The wait is below 7.5 from x = 13 on, and the cost 2 x + y.
  CHECK_THAT(call.out, Contains("least cost: 26 ± 0 at y=0 x=13\n"));
  std::string front;
  std::string passing;
  for (const auto& row : rows_in("minimize-", "pareto.csv")) {
    front += row.at("on_front") == "yes" ? row.at("point") + ", " : "";
    passing += row.at("passes") == "yes" ? row.at("point") + ", " : "";
  }
  CHECK(passing == "y=1 x=13, y=1 x=14, y=1 x=15, y=0 x=13, y=0 x=14, y=0 x=15, ");
  CHECK(front == "y=0 x=13, y=0 x=14, y=0 x=15, ");
}

TEST_CASE("without requirements all points pass, and equally cheap ones are told", "[cost]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::law(), {"--scenario", "line", "--minimize", "cost", "--sweep", "x=3,4",
                                                "--sweep", "y=0,2", "--where", "y + x != 3"});
  CHECK(call.status == 0);
  // 2·3 + 2 = 8 and 2·4 + 0 = 8.
  CHECK_THAT(call.out, Contains("least cost: 8 ± 0 at x=3 y=2\n  not told apart from it: x=4 y=0 (8 ± 0)\n"));
}

TEST_CASE("points that do not pass leave nothing to choose, those that are open leave it open", "[cost]") {
  const toy::WorkingFolder here;
  const auto minimize = [](const std::string& xs) {
    return toy::call(toy::law(),
                     {"--scenario", "line", "--minimize", "cost", "--sweep", xs, "--subject-to", "wait < 8"});
  };
  const toy::Call none = minimize("x=9,10");
  CHECK(none.status == 1);
  CHECK_THAT(none.out, Contains("no point passes\n"));
  const toy::Call open = minimize("x=9,12");
  CHECK(open.status == 4);
  CHECK_THAT(open.out, Contains("no point passes for certain\n"));
  const toy::Call cheaper = minimize("x=12,14");
  CHECK(cheaper.status == 4);
  CHECK_THAT(cheaper.out,
             Contains("least cost: 29 ± 0 at x=14\n") && Contains("  could not be decided: x=12 (25 ± 0)\n"));
  CHECK(minimize("x=14,15").status == 0);
}

TEST_CASE("a requirement counts nowhere as met where its metric is not reported", "[cost]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(
      toy::law(), {"--scenario", "plane", "--minimize", "height", "--sweep", "z=7,1", "--subject-to", "bent < 100"});
  CHECK(call.status == 2);
  CHECK(call.err == "toy_law: --subject-to bent < 100: at z=1 no scenario reports the metric bent\n");
}

TEST_CASE("the front knows from requirements whether more is better", "[cost]") {
  const toy::WorkingFolder here;
  const auto front = [](const std::string& requirement) {
    const toy::Call call = toy::call(toy::law(), {"--scenario", "line", "--minimize", "cost", "--pareto-against",
                                                  "load", "--sweep", "x=10:14:2", "--subject-to", requirement});
    std::string points;
    for (const auto& row : rows_in("minimize-", "pareto.csv")) {
      points += row.at("on_front") == "yes" ? row.at("point") + " " : "";
    }
    return std::pair(points, call.out.find("has more load\n") != std::string::npos);
  };
  CHECK(front("load > 10") == std::pair<std::string, bool>("x=10 x=12 x=14 ", true));
}

TEST_CASE("one at a time, a parameter that does nothing is not told from noise", "[sensitivity]") {
  const toy::WorkingFolder here;
  const toy::Call call =
      toy::call(toy::law(), {"--scenario", "plane", "--sensitivity", "one-at-a-time", "--sweep", "x=9:11", "--sweep",
                             "y=0:9", "--metric", "mixed", "--noise", "20", "--replications", "10"});
  CHECK(call.status == 0);
  const auto rows = rows_in("sensitivity-", "sensitivity.csv");
  REQUIRE(rows.size() == 2);
  // The draws of `mixed` are new for each x, and y has no influence at all.
  CHECK(rows[0].at("parameter") == "x");
  CHECK(number(rows[0], "swing") > 1);
  CHECK(rows[0].at("certain") == "no");
  CHECK(rows[1].at("certain") == "no");
  CHECK_THAT(call.out, Contains("not told from none"));
  const toy::Call clear =
      toy::call(toy::law(), {"--scenario", "plane", "--sensitivity", "one-at-a-time", "--sweep", "x=1:100", "--metric",
                             "mixed", "--noise", "1", "--replications", "10"});
  CHECK_THAT(clear.out, !Contains("not told from none"));
}

TEST_CASE("one at a time, parameters are ranked by how far they move a metric from where it stands", "[sensitivity]") {
  const toy::WorkingFolder here;
  const auto rows = sensitivities("one-at-a-time");
  REQUIRE(rows.size() == 3);
  // Where the others are x = 10, y = 1, z = 1: the height goes with x by 10.5, with y by 3, with z by 5.
  const std::vector<std::string> names{"x", "y", "z"};
  const std::vector<double> at_low{3 + 10.5 * 3, 105, 103};
  const std::vector<double> at_high{3 + 10.5 * 12, 105 + 27, 103 + 15};
  for (std::size_t index = 0; index < 3; ++index) {
    CHECK(rows[index].at("parameter") == names[index]);
    CHECK(rows[index].at("metric") == "height");
    CHECK(number(rows[index], "at_low") == Approx(at_low[index]));
    CHECK(number(rows[index], "at_base") == Approx(108));
    CHECK(number(rows[index], "at_high") == Approx(at_high[index]));
    CHECK(number(rows[index], "swing") == Approx(at_high[index] - at_low[index]));
  }
}

TEST_CASE("effects are per width of a range also where it has few whole numbers", "[sensitivity]") {
  const toy::WorkingFolder here;
  // Of 1:10 the four levels are 1, 4, 7 and 10, of 1:2 they are 1, 1, 2 and 2.
  for (const auto& [axis, effect] : {std::pair{"x=1:10", 9 * 10.0}, {"x=1:2", 10.0}, {"x=1:4", 30.0}}) {
    const toy::WorkingFolder folder;
    const toy::Call call = toy::call(toy::law(), {"--scenario", "plane", "--sensitivity", "morris", "--sweep", axis,
                                                  "--z", "0", "--replications", "2", "--metric", "height"});
    CAPTURE(call);
    REQUIRE(call.status == 0);
    const auto rows = rows_in("sensitivity-", "sensitivity.csv");
    REQUIRE(rows.size() == 1);
    CHECK(number(rows[0], "mean") == Approx(effect));
    CHECK(number(rows[0], "deviation") == Approx(0).margin(1e-9));
  }
}

TEST_CASE("Morris' screening ranks parameters and tells those that act alone from those that do not", "[sensitivity]") {
  const toy::WorkingFolder here;
  const auto rows = sensitivities("morris");
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].at("parameter") == "x");
  CHECK(rows[1].at("parameter") == "y");
  CHECK(rows[2].at("parameter") == "z");
  // Through the whole range y moves the height by 3 · 9, wherever the others stand.
  CHECK(number(rows[1], "mean") == Approx(27));
  CHECK(number(rows[1], "mean_absolute") == Approx(27));
  CHECK(number(rows[1], "deviation") == Approx(0).margin(1e-9));
  // x moves it by (10 + z / 2) · 9 for z from 0 to 3, z by x / 2 · 3 for x from 3 to 12.
  CHECK(number(rows[0], "mean") > 90);
  CHECK(number(rows[0], "mean") < 103.5);
  CHECK(number(rows[0], "deviation") > 0.1);
  CHECK(number(rows[2], "mean") > 4.5);
  CHECK(number(rows[2], "mean") < 18);
  CHECK(number(rows[2], "deviation") > 0.1);
}
