#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/report/new_folders.hpp"
#include "libsim/harness/report/scratch_folder.hpp"

namespace sim::harness {

/// A file to be written.
struct OutputFile {
  std::string name;
  std::string content;
};

/// A folder that is being filled. It is hidden until it takes its place in one step: nobody takes half of it for the
/// whole, and unless it is finished it leaves nothing behind. Errors name the path and the reason.
class FolderInWork {
 public:
  /// Beside `folder`, for whose place it is meant.
  [[nodiscard]] static Expected<FolderInWork> beside(const std::filesystem::path& folder);

  /// Writes a new file to its end.
  [[nodiscard]] Expected<void> write(const OutputFile& file);

  /// Adds to the end of a file, which is made if there is none.
  [[nodiscard]] Expected<void> append(const OutputFile& rows);

  /// Puts it at `folder`, which has the same parent, in place of one that is there already. What runs that were killed
  /// have left beside it is removed.
  [[nodiscard]] Expected<void> finish(const std::filesystem::path& folder);

 private:
  FolderInWork(std::filesystem::path folder, NewFolders made, ScratchFolder scratch)
      : folder_(std::move(folder)), made_(std::move(made)), scratch_(std::move(scratch)) {}

  std::filesystem::path folder_;  // for messages
  NewFolders made_;
  ScratchFolder scratch_;
};

/// Puts a folder with exactly these files at `folder`, in place of one that is there already, as `FolderInWork` does.
[[nodiscard]] Expected<void> replace_folder(const std::filesystem::path& folder, const std::vector<OutputFile>& files);

/// Refuses a folder in which no folder could be made, whether it exists already or not. Writes nothing.
[[nodiscard]] Expected<void> check_writable(const std::filesystem::path& folder);

}  // namespace sim::harness
