#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libsim/harness/judge/verdict.hpp"
#include "libsim/harness/run/scenario_result.hpp"

namespace sim::harness {

/// A scenario that ran to its end: what it gave, how that is judged, and where it is written.
struct ScenarioOutcome {
  std::string summary;  ///< what the scenario does, in one line
  ScenarioResult result;
  std::vector<JudgedTarget> targets;
  std::filesystem::path folder;
  double wall_s = 0.0;                  ///< for the manifest only
  Attachment closing = {};              ///< what the experiment says of all replications together
  std::vector<std::string> notes = {};  ///< such as of a store that was repaired

  [[nodiscard]] const JudgedTarget* judged(const std::string& metric) const {
    for (const auto& target : targets) {
      if (target.target.metric == metric) {
        return &target;
      }
    }
    return nullptr;
  }
};

/// The verdicts of all scenarios together.
[[nodiscard]] inline VerdictCounts count_verdicts(const std::vector<ScenarioOutcome>& outcomes) {
  VerdictCounts counts;
  for (const auto& outcome : outcomes) {
    for (const auto& target : outcome.targets) {
      counts.add(target.verdict);
    }
  }
  return counts;
}

/// A fingerprint as it is written everywhere: 16 hexadecimal digits.
[[nodiscard]] std::string fingerprint_text(std::uint64_t fingerprint);

}  // namespace sim::harness
