#pragma once

#include <filesystem>
#include <optional>

#include "libsim/expected.hpp"
#include "libsim/harness/report/atomic_folder.hpp"
#include "libsim/harness/report/results_folder.hpp"

namespace sim::harness {

/// The results folder of a study, which fills while the study runs, so that what is written need not be kept. Until the
/// study ends it is a hidden folder beside its place; a study that does not end leaves none.
class StudyFolder {
 public:
  explicit StudyFolder(ResultsPlace place) : place_(std::move(place)) {}

  /// Adds rows to the end of a file. The error names the path and the reason.
  [[nodiscard]] Expected<void> append(const OutputFile& rows);

  /// Adds a last file and puts the folder in its place, which it returns. The error says what stands in the way.
  [[nodiscard]] Expected<std::filesystem::path> finish(const OutputFile& last);

 private:
  ResultsPlace place_;
  std::optional<FolderInWork> folder_;  // from the first row on
};

}  // namespace sim::harness
