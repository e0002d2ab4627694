#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/files/input_files.hpp"
#include "libsim/harness/judge/metric_check.hpp"
#include "libsim/harness/report/scenario_outcome.hpp"
#include "libsim/text/page.hpp"

namespace sim::harness {

/// How a run compares with stored results.
struct BaselineReport {
  Page text;  ///< a line for each metric that changed significantly, and a summary
  bool regressed = false;
  bool compared = true;  ///< false: there was nothing that both runs could measure
};

/// Where the results of one scenario of this run will lie.
struct ScenarioPlace {
  std::string experiment;
  std::string scenario;
  std::filesystem::path folder;
};

/// Stored results to compare with: of one scenario, of an experiment, or a whole folder of results. They are read
/// before anything runs.
class Baseline {
 public:
  /// The error is one line for the user: no such results, several that might be meant, a wrong file.
  [[nodiscard]] static Expected<Baseline> read(InputFiles& files, const std::filesystem::path& folder,
                                               const std::vector<ScenarioPlace>& places);

  /// An error when nothing of what the scenarios report is in the stored results.
  [[nodiscard]] Expected<void> check_metrics(const std::vector<ScenarioReports>& scenarios) const;

  /// Compares all metrics of all scenarios. The replications are compared pair by pair where both ran with the same
  /// seed (paired t), else as independent samples (Welch). Which metrics changed is decided for all of them together
  /// (Holm). A change is a regression where a target of the metric says which direction is worse; other changes are
  /// told only.
  [[nodiscard]] BaselineReport compare(const std::vector<ScenarioOutcome>& outcomes, double confidence) const;

 private:
  struct Stored {
    bool same_seed = false;
    std::map<std::pair<std::string, std::string>, std::vector<double>> values;  ///< by metric and unit
  };

  std::filesystem::path folder_;
  std::map<std::string, Stored> by_scenario_;
};

}  // namespace sim::harness
