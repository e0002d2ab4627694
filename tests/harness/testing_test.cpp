#include "libsim/testing.hpp"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

#include "libsim/harness/run/replication_set.hpp"
#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_shop.hpp"

using namespace std::chrono_literals;

using sim::testing::check_targets;
using sim::testing::compare_with_golden;
using sim::testing::run_scenario;
using sim::testing::RunOptions;
using sim::testing::trace_scenario;

namespace {

/// A day of two customers without anything random: they come after 2 s and 4 s and take 3 s each.
const RunOptions two_customers{
    .parameters = {{"customers", "2"}, {"arrival.time_between", "2s"}, {"service.time", "3s"}}, .arrivals = {}};

const std::string header = "experiment,scenario,metric,unit,op,target,critical,source,definition\n";

RunOptions with_parameter(const std::string& name, const std::string& value) {
  RunOptions options;
  options.parameters = {{name, value}};
  return options;
}

/// Sets the variable that updates golden files, or takes it away, until the end of the scope.
class UpdateVariable {
 public:
  explicit UpdateVariable(const char* value) {
    if (const char* before = std::getenv(name)) {
      before_ = before;
    }
    set(value);
  }
  UpdateVariable(const UpdateVariable&) = delete;
  UpdateVariable& operator=(const UpdateVariable&) = delete;
  ~UpdateVariable() { set(before_ ? before_->c_str() : nullptr); }

 private:
  static constexpr const char* name = sim::testing::update_golden_variable;
  static void set(const char* value) { value == nullptr ? ::unsetenv(name) : ::setenv(name, value, 1); }
  std::optional<std::string> before_;
};

}  // namespace

TEST_CASE("run_scenario gives the metrics, totals and curves of a scenario", "[testing]") {
  const auto result = run_scenario(toy::shop(), "day", two_customers);
  CHECK(result.experiment == "toy_shop");
  CHECK(result.scenario == "day");
  CHECK(result.seed == 1);
  CHECK(result.value("served") == 2);
  // The first arrives at 2 s and leaves at 5 s; the second arrives at 4 s and leaves at 8 s.
  CHECK(result.value("time_in_shop_mean") == 3.5);
  CHECK(result.find("time_in_shop_mean")->samples == 2);
  CHECK(result.totals.virtual_time == std::chrono::seconds(8));
  CHECK(result.totals.events == 8);
  REQUIRE(result.curves.size() == 1);
  CHECK(result.curves[0].points.size() == 2);
  CHECK(result.find("srved") == nullptr);
  CHECK_THROWS_WITH(result.value("srved"), "scenario day reports no metric srved; did you mean served?");
}

TEST_CASE("run_scenario gives the same result again, and the same as the program", "[testing]") {
  RunOptions options;
  options.seed = 7;
  options.replications = 3;
  const auto result = run_scenario(toy::shop(), "day", options);
  CHECK(run_scenario(toy::shop(), "day", options) == result);
  CHECK(result.replications == 3);
  options.seed = 8;
  CHECK(run_scenario(toy::shop(), "day", options).totals.fingerprint != result.totals.fingerprint);

  const toy::WorkingFolder here;
  const toy::Call call =
      toy::call(toy::shop(), {"--scenario", "day", "--seed", "7", "--replications", "3", "--format", "csv"});
  CHECK(toy::parse_csv(call.out).at(2).at(7) == fmt::format("{}", result.value("time_in_shop_mean")));
}

TEST_CASE("run_scenario hands over arrivals", "[testing]") {
  RunOptions options = two_customers;
  options.arrivals = {.source = "made up", .at = {0s, 1s}, .values = {{1, 2}}};
  CHECK(run_scenario(toy::shop(), "day", options).value("arrivals_replayed") == 2);
  CHECK_THROWS_WITH(run_scenario(toy::address_order(), "delivery", options), "unknown parameter customers");
  options.parameters.clear();
  CHECK_THROWS_WITH(run_scenario(toy::address_order(), "delivery", options),
                    "experiment toy_address_order takes no recorded arrivals");
}

