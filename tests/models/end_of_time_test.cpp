#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/harness/run/scenario_failure.hpp"
#include "libsim/testing.hpp"
#include "models/experiments.hpp"
#include "models/queueing/experiment.hpp"
#include "models/resilience/experiment.hpp"
#include "tests/models/scenario_runs.hpp"

using namespace sim;
using sim::testing::Parameters;
using sim::testing::warns_of;

namespace {

constexpr sim::testing::RunsOf run_queueing{models::queueing::experiment};

/// Their draws, and sums and products of a few of them, reach the end of virtual time.
constexpr std::array<std::string_view, 6> far_laws = {"constant(106751d)",
                                                      "pareto(shape=0.5, minimum=1s)",
                                                      "exponential(100000d)",
                                                      "lognormal(p50=1s, p99=100000d)",
                                                      "weibull(shape=0.05, scale=1s)",
                                                      "mixture(0.9: constant(1ms), 0.1: constant(106751d))"};

bool is_time(std::string_view unit) { return unit == "s" || unit == "ms"; }

/// What is wrong with a result, or empty.
std::string flaw_of(const harness::ScenarioResult& result) {
  for (const auto& metric : result.metrics) {
    if (is_time(metric.unit) && metric.mean < 0.0) {
      return fmt::format("{} is {} {}", metric.metric, metric.mean, metric.unit);
    }
  }
  return warns_of(result, "Little's law is violated") ? "Little's law is violated" : "";
}

/// The same of a run, which may be refused.
std::string flaw_of_run(const harness::Experiment& experiment, const std::string& scenario,
                        const Parameters& parameters) {
  try {
    return flaw_of(testing::run_scenario(experiment, scenario, {.seed = 1, .parameters = parameters, .arrivals = {}}));
  } catch (const std::invalid_argument&) {
    return {};
  } catch (const harness::ScenarioFailure& failure) {
    return failure.is_refusal() ? "" : failure.what();
  }
}

std::string refusal(const std::string& scenario, const Parameters& parameters) {
  try {
    static_cast<void>(run_queueing(scenario, parameters));
  } catch (const harness::ScenarioFailure& failure) {
    return failure.kind() == harness::ScenarioFailure::Kind::end_of_time ? failure.what() : "a bug";
  }
  return "not refused";
}

}  // namespace

TEST_CASE("laws that reach the end of virtual time end in figures or in a refusal, in every experiment", "[end]") {
  // One parameter of four, with laws and scenarios in turn; all of them are in ./dev check --ranges.
  std::size_t turn = 0;
  auto experiments = models::experiments();
  experiments.push_back(models::queueing::experiment());
  for (const harness::Experiment& experiment : experiments) {
    const auto scenarios = experiment.scenario_names();
    const auto setup = experiment.set_up();
    for (const auto& parameter : setup->parameters().all()) {
      if (parameter->kind() != "distribution" || ++turn % 4 != 0) {
        continue;
      }
      const std::string law(far_laws.at(turn / 4 % far_laws.size()));
      const std::string& scenario = scenarios[turn / 4 % scenarios.size()];
      CAPTURE(experiment.name(), scenario, parameter->name(), law);
      CHECK(flaw_of_run(experiment, scenario, {{parameter->name(), law}}) == "");
    }
  }
}

TEST_CASE("a queueing run that is longer than virtual time is refused before it starts, with its length", "[end]") {
  // At most ten customers per 101 days: 50,000 after 5,000 of them are 555,500 days.
  CHECK(refusal("station", {{"sources", "10"}, {"think_time", "exponential(100d)"}, {"service", "exponential(1d)"}}) ==
        "scenario station passes the end of virtual time (292 years): --measured_jobs 50000 after --warm-up 5000, with "
        "--sources 10, --think_time exponential(100d) and --service exponential(1d), take 1521 years");
  CHECK(refusal("station", {{"arrival", "exponential(2d)"}, {"service", "exponential(12h)"}}) ==
        "scenario station passes the end of virtual time (292 years): --measured_jobs 50000 after --warm-up 5000, with "
        "--arrival exponential(2d), take 301.2 years");
  CHECK(refusal("closed", {{"closed.think_time", "exponential(100d)"}, {"warm-up", "auto"}}) ==
        "scenario closed passes the end of virtual time (292 years): --measured_jobs 50000 after --warm-up auto, with "
        "--closed.customers 10, --closed.think_time exponential(100d) and the services of --closed.network, take "
        "1369 years");
  CHECK(refusal("station", {{"warm-up", "106751d"}, {"measured_jobs", "100000"}}) ==
        "scenario station passes the end of virtual time (292 years): --measured_jobs 100000 after --warm-up 106751d, "
        "with --arrival exponential(1.25s), take 292.3 years");
}

TEST_CASE("a queueing run in days fits as long as it is within virtual time", "[end]") {
  // 2,200 arrivals, two days apart at the mean: twelve years, of which eleven are measured.
  const auto result = run_queueing(
      "station",
      {{"arrival", "exponential(2d)"}, {"service", "exponential(12h)"}, {"measured_jobs", "2000"}, {"warm-up", "200"}});
  CHECK(to_seconds(result.totals.virtual_time) == 2'200 * 2 * 86'400.0);
  CHECK(flaw_of(result) == "");
}

TEST_CASE("the times of all jobs may be longer than virtual time and keep Little's law", "[end]") {
  // 50,000 jobs that stay five days and more are 685 years and more: r-simmer #202, HELICS #824.
  CHECK(flaw_of(run_queueing(
            "station", {{"arrival", "exponential(4h)"}, {"service", "exponential(5d)"}, {"servers", "36"}})) == "");
  CHECK(flaw_of(run_queueing("station", {{"service", "pareto(shape=1.1, minimum=1000s)"},
                                         {"arrival", "exponential(20000s)"},
                                         {"measured_jobs", "200000"}})) == "");
}

TEST_CASE("a service time beyond the end of time gives no negative time", "[end]") {
  const auto result = sim::testing::RunsOf{models::resilience::experiment};
  CHECK_THROWS_AS(result("metastable", {{"metastable.service_time", "106751d"}}), harness::ScenarioFailure);
}
