#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libsim/harness/cli/build_info.hpp"
#include "libsim/text/text_table.hpp"
#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_shop.hpp"

using Arguments = std::vector<std::string>;
using nlohmann::json;
using sim::harness::Environment;
using sim::harness::ScenarioRun;

namespace {

const char escape = '\x1b';

const Arguments parameter_names{"customers", "arrival.time_between", "service.time", "opening.delay", "discount",
                                "music",     "discipline",           "motto"};

std::string output_of(const Arguments& arguments,
                      const Environment& environment = {.program = "toy", .executable = {}}) {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::shop(), arguments, environment);
  CHECK(call.err.empty());
  return call.out;
}

struct Nothing {};

/// Reports the number of its replication, and another metric in some of them only.
sim::harness::Experiment counting() {
  const auto count = [](ScenarioRun& run, const Nothing&) {
    run.report("replication", "count", run.replication(), 10);
    run.report("unmeasured_once", "s", run.replication() == 1 ? std::numeric_limits<double>::quiet_NaN() : 1.0, 1);
    run.warn("a note of the scenario");
  };
  return sim::harness::Definition<Nothing>{.name = "counting",
                                           .summary = "",
                                           .describe = {},
                                           .scenarios = {{"count", "", count}},
                                           .targets_csv =
                                               "experiment,scenario,metric,unit,op,target,critical,source,definition\n"
                                               "counting,count,replication,count,<=,2,,,\n"};
}

/// Some containers have no pseudo-terminals.
bool terminals_exist() { return ::access("/dev/ptmx", R_OK | W_OK) == 0; }

/// What a program writes to a terminal of its own.
std::string written_to_terminal(const std::string& command) {
  const toy::WorkingFolder here;
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(terminal >= 0);
  REQUIRE(::grantpt(terminal) == 0);
  REQUIRE(::unlockpt(terminal) == 0);
  const std::string name = ::ptsname(terminal);
  const int other_end = ::open(name.c_str(), O_RDWR | O_NOCTTY);
  static_cast<void>(toy::call_shell(command + " >" + name));
  // What was written arrives in pieces; when nobody has the other end any more, the last piece is followed by an error.
  ::close(other_end);
  std::string written;
  std::array<char, 4096> bytes{};
  for (ssize_t count = 0; (count = ::read(terminal, bytes.data(), bytes.size())) > 0;) {
    written.append(bytes.data(), static_cast<std::size_t>(count));
  }
  ::close(terminal);
  REQUIRE_FALSE(written.empty());
  return written;
}

bool has_colours(const std::string& text) { return text.find(escape) != std::string::npos; }

}  // namespace

TEST_CASE("the flag --format json prints one document with parameters, metrics, targets and verdicts", "[output]") {
  const auto report =
      json::parse(output_of({"--scenario", "day", "--customers", "5", "--seed", "7", "--format", "json"}));
  CHECK(report.at("experiment") == "toy_shop");
  CHECK(report.at("version") == std::string(sim::harness::version()));
  CHECK(report.at("seed") == 7);
  CHECK(report.at("replications") == 1);
  CHECK(report.at("parameters").size() == parameter_names.size());
  CHECK(report.at("parameters").at("customers") == "5");
  CHECK(report.at("verdicts") == json{{"met", 0}, {"degraded", 1}, {"missed", 2}});
  REQUIRE(report.at("scenarios").size() == 1);
  const auto& day = report.at("scenarios").at(0);
  CHECK(day.at("scenario") == "day");
  CHECK(day.at("events") == 17);
  CHECK(day.at("warnings").empty());
  CHECK(day.at("metrics").at(0) ==
        json{{"metric", "served"},
             {"unit", "count"},
             {"value", 5.0},
             {"half_width", nullptr},
             {"samples", 5},
             {"targets", {{{"op", "=="}, {"target", 100.0}, {"critical", nullptr}, {"verdict", "missed"}}}}});
}

TEST_CASE("the flag --format csv prints a row per metric, with the parameters in the last columns", "[output]") {
  const auto rows =
      toy::parse_csv(output_of({"--scenario", "day", "--customers", "5", "--motto", "a, \"b\"", "--format", "csv"}));
  REQUIRE(rows.size() == 4);
  Arguments header{"experiment", "scenario",   "seed",    "replications", "fingerprint", "metric",   "unit",
                   "value",      "half_width", "samples", "op",           "target",      "critical", "verdict"};
  header.insert(header.end(), parameter_names.begin(), parameter_names.end());
  CHECK(rows[0] == header);
  for (const auto& row : rows) {
    CHECK(row.size() == header.size());
  }
  Arguments served = rows[1];
  CHECK(served.at(4).size() == 16);
  served.at(4) = "fingerprint";
  CHECK(served == Arguments{"toy_shop",
                            "day",
                            "1",
                            "1",
                            "fingerprint",
                            "served",
                            "count",
                            "5",
                            "",
                            "5",
                            "==",
                            "100",
                            "",
                            "missed",
                            "5",
                            "exponential(1s)",
                            "exponential(500ms)",
                            "0s",
                            "0.1",
                            "off",
                            "first_come",
                            "a, \"b\""});
}