TEST_CASE("run_scenario reads a file of faults", "[testing]") {
  const toy::WorkingFolder here;
  toy::write_file("strike.csv", "until\n0\n60\n");
  RunOptions options = two_customers;
  options.faults = "strike.csv";
  const auto late = run_scenario(toy::shop(), "day", options);
  CHECK(late.totals.fingerprint != run_scenario(toy::shop(), "day", two_customers).totals.fingerprint);
  options.faults = "missing.csv";
  CHECK_THROWS_WITH(run_scenario(toy::shop(), "day", options),
                    "missing.csv: cannot be read: No such file or directory");
  options.parameters.clear();
  CHECK_THROWS_WITH(run_scenario(toy::address_order(), "delivery", options),
                    "experiment toy_address_order takes no faults");
}

TEST_CASE("a run is compared with its reference, and the first metric and event that differ are told", "[testing]") {
  const toy::WorkingFolder here;
  CHECK_THAT(compare_with_reference("day.txt", toy::shop(), "day", two_customers),
             Catch::StartsWith("day.txt: there is no such golden file"));
  toy::write_file("day.txt", sim::testing::reference_text(toy::shop(), "day", two_customers));
  CHECK(compare_with_reference("day.txt", toy::shop(), "day", two_customers) == "");

  RunOptions slower = two_customers;
  slower.parameters[2].second = "4s";
  const std::string difference = compare_with_reference("day.txt", toy::shop(), "day", slower);
  CHECK_THAT(difference, Catch::Contains("reference: metric time_in_shop_mean 3.5 s samples 2\n"
                                         "  now:       metric time_in_shop_mean 5 s samples 2\n"));
  // Start, sleep, sleep, customer, sleep, customer: the first service ends at 6 s, and no longer at 5 s.
  CHECK_THAT(difference, Catch::Contains("the first event that differs is number "));
  CHECK_THAT(difference, Catch::Contains("6 s") || Catch::Contains("6.000000000"));
  CHECK_THAT(difference, Catch::Contains("Clerk::Done"));
}

TEST_CASE("in a run of many events a digit of its reference stands for several", "[testing]") {
  const toy::WorkingFolder here;
  const RunOptions options{.parameters = {{"customers", "5000"}}, .arrivals = {}};
  toy::write_file("day.txt", sim::testing::reference_text(toy::shop(), "day", options));
  CHECK(toy::read_file("day.txt").size() < 6000);
  CHECK(compare_with_reference("day.txt", toy::shop(), "day", options) == "");
  const RunOptions other{.seed = 2, .parameters = options.parameters, .arrivals = {}};
  CHECK_THAT(compare_with_reference("day.txt", toy::shop(), "day", other),
             Catch::Contains("the first event that differs is one of numbers 1 to 4; now:"));
}

TEST_CASE("run_scenario refuses what a command line would be refused for", "[testing]") {
  const auto run_with = [](const std::string& name, const std::string& value) {
    return run_scenario(toy::shop(), "day", with_parameter(name, value));
  };
  CHECK_THROWS_WITH(run_scenario(toy::shop(), "dya"), "unknown scenario dya; did you mean day?");
  CHECK_THROWS_WITH(run_with("costumers", "5"), "unknown parameter costumers; did you mean customers?");
  CHECK_THROWS_WITH(run_with("customers", "0"), "customers = 0: expected a whole number from 1 to 1000000 (customers)");
  CHECK_THROWS_WITH(run_with("seed", "5"), Catch::StartsWith("unknown parameter seed"));
  CHECK_THROWS_AS(run_with("customers", "nan"), std::invalid_argument);
  RunOptions contradiction;
  contradiction.parameters = {{"music", "on"}, {"discount", "0.6"}};
  CHECK_THROWS_WITH(run_scenario(toy::shop(), "day", contradiction), "music = on: expected a discount of at most 0.5");
}

