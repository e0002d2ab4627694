#include "libsim/harness/report/results_folder.hpp"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "libsim/harness/cli/config_hash.hpp"
#include "libsim/harness/report/atomic_folder.hpp"
#include "libsim/harness/report/report_csv.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view study_hash_name = "study_hash";

/// Whether the manifest in a folder says that this hash made it.
bool was_made_by(const fs::path& folder, const ResultsPlace& place) {
  std::ifstream file(folder / "manifest.json", std::ios::binary);
  const auto manifest = nlohmann::json::parse(file, nullptr, false);
  const bool is_of_kind = manifest.is_object() && manifest.contains("study") == (place.hash_of == study_hash_name);
  return is_of_kind && manifest.value(place.hash_of, nlohmann::json()) == to_text(place.hash);
}

bool is_free(const fs::path& folder) {
  std::error_code error;
  return !fs::exists(fs::symlink_status(folder, error)) ||
         (fs::is_directory(folder, error) && fs::is_empty(folder, error));
}

}  // namespace

ResultsPlace place_of_run(const Experiment& experiment, const Invocation& invocation, const std::string& scenario) {
  const Options& options = invocation.options();
  return {.parent = fs::path(options.out) / experiment.name(),
          .name = fmt::format("{}-seed{}", scenario, options.seed),
          .hash_of = "config_hash",
          .hash = invocation.config_hash()};
}

ResultsPlace place_of_study(const Experiment& experiment, const Invocation& invocation, const std::string& kind) {
  const Options& options = invocation.options();
  return {.parent = fs::path(options.out) / experiment.name(),
          .name = fmt::format("{}-seed{}", kind, options.seed),
          .hash_of = std::string(study_hash_name),
          .hash = invocation.study_hash()};
}

Expected<fs::path> results_folder(const ResultsPlace& place) {
  const std::string hash = to_text(place.hash);
  for (std::size_t digits = short_text(place.hash).size(); digits <= hash.size(); digits *= 2) {
    const fs::path folder = place.parent / fmt::format("{}-{}", place.name, hash.substr(0, digits));
    std::error_code error;
    if (!is_free(folder) && !fs::is_directory(folder, error)) {
      return unexpected(fmt::format("{}: cannot be written: Not a directory", shown_path(folder.string())));
    }
    if (is_free(folder) || was_made_by(folder, place)) {
      return folder;
    }
  }
  return unexpected(fmt::format("{}: folders of its name hold other results: expected another --out",
                                shown_path((place.parent / place.name).string())));
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
