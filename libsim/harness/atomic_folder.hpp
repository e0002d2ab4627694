#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libsim/expected.hpp"

namespace sim::harness {

/// A file to be written.
struct OutputFile {
  std::string name;
  std::string content;
};

/// Puts a folder with exactly these files at `folder`, in place of one that is there already. They are written to a
/// hidden folder beside it, which then takes its place in one step: nobody ever sees half of it, and a failure leaves
/// nothing behind. What runs that were killed have left beside it is removed. The error names the path and the reason.
[[nodiscard]] Expected<void> replace_folder(const std::filesystem::path& folder, const std::vector<OutputFile>& files);

/// Refuses a folder in which no folder could be made, whether it exists already or not. Writes nothing.
[[nodiscard]] Expected<void> check_writable(const std::filesystem::path& folder);

}  // namespace sim::harness
