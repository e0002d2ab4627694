#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <functional>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "libsim/testing.hpp"
#include "models/queueing/experiment.hpp"
#include "models/queueing/matching_formula.hpp"
#include "models/queueing/theory_table.hpp"
#include "tests/models/scenario_runs.hpp"

using namespace sim;
using models::queueing::Config;
using models::queueing::theory_of_station;
using models::queueing::theory_table;
using sim::testing::Parameters;

namespace {

Config config_of(const Parameters& flags) {
  Config config;
  harness::Parameters parameters;
  models::queueing::describe(parameters, config);
  harness::SampleFiles files;
  for (const auto& [name, value] : flags) {
    harness::Parameter* parameter = parameters.find(name);
    REQUIRE(parameter != nullptr);
    REQUIRE(parameter->set(value, files));
  }
  REQUIRE(models::queueing::read_files(config, files));
  return config;
}

std::string formula_of(const Parameters& flags) {
  const auto theory = theory_of_station(config_of(flags));
  return theory.formula.empty() ? "none: " + theory.reason : theory.formula;
}

harness::ScenarioResult run_many(const std::string& scenario, const Parameters& flags, std::uint32_t replications) {
  return sim::testing::run_scenario(models::queueing::experiment(), scenario,
                                    {.seed = 1, .replications = replications, .parameters = flags, .arrivals = {}});
}

/// Each metric that has a theory lies within four standard errors of it, or is exact.
void check_theory(const std::string& scenario, const Parameters& flags, std::size_t metrics_min) {
  const auto result = run_many(scenario, flags, 20);
  std::size_t compared = 0;
  for (const harness::Estimate& theory : result.metrics) {
    if (!theory.metric.ends_with("_theory")) {
      continue;
    }
    const harness::Estimate* estimate = result.find(theory.metric.substr(0, theory.metric.size() - 7));
    REQUIRE(estimate != nullptr);
    const auto z = models::queueing::z_score_of(*estimate, theory.mean);
    INFO(fmt::format("{} {}: {} instead of {}, z = {}", scenario, fmt::join(flags.front().second, ""), estimate->mean,
                     theory.mean, z.value_or(0)));
    INFO(estimate->metric);
    CHECK((z ? std::abs(*z) < 4 : estimate->mean == Approx(theory.mean)));
    ++compared;
  }
  CHECK(compared >= metrics_min);
}

}  // namespace

TEST_CASE("laws, servers, room, order and patience decide which formula applies", "[queueing]") {
  const auto has = [](const Parameters& flags, const std::string& words) {
    const std::string formula = formula_of(flags);
    INFO(formula);
    CHECK(formula.find(words) != std::string::npos);
  };
  has({}, "M/M/1");
  has({{"servers", "2"}}, "Erlang C");
  has({{"service", "1s"}}, "M/D/1");
  has({{"service", "uniform(0s, 2s)"}}, "Pollaczek");
  has({{"arrival", "1.25s"}}, "G/M/1");
  has({{"capacity", "4"}}, "M/M/c/K");
  has({{"capacity", "1"}, {"service", "1s"}}, "Erlang B (any service law)");
  has({{"patience", "exponential(1s)"}}, "Erlang A");
  has({{"patience", "1s"}}, "M/M/c+D");
  has({{"patience", "exponential(1s)"}, {"capacity", "4"}}, "Erlang A");
  has({{"discipline", "ps"}}, "processor sharing");
  has({{"discipline", "srpt"}}, "remaining");
  has({{"discipline", "sjf"}}, "shortest job first");
  has({{"discipline", "priority"}}, "Cobham");
  has({{"discipline", "priority"}, {"priority.preemptive", "on"}}, "preemptive");
  has({{"discipline", "lifo"}}, "M/M/1");
  has({{"sources", "4"}}, "repair");
  has({{"arrival", "exponential(1s)"}}, "none: ");
  has({{"arrival", "1.25s"}, {"service", "1s"}}, "none: arrivals that are not Poisson");
  has({{"arrival", "1.25s"}, {"discipline", "sjf"}}, "none: arrivals that are not Poisson");
  has({{"service", "1s"}, {"servers", "2"}}, "none: several servers");
  has({{"service", "1s"}, {"capacity", "4"}}, "none: room for a line");
  has({{"patience", "uniform(0s, 1s)"}}, "none: patience");
  has({{"patience", "1s"}, {"service", "1s"}}, "none: patience");
  has({{"patience", "1s"}, {"discipline", "lifo"}}, "none: patience");
  has({{"discipline", "srpt"}, {"servers", "2"}}, "none: disciplines by size");
  has({{"discipline", "priority"}, {"capacity", "9"}}, "none: priorities");
  has({{"discipline", "priority"}, {"servers", "2"}, {"priority.services", "1s; 2s"}}, "none: priorities");
  has({{"sources", "4"}, {"service", "1s"}}, "none: a finite source");
  has({{"sources", "4"}, {"capacity", "2"}}, "none: a finite source");
  has({{"sources", "4"}, {"discipline", "srpt"}}, "none: a finite source");
}

