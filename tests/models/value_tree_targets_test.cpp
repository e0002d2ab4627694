#include <catch2/catch.hpp>

#include "libsim/harness/judge/target.hpp"
#include "libsim/harness/judge/verdict.hpp"
#include "models/value_tree/experiment.hpp"
#include "tests/models/target_cases.hpp"

using namespace sim;
using namespace sim::testing::target_cases;
using harness::Verdict;
using models::value_tree::experiment;

namespace {

Parameters time_per_node(const char* times) { return {{"calculation.time_per_node", times}}; }

}  // namespace

TEST_CASE("with its defaults value_tree meets its three targets", "[value_tree][targets]") {
  REQUIRE(targets(experiment()).size() == 3);
  CHECK(not_met_with_defaults(experiment()) == Lines{});
}

TEST_CASE("with slower visits each target of value_tree is degraded, then missed", "[value_tree][targets]") {
  for (const harness::Target& target : targets(experiment())) {
    INFO(target.scenario);
    const bool is_small = target.scenario == "small";
    const char* slow = is_small ? "lognormal(p50=300us, p99=2ms)" : "lognormal(p50=120us, p99=760us)";
    const char* slower = is_small ? "lognormal(p50=1500us, p99=10ms)" : "lognormal(p50=300us, p99=2ms)";
    CHECK(verdict(experiment(), target, time_per_node(slow)) == Verdict::degraded);
    CHECK(verdict(experiment(), target, time_per_node(slower)) == Verdict::missed);
  }
}

TEST_CASE("a tree with one more level than planned misses its target, and four workers bring it back",
          "[value_tree][targets]") {
  for (const harness::Target& target : targets(experiment())) {
    INFO(target.scenario);
    if (target.scenario == "large") {
      CHECK(verdict(experiment(), target, {{"large.levels", "7"}}) == Verdict::missed);
      CHECK(verdict(experiment(), target, {{"large.levels", "7"}, {"parallel", "on"}, {"parallel.workers", "5"}}) ==
            Verdict::met);
    }
  }
}
