#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "libsim/harness/judge/target.hpp"
#include "libsim/harness/judge/verdict.hpp"
#include "libsim/testing.hpp"
#include "tests/models/scenario_runs.hpp"

/// What the tests of an experiment's targets have in common.
namespace sim::testing::target_cases {

using testing::Parameters;
using Lines = std::vector<std::string>;

/// A target, and a setting under which it is missed.
struct Missed {
  std::string scenario;
  std::string metric;
  Parameters parameters;
};

/// The experiment's rows of the table of targets.
inline std::vector<harness::Target> targets(const harness::Experiment& experiment) {
  InputFiles files;
  const auto table =
      harness::read_targets(files, std::filesystem::path(LIBSIM_TEST_DATA) / ".." / "experiments" / "targets.csv");
  REQUIRE(table);
  return table->of_experiment(experiment.name());
}

/// How a run of the target's scenario meets it.
inline harness::Verdict verdict(const harness::Experiment& experiment, const harness::Target& target,
                                const Parameters& parameters, std::uint64_t seed = 1) {
  const auto result =
      run_scenario(experiment, target.scenario, {.seed = seed, .parameters = parameters, .arrivals = {}});
  return harness::judge(target, result.value(target.metric));
}

inline harness::Verdict verdict(const harness::Experiment& experiment, const std::string& scenario,
                                const std::string& metric, const Parameters& parameters, std::uint64_t seed = 1) {
  for (const harness::Target& target : targets(experiment)) {
    if (target.scenario == scenario && target.metric == metric) {
      return verdict(experiment, target, parameters, seed);
    }
  }
  FAIL("no target for " << scenario << " " << metric);
  return harness::Verdict::missed;
}

/// There is a setting for each target, and it misses it.
inline void check_each_is_missed(const harness::Experiment& experiment, const std::vector<Missed>& settings) {
  REQUIRE(settings.size() == targets(experiment).size());
  for (const Missed& missed : settings) {
    INFO(missed.scenario << " " << missed.metric);
    CHECK(verdict(experiment, missed.scenario, missed.metric, missed.parameters) == harness::Verdict::missed);
  }
}

/// The targets that the defaults do not meet, as "scenario metric: verdict".
inline Lines not_met_with_defaults(const harness::Experiment& experiment, std::uint64_t seed = 1) {
  Lines lines;
  for (const harness::Target& target : targets(experiment)) {
    const harness::Verdict judged = verdict(experiment, target, {}, seed);
    if (judged != harness::Verdict::met) {
      lines.push_back(target.scenario + " " + target.metric + ": " + std::string(harness::to_text(judged)));
    }
  }
  return lines;
}

}  // namespace sim::testing::target_cases