TEST_CASE("every number of every formula is met by the simulation", "[queueing][slow]") {
  const std::string jobs = "20000";
  check_theory("station", {{"measured_jobs", jobs}}, 13);
  check_theory("station", {{"discipline", "lifo"}, {"measured_jobs", jobs}}, 7);
  check_theory("station", {{"discipline", "siro"}, {"service", "uniform(0s, 2s)"}, {"measured_jobs", jobs}}, 6);
  check_theory("station", {{"discipline", "sjf"}, {"service", "lognormal(mean=1s, cv=1.5)"}, {"measured_jobs", jobs}},
               4);
  check_theory("station",
               {{"discipline", "srpt"}, {"service", "pareto(shape=2.5, minimum=600ms)"}, {"measured_jobs", jobs}}, 4);
  check_theory("station", {{"discipline", "srpt"}, {"measured_jobs", jobs}}, 4);
  check_theory("station",
               {{"discipline", "ps"}, {"servers", "2"}, {"service", "uniform(0s, 3s)"}, {"measured_jobs", jobs}}, 4);
  check_theory("station", {{"discipline", "ps"}, {"capacity", "4"}, {"service", "1s"}, {"measured_jobs", jobs}}, 5);
  check_theory("station",
               {{"discipline", "priority"},
                {"servers", "2"},
                {"arrival", "exponential(700ms)"},
                {"priority.preemptive", "on"},
                {"measured_jobs", jobs}},
               8);
  check_theory("station",
               {{"discipline", "priority"}, {"priority.services", "500ms; exponential(1s)"}, {"measured_jobs", jobs}},
               8);
  check_theory("station",
               {{"capacity", "6"}, {"patience", "exponential(3s)"}, {"servers", "2"}, {"measured_jobs", jobs}}, 8);
  check_theory("station", {{"patience", "2s"}, {"measured_jobs", jobs}}, 6);
  check_theory("station", {{"capacity", "3"}, {"servers", "2"}, {"measured_jobs", jobs}}, 10);
  check_theory("station", {{"sources", "6"}, {"think_time", "uniform(0s, 8s)"}, {"measured_jobs", jobs}}, 6);
  check_theory("station", {{"arrival", "gamma(shape=0.5, mean=1.5s)"}, {"measured_jobs", jobs}}, 10);
  check_theory("network", {{"measured_jobs", jobs}}, 12);
  check_theory("closed", {{"measured_jobs", "5000"}}, 12);
}

TEST_CASE("the table of theory shows each metric with its interval and z-score", "[queueing]") {
  harness::ScenarioResult result;
  result.scenario = "station";
  result.replications = 5;
  result.metrics = {{.metric = "wait_mean",
                     .unit = "s",
                     .mean = 4.5,
                     .half_width = 0.7,
                     .samples = 9,
                     .replications = 5,
                     .standard_error = 0.7 / 2.7764}};
  // 0.5 is 1.98 standard errors, whatever the confidence of the half-width.
  CHECK(theory_table(result, config_of({})) ==
        "theory: M/M/1\n"
        "  metric     simulated    ±  theory  unit      z\n"
        "  wait_mean        4.5  0.7       4  s     +1.98\n");
}

TEST_CASE("what does not vary is exact in the table of theory, or wrong without a z-score", "[queueing]") {
  harness::ScenarioResult result;
  result.scenario = "station";
  result.replications = 5;
  result.metrics = {{.metric = "wait_p50", .unit = "s", .mean = 0, .half_width = 0, .samples = 9, .replications = 5}};
  const Config many = config_of({{"servers", "10"}});
  CHECK(theory_table(result, many).find("wait_p50          0  0       0  s     exact") != std::string::npos);
  result.metrics.front().mean = 1;
  CHECK(theory_table(result, many).ends_with("wait_p50          1  0       0  s     wrong\n"));
}

