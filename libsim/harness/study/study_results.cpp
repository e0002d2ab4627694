#include "libsim/harness/study/study_results.hpp"

#include <fmt/format.h>

#include "libsim/harness/atomic_folder.hpp"
#include "libsim/harness/config_hash.hpp"
#include "libsim/harness/results_folder.hpp"

namespace sim::harness {

Expected<std::filesystem::path> write_study(const Experiment& experiment, const RunDescription& run,
                                            const StudyReport& report, const Invocation& invocation, double wall_s) {
  const Options& options = invocation.options();
  const StudyDescription study{.kind = report.kind,
                               .seed = options.seed,
                               .study_hash = invocation.study_hash(),
                               .confidence = options.confidence,
                               .interval_confidence = report.interval_confidence,
                               .wall_s = wall_s,
                               .notes = report.notes};
  const auto folder = results_folder(place_of_study(experiment, invocation, study.kind));
  if (!folder) {
    return folder;
  }
  auto files = report.files;
  files.push_back({"manifest.json", study_manifest_json(run, study, invocation.setup().parameters())});
  return replace_folder(*folder, files).map([&] { return *folder; });
}

Page study_output(const RunDescription& run, const StudyReport& report, const Invocation& invocation,
                  const std::filesystem::path& folder) {
  const Options& options = invocation.options();
  switch (options.format) {
    case OutputFormat::csv:
      return Page::of_lines(report.csv);
    case OutputFormat::json:
      return Page::of_lines(study_json(run, report.kind, report.csv, invocation.setup().parameters()));
    case OutputFormat::table:
      break;
  }
  if (options.quiet) {
    return {};
  }
  Page text = report.text.without_end();
  for (const auto& note : report.notes) {
    text += Page("\n  note: {}", note);
  }
  return Page("{} · {} · seed {} · configuration {}\n\n{}\n\nresults in {}\n", run.experiment, report.kind,
              options.seed, short_text(run.config_hash), text, folder.string());
}

}  // namespace sim::harness
