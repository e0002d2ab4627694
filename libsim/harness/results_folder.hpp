#pragma once

#include <filesystem>
#include <string>

#include "libsim/expected.hpp"
#include "libsim/harness/report_json.hpp"
#include "libsim/harness/scenario_outcome.hpp"

namespace sim::harness {

/// The folder of a scenario's results: `OUT/EXPERIMENT/SCENARIO-seedN-HASH`. Another configuration or seed has another.
[[nodiscard]] std::filesystem::path results_folder(const std::string& out, const ScenarioResult& result,
                                                   const std::string& config_hash);

/// Writes `manifest.json`, `metrics.csv`, `targets.csv`, `series.csv` and what the scenario attached to the outcome's
/// folder, in place of an older one.
[[nodiscard]] Expected<void> write_results(const RunDescription& run, const ScenarioOutcome& outcome,
                                           const Parameters& parameters);

}  // namespace sim::harness
