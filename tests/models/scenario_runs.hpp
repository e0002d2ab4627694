#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "libsim/testing.hpp"

namespace sim::testing {

/// Parameters by name with their values as text.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// Runs the scenarios of one experiment: `constexpr RunsOf run{models::agents::experiment}`, then
/// `run("fast", {{"workers", "1"}})`.
class RunsOf {
 public:
  constexpr explicit RunsOf(harness::Experiment (*experiment)()) : experiment_(experiment) {}

  ScenarioResult operator()(const std::string& scenario, const Parameters& parameters = {},
                            std::uint64_t seed = 1) const {
    return run_scenario(experiment_(), scenario, {.seed = seed, .parameters = parameters, .arrivals = {}});
  }

 private:
  harness::Experiment (*experiment_)();
};

/// Whether one of the warnings of a run has these words.
[[nodiscard]] inline bool warns_of(const ScenarioResult& result, const std::string& words) {
  return std::any_of(result.warnings.begin(), result.warnings.end(),
                     [&](const std::string& warning) { return warning.find(words) != std::string::npos; });
}

}  // namespace sim::testing
