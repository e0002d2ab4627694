#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <string>

#include "libsim/harness/judge/target.hpp"
#include "libsim/harness/judge/verdict.hpp"
#include "libsim/testing.hpp"
#include "models/experiments.hpp"

using namespace sim;

TEST_CASE("every target of the table is evaluated by some scenario", "[slow][targets]") {
  InputFiles files;
  const auto table = harness::read_targets(
      files, std::filesystem::path(LIBSIM_TEST_DATA).parent_path() / "experiments" / "targets.csv");
  REQUIRE(table);
  std::set<std::string> known;
  std::size_t evaluated = 0;
  for (const auto& experiment : models::experiments()) {
    known.insert(experiment.name());
    for (const auto& scenario : experiment.scenario_names()) {
      const auto judged = harness::judge_targets(sim::testing::run_scenario(experiment, scenario),
                                                 table->of_experiment(experiment.name()));
      REQUIRE(judged);
      evaluated += judged->size();
    }
  }
  std::size_t expected = 0;
  for (const auto& target : table->rows) {
    expected += known.count(target.experiment);
  }
  CHECK(evaluated == expected);
  CHECK(expected == table->rows.size());
}
