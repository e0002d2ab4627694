#pragma once

#include <filesystem>
#include <string>

#include "libsim/expected.hpp"
#include "libsim/files/content_hash.hpp"
#include "libsim/harness/cli/invocation.hpp"
#include "libsim/harness/experiment/experiment.hpp"
#include "libsim/harness/report/report_json.hpp"
#include "libsim/harness/report/scenario_outcome.hpp"

namespace sim::harness {

/// A folder for results, and what makes them.
struct ResultsPlace {
  std::filesystem::path parent;  ///< `OUT/EXPERIMENT`
  std::string name;              ///< `SCENARIO-seedN`, or the kind of a study in place of the scenario
  std::string hash_of;           ///< under which name a manifest has the hash: `config_hash` or `study_hash`
  ContentHash hash;
};

/// Of one scenario.
[[nodiscard]] ResultsPlace place_of_run(const Experiment& experiment, const Invocation& invocation,
                                        const std::string& scenario);

/// Of a study of this kind.
[[nodiscard]] ResultsPlace place_of_study(const Experiment& experiment, const Invocation& invocation,
                                          const std::string& kind);

/// The folder `OUT/EXPERIMENT/SCENARIO-seedN-HASH`, with eight digits of the hash. Where results of another hash lie,
/// or something that nobody knows, it has more digits: what is there is taken over only when the same made it. The
/// error says what stands in the way.
[[nodiscard]] Expected<std::filesystem::path> results_folder(const ResultsPlace& place);

/// Writes `manifest.json`, `metrics.csv`, `targets.csv`, `series.csv` and what the scenario attached to the outcome's
/// folder, in place of an older one.
[[nodiscard]] Expected<void> write_results(const RunDescription& run, const ScenarioOutcome& outcome,
                                           const Parameters& parameters);

}  // namespace sim::harness
