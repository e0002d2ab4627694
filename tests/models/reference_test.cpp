#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <string>

#include "libsim/testing.hpp"
#include "models/experiments.hpp"

using namespace sim;

namespace {

const std::filesystem::path reference = std::filesystem::path(LIBSIM_TEST_DATA).parent_path() / "results" / "reference";

}  // namespace

TEST_CASE("every scenario of every experiment runs as its reference says", "[reference]") {
  for (const auto& experiment : models::experiments()) {
    for (const auto& scenario : experiment.scenario_names()) {
      CHECK(sim::testing::compare_with_reference(reference / experiment.name() / (scenario + ".txt"), experiment,
                                                 scenario) == "");
    }
  }
}

TEST_CASE("no reference is left of a scenario that is no more", "[reference]") {
  std::set<std::string> expected;
  for (const auto& experiment : models::experiments()) {
    for (const auto& scenario : experiment.scenario_names()) {
      expected.insert(experiment.name() + "/" + scenario + ".txt");
    }
  }
  std::set<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(reference)) {
    if (entry.path().extension() == ".txt") {
      found.insert(std::filesystem::relative(entry.path(), reference).string());
    }
  }
  CHECK(found == expected);
}
