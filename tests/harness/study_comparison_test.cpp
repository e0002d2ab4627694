#include <catch2/catch.hpp>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_law.hpp"

using Arguments = std::vector<std::string>;
using Catch::Matchers::Contains;
using Row = std::map<std::string, std::string>;

namespace {

std::vector<Row> rows_in(const std::string& file) {
  return toy::table_of(toy::read_file(toy::only_folder("results/toy_law", "compare-") / file));
}

/// The rows of compare.csv after a call that went well.
std::vector<Row> compared(const Arguments& arguments) {
  const toy::Call call = toy::call(toy::law(), arguments);
  CAPTURE(call);
  REQUIRE(call.status == 0);
  return rows_in("compare.csv");
}

double number(const Row& row, const std::string& column) { return std::stod(row.at(column)); }

/// The values of a metric at a point of sweep.csv.
std::vector<double> values_of(const std::string& point, const std::string& metric) {
  std::vector<double> values;
  for (const auto& row : rows_in("sweep.csv")) {
    if (row.at("point") == point && row.at("metric") == metric) {
      values.push_back(number(row, "value"));
    }
  }
  return values;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) {
    sum += value;
  }
  return sum / static_cast<double>(values.size());
}

double variance_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) {
    squares += (value - mean) * (value - mean);
  }
  return squares / static_cast<double>(values.size() - 1);
}

}  // namespace

TEST_CASE("a comparison has the difference, its paired interval and the variance that common numbers removed",
          "[comparison]") {
  const toy::WorkingFolder here;
  const auto rows =
      compared({"--scenario", "plane", "--compare", "x=10,11", "--replications", "10", "--metric", "mixed"});
  REQUIRE(rows.size() == 1);
  const auto a = values_of("0", "mixed");
  const auto b = values_of("1", "mixed");
  REQUIRE(a.size() == 10);
  REQUIRE(b.size() == 10);
  std::vector<double> differences;
  for (std::size_t index = 0; index < a.size(); ++index) {
    differences.push_back(b[index] - a[index]);
  }
  const Row& row = rows.front();
  CHECK(number(row, "a") == Approx(mean_of(a)));
  CHECK(number(row, "b") == Approx(mean_of(b)));
  CHECK(number(row, "difference") == Approx(mean_of(differences)));
  // The t quantile for 9 degrees is 2.262157.
  CHECK(number(row, "half_width") == Approx(2.262157163 * std::sqrt(variance_of(differences) / 10)).epsilon(1e-8));
  CHECK(number(row, "variance_removed") == Approx(1 - variance_of(differences) / (variance_of(a) + variance_of(b))));
  // Of the two draws behind the metric one is common: half of the variance goes, up to the luck of ten draws.
  CHECK(number(row, "variance_removed") == Approx(0.5).margin(0.4));
  CHECK(row.at("replications") == "10");
}

TEST_CASE("common random numbers leave nothing but the difference where all draws are common", "[comparison]") {
  const toy::WorkingFolder here;
  const auto rows = compared({"--scenario", "line", "--compare", "x=10,13", "--metric", "wait", "--noise", "100"});
  REQUIRE(rows.size() == 1);
  CHECK(number(rows.front(), "difference") == Approx(-3).epsilon(1e-9));
  CHECK(number(rows.front(), "half_width") == Approx(0).margin(1e-9));
  CHECK(number(rows.front(), "variance_removed") == Approx(1));
  CHECK(rows.front().at("differs") == "yes");
  CHECK(rows.front().at("replications") == "30");
}

TEST_CASE("two INI files are compared like two values of a parameter", "[comparison]") {
  std::vector<Row> of_values;
  {
    const toy::WorkingFolder here;
    of_values = compared({"--compare", "x=10,12", "--replications", "6", "--y", "3"});
  }
  const toy::WorkingFolder here;
  toy::write_file("a.ini", "x = 10\n");
  toy::write_file("b.ini", "x = 12\n");
  const auto of_files = compared({"--compare", "a.ini", "b.ini", "--replications", "6", "--y", "3"});
  CHECK(of_files == of_values);
  CHECK(of_files.size() == 3);  // the target of the line, two metrics of the plane
  CHECK_THAT(toy::call(toy::law(), {"--compare", "a.ini", "b.ini"}).out,
             Contains("A: a.ini\nB: b.ini\n30 replications"));
}

