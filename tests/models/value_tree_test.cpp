#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "libsim/testing.hpp"
#include "models/value_tree/experiment.hpp"
#include "tests/models/documented_parameters.hpp"
#include "tests/models/scenario_runs.hpp"

using namespace sim;
using sim::testing::Parameters;

namespace {

const std::vector<std::string> scenarios = {"small", "medium", "large"};

constexpr sim::testing::RunsOf run{models::value_tree::experiment};

double mean_of(const std::string& scenario, const std::string& metric, const Parameters& parameters) {
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    sum += run(scenario, parameters, seed).value(metric);
  }
  return sum / 10;
}

}  // namespace

TEST_CASE("the same seed gives the same calculations, another seed others", "[value_tree]") {
  for (const std::string& scenario : scenarios) {
    INFO(scenario);
    const auto first = run(scenario);
    CHECK(first == run(scenario));
    const auto other = run(scenario, {}, 2);
    CHECK(first.value("calculation_time") != other.value("calculation_time"));
    CHECK(first.value("total_value") != other.value("total_value"));
  }
}

TEST_CASE("the trees have the sizes of the guide, and each question is answered or has timed out", "[value_tree]") {
  CHECK(run("small").value("nodes") == 40);
  CHECK(run("medium").value("nodes") == 341);
  CHECK(run("large").value("nodes") == 3906);
  for (const std::string& scenario : scenarios) {
    const auto result = run(scenario);
    CHECK(result.value("questions") == 16);  // one about a branch, three rounds of five
    CHECK(result.value("questions_answered") == 16);
  }
  const auto impatient = run("large", {{"client.timeout", "200ms"}});
  CHECK(impatient.value("questions_timed_out") == 15);  // a branch takes less, the whole tree more
  CHECK(impatient.value("calculation_time") == 200);
}

TEST_CASE("each question visits all nodes unless there is a memo", "[value_tree]") {
  const auto plain = run("medium");
  CHECK(plain.value("nodes_visited") == 15 * 341 + 85);
  CHECK(plain.value("branches_remembered") == 0);
  const auto remembering = run("medium", {{"memo", "on"}});
  // the branch, then for each of four kinds of fold the rest; repeated: none; changed: at most the way to the root
  CHECK(remembering.value("nodes_visited") >= 4 * 341 + 4);
  CHECK(remembering.value("nodes_visited") <= 4 * 341 + 4 * 5);
}

TEST_CASE("no switch changes a result", "[value_tree]") {
  const std::vector<Parameters> switches = {{{"memo", "on"}},
                                            {{"lazy_loading", "on"}},
                                            {{"parallel", "on"}},
                                            {{"memo", "on"}, {"memo.entries_max", "20"}},
                                            {{"memo", "on"}, {"lazy_loading", "on"}, {"parallel", "on"}}};
  for (const std::string& scenario : scenarios) {
    const auto plain = run(scenario);
    for (const Parameters& parameters : switches) {
      const auto switched = run(scenario, parameters);
      for (const char* metric :
           {"total_value", "weighted_value", "critical_path_value", "revenue_value", "roi", "questions_answered"}) {
        INFO(scenario << " " << metric);
        CHECK(switched.value(metric) == plain.value(metric));
      }
    }
  }
}

TEST_CASE("each optimisation of the calculation helps where it should", "[value_tree]") {
  struct Optimisation {
    std::string parameter;
    std::string metric;
    double at_most;  ///< of the time without it
  };
  const std::vector<Optimisation> optimisations = {{"memo", "repeated_calculation_time", 0.1},
                                                   {"memo", "recalculation_time", 0.1},
                                                   {"parallel", "calculation_time", 0.6},
                                                   {"lazy_loading", "opening_time", 0.5},
                                                   {"lazy_loading", "first_branch_time", 1.0}};
  for (const Optimisation& optimisation : optimisations) {
    INFO(optimisation.parameter << " " << optimisation.metric);
    const double on = mean_of("large", optimisation.metric, {{optimisation.parameter, "on"}});
    const double off = mean_of("large", optimisation.metric, {{optimisation.parameter, "off"}});
    CHECK(on < optimisation.at_most * off);
  }
}

TEST_CASE("lazy loading moves the reading from the opening to the first question about the whole tree",
          "[value_tree]") {
  const Parameters lazy = {{"lazy_loading", "on"}};
  CHECK(mean_of("large", "calculation_time", lazy) > mean_of("large", "calculation_time", {}));
  CHECK(run("large", lazy).value("nodes_read") == 3906);
  CHECK(run("large").value("nodes_read") == 3906);
}

TEST_CASE("with one worker branches in parallel only cost, with five each has its own", "[value_tree]") {
  const double plain = mean_of("large", "calculation_time", {});
  CHECK(mean_of("large", "calculation_time", {{"parallel", "on"}, {"parallel.workers", "1"}}) > 0.98 * plain);
  const double four = mean_of("large", "calculation_time", {{"parallel", "on"}});
  const double five = mean_of("large", "calculation_time", {{"parallel", "on"}, {"parallel.workers", "5"}});
  CHECK(five < 0.6 * four);  // with four one of them has two of the five branches
}

TEST_CASE("a memo that is too small or too short remembers nothing of use", "[value_tree]") {
  const double remembered = run("large", {{"memo", "on"}}).value("recalculation_time");
  CHECK(run("large", {{"memo", "on"}, {"memo.entries_max", "100"}}).value("recalculation_time") > 50 * remembered);
  CHECK(run("large", {{"memo", "on"}, {"memo.ttl", "10ms"}}).value("recalculation_time") > 50 * remembered);
}

TEST_CASE("a tree of one node can be calculated", "[value_tree]") {
  for (const char* parallel : {"on", "off"}) {
    const auto one = run("small", {{"small.levels", "1"}, {"parallel", parallel}});
    CHECK(one.value("nodes") == 1);
    CHECK(one.value("questions_answered") == 15);  // there is no branch to ask about
  }
}

TEST_CASE("the documentation of value_tree lists every parameter with its default", "[value_tree][docs]") {
  CHECK(sim::testing::undocumented_parameters(models::value_tree::experiment()) == std::vector<std::string>{});
}

TEST_CASE("a tree that is too large is refused by name", "[value_tree]") {
  REQUIRE_THROWS_WITH(run("small", {{"large.levels", "12"}}), Catch::Contains("--large.levels 12"));
}
