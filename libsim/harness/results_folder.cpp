#include "libsim/harness/results_folder.hpp"

#include <fmt/format.h>

#include <vector>

#include "libsim/harness/atomic_folder.hpp"
#include "libsim/harness/report_csv.hpp"

namespace sim::harness {

std::filesystem::path results_folder(const std::string& out, const ScenarioResult& result,
                                     const std::string& config_hash) {
  return std::filesystem::path(out) / result.experiment /
         fmt::format("{}-seed{}-{}", result.scenario, result.seed, config_hash);
}

Expected<void> write_results(const RunDescription& run, const ScenarioOutcome& outcome, const Parameters& parameters) {
  std::vector<OutputFile> files = {{"manifest.json", manifest_json(run, outcome, parameters)},
                                   {"metrics.csv", metrics_csv(outcome.result)},
                                   {"targets.csv", targets_csv(outcome.targets)},
                                   {"series.csv", series_csv(outcome.result.curves)}};
  for (const Attachment& attachment : outcome.result.attachments) {
    files.push_back({attachment.file_name, attachment.text});
  }
  if (!outcome.closing.text.empty()) {
    files.push_back({outcome.closing.file_name, outcome.closing.text});
  }
  if (outcome.result.replications > 1) {
    files.push_back({"replications.csv", replications_csv(outcome.result)});
  }
  return replace_folder(outcome.folder, files);
}

}  // namespace sim::harness
