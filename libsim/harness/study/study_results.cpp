#include "libsim/harness/study/study_results.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "libsim/harness/cli/config_hash.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

namespace fs = std::filesystem;

Page table_of(const RunDescription& run, const StudyReport& report, const Options& options, const fs::path& folder) {
  Page text = report.text.without_end();
  for (const auto& note : report.notes) {
    text += Page("\n  note: {}", note);
  }
  return Page("{} · {} · seed {} · configuration {}\n\n{}\n\nresults in {}\n", run.experiment, report.kind,
              options.seed, short_text(run.config_hash), text, folder.string());
}

tl::unexpected<Error> unreadable(const fs::path& path) {
  return unexpected(fmt::format("{}: cannot be read: {}", shown_path(path.string()), std::strerror(errno)));
}

/// As long as its lines: the rows of a study may be too many to keep.
Expected<void> print_rows(const fs::path& path, Terminal& out) {
  std::ifstream file(path, std::ios::binary);
  for (std::string line; std::getline(file, line);) {
    out << Page("{}\n", line);
  }
  return file.eof() ? Expected<void>{} : unreadable(path);
}

Expected<std::string> rows_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string rows{std::istreambuf_iterator<char>(file), {}};
  return file.is_open() ? Expected<std::string>(std::move(rows)) : unreadable(path);
}

}  // namespace

Expected<fs::path> finish_study(const RunDescription& run, const StudyReport& report, const Invocation& invocation,
                                double wall_s, StudyFolder& folder) {
  const Options& options = invocation.options();
  const StudyDescription study{.kind = report.kind,
                               .seed = options.seed,
                               .study_hash = invocation.study_hash(),
                               .confidence = options.confidence,
                               .interval_confidence = report.interval_confidence,
                               .wall_s = wall_s,
                               .notes = report.notes};
  return folder.finish({"manifest.json", study_manifest_json(run, study, invocation.setup().parameters())});
}

Expected<void> print_study(const RunDescription& run, const StudyReport& report, const Invocation& invocation,
                           const fs::path& folder, Terminal& out) {
  const Options& options = invocation.options();
  switch (options.format) {
    case OutputFormat::csv:
      return print_rows(folder / report.rows, out);
    case OutputFormat::json:
      return rows_of(folder / report.rows).map([&](const std::string& rows) {
        out << Page::of_lines(study_json(run, report.kind, rows, invocation.setup().parameters()));
      });
    case OutputFormat::table:
      break;
  }
  if (!options.quiet) {
    out << table_of(run, report, options, folder);
  }
  return {};
}

}  // namespace sim::harness
