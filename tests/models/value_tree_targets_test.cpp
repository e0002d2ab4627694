#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "libsim/harness/target.hpp"
#include "libsim/harness/verdict.hpp"
#include "libsim/testing.hpp"
#include "models/value_tree/experiment.hpp"

using namespace sim;
using harness::Verdict;
using sim::testing::run_scenario;

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

std::vector<harness::Target> targets() {
  const auto table =
      harness::read_targets(std::filesystem::path(LIBSIM_TEST_DATA) / ".." / "experiments" / "targets.csv");
  REQUIRE(table);
  return table->of_experiment("value_tree");
}

Verdict verdict(const harness::Target& target, const Parameters& parameters) {
  const auto result = run_scenario(models::value_tree::experiment(), target.scenario,
                                   {.seed = 1, .parameters = parameters, .arrivals = {}});
  return harness::judge(target, result.value(target.metric));
}

Parameters time_per_node(const char* times) { return {{"calculation.time_per_node", times}}; }

}  // namespace

TEST_CASE("with its defaults value_tree meets its three targets", "[value_tree][targets]") {
  REQUIRE(targets().size() == 3);
  for (const harness::Target& target : targets()) {
    INFO(target.scenario);
    CHECK(verdict(target, {}) == Verdict::met);
  }
}

TEST_CASE("with slower visits each target of value_tree is degraded, then missed", "[value_tree][targets]") {
  for (const harness::Target& target : targets()) {
    INFO(target.scenario);
    const bool is_small = target.scenario == "small";
    const char* slow = is_small ? "lognormal(p50=300us, p99=2ms)" : "lognormal(p50=120us, p99=760us)";
    const char* slower = is_small ? "lognormal(p50=1500us, p99=10ms)" : "lognormal(p50=300us, p99=2ms)";
    CHECK(verdict(target, time_per_node(slow)) == Verdict::degraded);
    CHECK(verdict(target, time_per_node(slower)) == Verdict::missed);
  }
}

TEST_CASE("a tree with one more level than planned misses its target, and four workers bring it back",
          "[value_tree][targets]") {
  for (const harness::Target& target : targets()) {
    INFO(target.scenario);
    if (target.scenario == "large") {
      CHECK(verdict(target, {{"large.levels", "7"}}) == Verdict::missed);
      CHECK(verdict(target, {{"large.levels", "7"}, {"parallel", "on"}, {"parallel.workers", "5"}}) == Verdict::met);
    }
  }
}