TEST_CASE("without a formula the table says why, and one replication has no z-scores", "[queueing]") {
  const Parameters no_formula{{"service", "1s"}, {"servers", "2"}, {"measured_jobs", "1000"}};
  CHECK(theory_table(run_many("station", no_formula, 1), config_of(no_formula))
            .starts_with("theory: none applies: several servers have an exact formula only with exponential services"));
  const Parameters few{{"measured_jobs", "1000"}};
  const std::string table = theory_table(run_many("station", few, 1), config_of(few));
  CHECK(table.find("--replications 20") != std::string::npos);
  CHECK(theory_table(run_many("station", few, 2), config_of(few)).find("--replications 20") == std::string::npos);
}

TEST_CASE("networks have their table of theory, too", "[queueing]") {
  const Parameters few{{"measured_jobs", "1000"}};
  const std::function<std::string(const harness::ScenarioResult&, const Config&)> closing = theory_table;
  const std::string open = closing(run_many("network", few, 2), config_of(few));
  CHECK(open.starts_with("theory: stations in a row (Burke, Reich)\n"));
  CHECK(open.find("\n  archive_sojourn_mean ") != std::string::npos);
  const std::string closed = closing(run_many("closed", few, 2), config_of(few));
  CHECK(closed.starts_with("theory: mean value analysis\n"));
  CHECK(closed.find("\n  disk_2_utilisation ") != std::string::npos);
}

TEST_CASE("the table of a published trace says whether it agrees", "[queueing]") {
  const std::string banks = theory_table(run_many("trace", {}, 1), config_of({}));
  CHECK(banks.starts_with("published: Banks"));
  CHECK(banks.find("  no") == std::string::npos);
  const Parameters law{{"trace.example", "single_server"}};
  CHECK(theory_table(run_many("trace", law, 1), config_of(law)).find("  no") == std::string::npos);
  const Parameters faster{{"trace.example", "single_server"}, {"servers", "2"}};
  CHECK(theory_table(run_many("trace", faster, 1), config_of(faster)).find("  no") != std::string::npos);
}

TEST_CASE("networks have a formula when their stations allow it", "[queueing]") {
  using models::queueing::parse_network;
  using models::queueing::theory_of_closed;
  using models::queueing::theory_of_network;
  const std::string header = "station,servers,discipline,service,arrival,next\n";
  const auto open = [&](const std::string& rows) {
    return theory_of_network(parse_network("n", header + rows).value());
  };
  const auto closed = [&](const std::string& rows) {
    return theory_of_closed(parse_network("n", header + rows).value(), Config{});
  };
  CHECK(open("a,1,fifo,exponential(1s),exponential(2s),\n").formula == "stations in a row (Burke, Reich)");
  CHECK(open("a,2,fifo,exponential(1s),exponential(2s),a 0.5\n").formula == "open Jackson network");
  CHECK(open("a,1,ps,\"uniform(0s, 2s)\",exponential(2s),\n").value("sojourn_mean") == Approx(2.0));
  CHECK(open("a,1,fifo,1s,exponential(2s),\n").reason ==
        "station a: only exponential services, or one shared server, have a formula");
  CHECK(open("a,1,fifo,exponential(1s),2s,\n").reason == "station a: only Poisson arrivals have a formula");
  CHECK(open("a,1,fifo,exponential(1s),exponential(500ms),\n").formula.empty());
  CHECK(closed("a,2,fifo,exponential(1s),,\n").reason == "station a: mean value analysis takes one server per station");
}

TEST_CASE("the page of queueing shows the table of theory as it is", "[queueing][docs]") {
  std::ifstream page(LIBSIM_TEST_DATA "/../docs/models/queueing.md");
  const std::string text{std::istreambuf_iterator<char>(page), {}};
  std::istringstream lines(theory_table(run_many("station", {}, 20), config_of({})));
  for (std::string line; std::getline(lines, line);) {
    CHECK_THAT(text, Catch::Contains("    " + line + "\n"));
  }
}
