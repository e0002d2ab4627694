#pragma once

#include <string>
#include <vector>

#include "libsim/files/content_hash.hpp"
#include "libsim/files/input_files.hpp"
#include "libsim/harness/experiment/parameters.hpp"
#include "libsim/harness/report/scenario_outcome.hpp"

namespace sim::harness {

/// What the outputs for programs say about the run as a whole.
struct RunDescription {
  std::string experiment;
  std::string command_line;  ///< can be pasted into a shell
  ContentHash config_hash;
  std::string fingerprint_of;     ///< `names` or `payload`
  std::string targets;            ///< where the targets came from
  std::string arrivals;           ///< file of recorded arrivals; empty: none
  std::string faults;             ///< file of faults; empty: none
  std::vector<InputHash> inputs;  ///< each file that was read
  std::string started_at;         ///< UTC, for the manifest's `wall` section
};

/// What the manifest of a study says beside that.
struct StudyDescription {
  std::string kind;
  std::uint64_t seed = 0;
  ContentHash study_hash;
  double confidence = 0.0;           ///< of what the study concludes
  double interval_confidence = 0.0;  ///< of the intervals in its files
  double wall_s = 0.0;
  std::vector<std::string> notes = {};  ///< what was repaired: for the manifest's `wall` section
};

/// All reported metrics of a run for programs.
[[nodiscard]] std::string report_json(const RunDescription& run, const std::vector<ScenarioOutcome>& outcomes,
                                      const Parameters& parameters);

/// `manifest.json`: all that is needed to know how one scenario's results came about, and to repeat them. Only its
/// `wall` section differs between equal runs.
[[nodiscard]] std::string manifest_json(const RunDescription& run, const ScenarioOutcome& outcome,
                                        const Parameters& parameters);

/// What a study is, and what it gave, for programs: its CSV as an array of objects under `rows`, in which numbers are
/// numbers.
[[nodiscard]] std::string study_json(const RunDescription& run, const std::string& kind, const std::string& csv,
                                     const Parameters& parameters);

/// `manifest.json` of a study. `parameters` are those that all points share, unless a point says otherwise.
[[nodiscard]] std::string study_manifest_json(const RunDescription& run, const StudyDescription& study,
                                              const Parameters& parameters);

}  // namespace sim::harness