TEST_CASE("a metric without anything to measure is null in JSON and empty in CSV", "[output]") {
  const auto report = json::parse(output_of({"--scenario", "nobody", "--format", "json"}));
  CHECK(report.at("scenarios").at(0).at("metrics").at(0).at("value").is_null());
  CHECK(toy::parse_csv(output_of({"--scenario", "nobody", "--format", "csv"})).at(1).at(7).empty());
}

TEST_CASE("several replications give means with the half-width of a 95 % Student t interval", "[output]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(counting(), {"--replications", "5", "--format", "json"});
  // The interval 2 ± 1.96 holds the target 2, so the mean alone, which meets it, does not decide.
  CHECK(call.status == 4);
  const auto metric = json::parse(call.out).at("scenarios").at(0).at("metrics").at(0);
  // Values 0 1 2 3 4: mean 2, variance 2.5, standard error 1/√2, and the t quantile for 4 degrees is 2.776445.
  CHECK(metric.at("value") == 2.0);
  CHECK(metric.at("half_width").get<double>() == Approx(2.776445 / 1.4142135624).epsilon(1e-6));
  CHECK(metric.at("samples") == 50);
  CHECK(metric.at("targets").at(0).at("verdict") == "inconclusive");
}

TEST_CASE("a metric that one replication could not measure has no mean", "[output]") {
  const toy::WorkingFolder here;
  const auto value_with = [](const std::string& replications) {
    const toy::Call call = toy::call(counting(), {"--replications", replications, "--format", "json"});
    return json::parse(call.out).at("scenarios").at(0).at("metrics").at(1).at("value");
  };
  CHECK(value_with("1") == 1.0);
  CHECK(value_with("3").is_null());
}

TEST_CASE("replications draw anew and the first is the run without replications", "[output]") {
  const auto value_of = [](const std::string& replications) {
    return json::parse(output_of({"--scenario", "day", "--format", "json", "--replications", replications}))
        .at("scenarios")
        .at(0);
  };
  const auto one = value_of("1");
  const auto two = value_of("2");
  CHECK(one.at("fingerprint") != two.at("fingerprint"));
  CHECK(two.at("metrics").at(0).at("half_width") == 0.0);
  CHECK(two.at("metrics").at(1).at("half_width") > 0.0);
  CHECK(two.at("metrics").at(1).at("samples") == 200);
}

TEST_CASE("a warning stands once, with the replications that gave it unless all did", "[output]") {
  using sim::harness::Replication;
  const auto warnings = [](const std::vector<std::vector<std::string>>& given) {
    std::vector<Replication> replications;
    for (const auto& texts : given) {
      replications.emplace_back().warnings = texts;
    }
    return sim::harness::combine("shop", "day", 1, replications).warnings;
  };
  using Texts = std::vector<std::string>;
  CHECK(warnings({{"a"}}) == Texts{"a"});
  CHECK(warnings({{"a"}, {"a", "b"}, {"a"}}) == Texts{"a", "replication 1: b"});
  CHECK(warnings({{"b"}, {"a"}, {"a", "a"}, {"b"}}) ==
        Texts{"replication 0 and 1 more: b", "replication 1 and 1 more: a"});
}

TEST_CASE("the flag --quiet prints nothing but what programs asked for", "[output]") {
  CHECK(output_of({"--scenario", "day", "--quiet"}).empty());
  CHECK(output_of({"--scenario", "day", "--quiet", "--format", "csv"}) ==
        output_of({"--scenario", "day", "--format", "csv"}));
}

TEST_CASE("colours are for terminals, and never with NO_COLOR", "[output]") {
  const auto with = [](bool terminal, bool no_color, const std::string& format) {
    return output_of({"--scenario", "day", "--format", format},
                     {.program = "toy", .executable = {}, .out_is_terminal = terminal, .no_color = no_color});
  };
  const std::string plain = with(false, false, "table");
  const std::string coloured = with(true, false, "table");
  CHECK_FALSE(has_colours(plain));
  CHECK_THAT(coloured, Catch::Contains("\x1b[32mmet\x1b[0m") && Catch::Contains("\x1b[33mdegraded\x1b[0m") &&
                           Catch::Contains("\x1b[31mmissed\x1b[0m"));
  CHECK(with(true, true, "table") == plain);
  CHECK_FALSE(has_colours(with(true, false, "csv")));
  CHECK_FALSE(has_colours(with(true, false, "json")));
}