TEST_CASE("run_scenario throws the failure of a model with its place", "[testing]") {
  CHECK_THROWS_AS(run_scenario(toy::shop(), "broken", with_parameter("service.time", "4s")),
                  sim::harness::ScenarioFailure);
  CHECK_THROWS_WITH(run_scenario(toy::shop(), "question", two_customers),
                    Catch::Contains("every question of the day was answered"));
}

TEST_CASE("trace_scenario gives the first events as text", "[testing]") {
  const std::string headline =
      "# scenario day · simulation main · seed 1 · replication 0\n"
      "# virtual time (s)  actor                    message                      sender\n";
  CHECK(trace_scenario(toy::shop(), "day", 3, two_customers) ==
        headline +
            "      0.000000000  street                   Start                        -\n"
            "      0.000000000  street                   Wake                         street\n"
            "      2.000000000  street                   Wake                         street\n");
  CHECK(trace_scenario(toy::shop(), "day", 2, two_customers, "clerk") ==
        headline +
            "      2.000000000  clerk                    Customer                     street\n"
            "      4.000000000  clerk                    Customer                     street\n");
  CHECK(trace_scenario(toy::shop(), "day", 0, two_customers).empty());
}

TEST_CASE("check_targets tells which targets are not met and why", "[testing]") {
  const auto result = run_scenario(toy::shop(), "day", two_customers);
  const auto met = check_targets(result, header + "toy_shop,day,served,count,==,2,,,\n");
  CHECK(met.all_met());
  CHECK(met.failures().empty());

  const auto report = check_targets(result, header +
                                                "toy_shop,day,served,count,==,2,,,\n"
                                                "toy_shop,day,time_in_shop_mean,s,<,3,4,,\n"
                                                "toy_shop,day,time_in_shop_mean,s,>,3.5,,,\n"
                                                "toy_shop,two_days,days,count,==,5,,,\n");
  CHECK_FALSE(report.all_met());
  CHECK(report.targets.size() == 3);
  CHECK(report.failures() ==
        "day time_in_shop_mean: 3.5 s is degraded, expected < 3 (targets:3)\n"
        "day time_in_shop_mean: 3.5 s is missed, expected > 3.5 (targets:4)\n");
}

TEST_CASE("check_targets without a target for the scenario is not a pass", "[testing]") {
  const auto result = run_scenario(toy::shop(), "day", two_customers);
  for (const auto& table : {header, header + "toy_shop,two_days,days,count,==,2,,,\n"}) {
    CHECK_FALSE(check_targets(result, table).all_met());
    CHECK(check_targets(result, table).failures() == "no targets\n");
  }
}

TEST_CASE("check_targets refuses a malformed table and a metric that the result does not have", "[testing]") {
  const auto result = run_scenario(toy::shop(), "day", two_customers);
  CHECK_THROWS_WITH(check_targets(result, header + "toy_shop,day,severd,count,==,2,,,\n"),
                    "targets:2: scenario day reports no metric severd; did you mean served?");
  CHECK_THROWS_WITH(check_targets(result, header + "toy_shop,day,served,count,is,2,,,\n"),
                    "targets:2: column 5 (op): is: expected <, <=, >, >= or ==");
  const toy::WorkingFolder here;
  CHECK_THROWS_WITH(check_targets(result, std::filesystem::path("t.csv")),
                    "t.csv: cannot be read: No such file or directory");
  toy::write_file("t.csv", header + "toy_shop,day,served,count,==,2,,,\n");
  CHECK(check_targets(result, std::filesystem::path("t.csv")).all_met());
}

TEST_CASE("a text equal to its golden file passes", "[testing]") {
  const UpdateVariable unset(nullptr);
  const toy::WorkingFolder here;
  toy::write_file("golden.txt", "one\ntwo\n");
  CHECK(compare_with_golden("golden.txt", "one\ntwo\n").empty());
  toy::write_file("golden.txt", "");
  CHECK(compare_with_golden("golden.txt", "").empty());
}