TEST_CASE("configurations of which one needed more replications are compared over those that both ran",
          "[comparison]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::law(), {"--scenario", "line", "--compare", "x=10,19", "--metric", "wait",
                                                "--precision", "0.2", "--replications", "10"});
  CAPTURE(call);
  CHECK(call.status == 0);
  const auto rows = rows_in("compare.csv");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].at("replications") == "10");
  CHECK_THAT(call.out, Contains("\n10 to "));
}

TEST_CASE("a metric that only one configuration reports is named", "[comparison]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::law(), {"--scenario", "plane", "--compare", "z=7,1", "--replications", "5"});
  CHECK_THAT(call.out, Contains("  not compared, as not measured in both: plane bent\n"));
}

TEST_CASE("how many more replications are needed counts with all rows that are open", "[comparison]") {
  const toy::WorkingFolder here;
  const auto more = [](const std::vector<std::string>& metrics) {
    Arguments arguments{"--scenario", "line", "--compare", "noise=1,1.2", "--replications", "10"};
    for (const auto& metric : metrics) {
      arguments.insert(arguments.end(), {"--metric", metric});
    }
    std::filesystem::remove_all("results");
    for (const auto& row : compared(arguments)) {
      if (row.at("metric") == "wait") {
        return std::stod(row.at("more_replications"));
      }
    }
    return -1.0;
  };
  CHECK(more({"wait", "load"}) > 1.2 * more({"wait"}));
}

TEST_CASE("files of the same names with other contents are another comparison", "[comparison]") {
  const toy::WorkingFolder here;
  toy::write_file("a.ini", "x = 10\n");
  const auto folder_of = [](const std::string& b) {
    toy::write_file("b.ini", b);
    const std::string out =
        toy::call(toy::law(), {"--scenario", "line", "--compare", "a.ini", "b.ini", "--replications", "2"}).out;
    return out.substr(out.rfind("results in "));
  };
  const std::string first = folder_of("x = 12\n");
  CHECK(folder_of("x = 13\n") != first);
  CHECK(folder_of("x = 12\n") == first);
}

TEST_CASE("which metrics differ is decided by Holm for all of them together", "[comparison]") {
  const toy::WorkingFolder here;
  // The noise of wait and load is new for other seeds only, so it is the noise itself that is compared here.
  const auto rows = compared({"--compare", "noise=1,1.5", "--replications", "8", "--metric", "wait", "--metric", "load",
                              "--metric", "mixed", "--metric", "height"});
  REQUIRE(rows.size() == 4);
  for (const auto& row : rows) {
    // Step down: the i-th least of k p-values times k - i + 1, and no less than those before it.
    double adjusted = 0;
    for (const auto& other : rows) {
      if (number(other, "p_value") <= number(row, "p_value")) {
        std::size_t as_large = 0;
        for (const auto& third : rows) {
          as_large += number(third, "p_value") >= number(other, "p_value") ? 1 : 0;
        }
        adjusted = std::max(adjusted, std::min(1.0, number(other, "p_value") * static_cast<double>(as_large)));
      }
    }
    CHECK(number(row, "adjusted_p_value") == Approx(adjusted));
    CHECK(row.at("differs") == (adjusted <= 0.05 ? "yes" : "no"));
  }
}

TEST_CASE("a comparison says which one is higher, which are equal, and what would tell the others apart",
          "[comparison]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::law(), {"--compare", "x=10,12", "--metric", "cost", "--metric", "wait"});
  CHECK(call.status == 0);
  CHECK_THAT(call.out, Contains("B lower") && Contains("B higher"));
  CHECK_THAT(toy::call(toy::law(), {"--compare", "y=1,2", "--metric", "wait"}).out, Contains("equal"));
  CHECK_THAT(toy::call(toy::law(), {"--compare", "noise=1,1.2", "--metric", "wait", "--replications", "5"}).out,
             Contains("not told apart; about "));
}

TEST_CASE("a configuration that fails is reported, and what both did is compared", "[comparison]") {
  const toy::WorkingFolder here;
  const toy::Call call =
      toy::call(toy::law(), {"--compare", "x=10,12", "--failing.x", "12", "--replications", "5", "--metric", "height"});
  CHECK(call.status == 3);
  CHECK_THAT(call.err, Catch::StartsWith("toy_law: at x=12: scenario line failed: "));
  CHECK(rows_in("compare.csv").size() == 1);
}
