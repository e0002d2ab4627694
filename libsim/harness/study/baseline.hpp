#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/scenario_outcome.hpp"
#include "libsim/text/page.hpp"

namespace sim::harness {

/// How a run compares with stored results.
struct BaselineReport {
  Page text;  ///< a line for each metric that changed significantly, and a summary
  bool regressed = false;
};

/// Compares all metrics of all scenarios with the results in a folder: of one scenario, of an experiment, or a whole
/// folder of results. The replications are compared pair by pair where both ran with the same seed (paired t), else as
/// independent samples (Welch). Which metrics changed is decided for all of them together (Holm). A change is a
/// regression where a target of the metric says which direction is worse; other changes are told only. The error is one
/// line for the user: no such results, several that might be meant, results of a single replication, a wrong file.
[[nodiscard]] Expected<BaselineReport> compare_with_baseline(const std::filesystem::path& folder,
                                                             const std::vector<ScenarioOutcome>& outcomes,
                                                             double confidence);

}  // namespace sim::harness