TEST_CASE("a text that differs from its golden file fails with the first differing line of both", "[testing]") {
  const UpdateVariable unset(nullptr);
  const toy::WorkingFolder here;
  toy::write_file("golden.txt", "one\ntwo\nthree\n");
  const auto difference = [](const std::string& line, const std::string& golden, const std::string& now) {
    return "golden.txt:" + line + ": the text differs from the golden file\n  golden: " + golden +
           "\n  now:    " + now + "\nLIBSIM_UPDATE_GOLDEN=1 accepts it\n";
  };
  CHECK(compare_with_golden("golden.txt", "one\nTWO\nthree\n") == difference("2", "two", "TWO"));
  CHECK(compare_with_golden("golden.txt", "one\ntwo\n") == difference("3", "three", "(end of text)"));
  CHECK(compare_with_golden("golden.txt", "one\ntwo\nthree\nfour\n") == difference("4", "(end of text)", "four"));
  CHECK(compare_with_golden("golden.txt", "") == difference("1", "one", "(end of text)"));
  CHECK(compare_with_golden("golden.txt", "one\ntwo\nthree") == difference("3", "three", "three (without a line end)"));
  CHECK(compare_with_golden("golden.txt", "one\ntwo\r\nthree\n") == difference("2", "two", "two\\r"));
  const std::string long_line(10'000, 'x');
  const std::string beginning = long_line.substr(0, 500);
  CHECK(compare_with_golden("golden.txt", long_line + "\n") == difference("1", "one", beginning + "… (10000 bytes)"));
}

TEST_CASE("a missing golden file fails and says how to write it", "[testing]") {
  const UpdateVariable unset(nullptr);
  const toy::WorkingFolder here;
  CHECK(compare_with_golden("golden.txt", "one\n") ==
        "golden.txt: there is no such golden file; LIBSIM_UPDATE_GOLDEN=1 writes it\n");
  CHECK(toy::files_here().empty());
}

TEST_CASE("LIBSIM_UPDATE_GOLDEN=1 writes golden files with their folders, any other value does not", "[testing]") {
  const toy::WorkingFolder here;
  {
    const UpdateVariable other("0");
    CHECK_FALSE(compare_with_golden("new/golden.txt", "one\n").empty());
    CHECK(toy::files_here().empty());
  }
  {
    const UpdateVariable update("1");
    CHECK(compare_with_golden("new/golden.txt", "one\n").empty());
    CHECK(toy::read_file("new/golden.txt") == "one\n");
    toy::write_file("plain", "");
    CHECK(compare_with_golden("plain/golden.txt", "one\n") == "plain/golden.txt: cannot be written\n");
  }
  const UpdateVariable unset(nullptr);
  CHECK(compare_with_golden("new/golden.txt", "one\n").empty());
}

TEST_CASE("the trace of a scenario is its own golden file", "[testing]") {
  const UpdateVariable unset(nullptr);
  const toy::WorkingFolder here;
  const std::string trace = trace_scenario(toy::shop(), "day", 100, two_customers);
  toy::write_file("day.txt", trace);
  CHECK(compare_with_golden("day.txt", trace_scenario(toy::shop(), "day", 100, two_customers)).empty());
  RunOptions slower = two_customers;
  slower.parameters.back().second = "4s";
  // Lines 1 and 2 are the headline; the eighth event would be the second Done, the seventh the first one at 5 s.
  CHECK_THAT(
      compare_with_golden("day.txt", trace_scenario(toy::shop(), "day", 100, slower)),
      Catch::StartsWith("day.txt:9: the text differs from the golden file\n"
                        "  golden:       5.000000000  clerk                    Clerk::Done                  clerk\n"
                        "  now:          6.000000000  clerk                    Clerk::Done                  clerk\n"));
}