TEST_CASE("a program knows by itself whether it writes to a terminal", "[output]") {
  const std::string command = std::string(TOY_SHOP_PROGRAM) + " --scenario day";
  if (terminals_exist()) {
    CHECK(has_colours(written_to_terminal("unset NO_COLOR; " + command)));
    CHECK(has_colours(written_to_terminal("NO_COLOR= " + command)));
    CHECK_FALSE(has_colours(written_to_terminal("NO_COLOR=1 " + command)));
  } else {
    WARN("no /dev/ptmx here: only the side without a terminal is tested");
  }
  const toy::WorkingFolder here;
  const toy::Call call = toy::call_shell("unset NO_COLOR; " + command);
  CHECK(call.status == 1);
  CHECK(call.err.empty());
  CHECK_FALSE(has_colours(call.out));
}

TEST_CASE("the flag --help names each scenario, flag and parameter with default, range and meaning", "[output]") {
  const std::string help = output_of({"--help"});
  CHECK_THAT(help, Catch::StartsWith("toy_shop: customers and one clerk\n\nusage: toy [flags] [--PARAMETER VALUE]..."));
  for (const auto& name : parameter_names) {
    CHECK_THAT(help, Catch::Contains("\n  --" + name + " "));
  }
  for (const auto* flag : {"scenario NAME|all", "seed N", "replications N", "config FILE.ini", "targets FILE.csv",
                           "arrivals FILE.csv", "faults FILE.csv", "strict", "out DIR", "format table|csv|json",
                           "log FILE", "log-filter ACTOR", "fingerprint names|payload", "quiet", "check-determinism",
                           "list-parameters", "list-scenarios", "help", "version"}) {
    CHECK_THAT(help, Catch::Contains("\n  --" + std::string(flag) + " "));
  }
  for (const auto& scenario : toy::shop().scenario_names()) {
    CHECK_THAT(help, Catch::Contains("\n  " + scenario + " "));
  }
  CHECK_THAT(help, Catch::Contains("  customers of a day (default 100 customers; 1 … 1000000)\n"));
  CHECK_THAT(help, Catch::Contains("seed of all random streams (default 1)\n"));
  CHECK_THAT(help, Catch::EndsWith("\n  4  inconclusive: too few replications to decide\n"));
  for (const auto& line : toy::lines_of(help)) {
    CAPTURE(line);
    CHECK(sim::width_of(line) <= 100);
  }
}

TEST_CASE("the flag --list-parameters tells all that the declarations say, for people and programs", "[output]") {
  const auto rows = toy::parse_csv(output_of({"--list-parameters", "--format", "csv"}));
  const auto list = json::parse(output_of({"--list-parameters", "--format", "json"}));
  const auto lines = toy::lines_of(output_of({"--list-parameters"}));
  REQUIRE(rows.size() == 1 + parameter_names.size());
  REQUIRE(list.size() == parameter_names.size());
  REQUIRE(lines.size() == 1 + parameter_names.size());
  CHECK(rows[0] == Arguments{"name", "kind", "default", "unit", "range", "meaning", "source"});
  for (std::size_t index = 0; index < parameter_names.size(); ++index) {
    CHECK(rows[index + 1].at(0) == parameter_names[index]);
    CHECK(list[index].at("name") == parameter_names[index]);
    CHECK_THAT(lines[index + 1], Catch::StartsWith(parameter_names[index] + " "));
    for (std::size_t column = 0; column < rows[0].size(); ++column) {
      CHECK(list[index].at(rows[0][column]) == rows[index + 1].at(column));
    }
  }
  CHECK(rows[1] ==
        Arguments{"customers", "integer", "100", "customers", "1 … 1000000", "customers of a day", "a small town"});
  CHECK(rows[6] ==
        Arguments{"music", "switch", "off", "", "on, off", "whether music plays", "the clerk likes silence"});
}

TEST_CASE("the flag --list-scenarios and --version say what there is", "[output]") {
  CHECK(output_of({"--list-scenarios"}) ==
        "scenario  summary\n"
        "day       one day\n"
        "two_days  the same day twice\n"
        "question  a question without an answer\n"
        "broken    a bug that shows in some runs\n"
        "nobody    a day without customers\n");
  CHECK(toy::parse_csv(output_of({"--list-scenarios", "--format", "csv"})).at(2) ==
        Arguments{"two_days", "the same day twice"});
  CHECK(json::parse(output_of({"--list-scenarios", "--format", "json"})).at(4).at("scenario") == "nobody");
  CHECK(output_of({"--version"}) ==
        "toy_shop (libsim " + std::string(sim::harness::version()) + ", " + sim::harness::compiler() + ")\n");
}
