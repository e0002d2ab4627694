#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "libsim/expected.hpp"
#include "libsim/harness/input_limits.hpp"

namespace sim::harness {

/// Refuses what cannot be read as a file of at most `bytes_max` bytes: a missing file, a folder, a larger one. A file
/// whose size is not known beforehand, such as a pipe, passes.
[[nodiscard]] Expected<void> check_input_file(const std::filesystem::path& path, std::uintmax_t bytes_max);

/// The content of a file of settings. The error is one line that begins with the path.
[[nodiscard]] Expected<std::string> read_settings_file(const std::filesystem::path& path);

/// The text for a file above its limit.
[[nodiscard]] std::string too_large(const std::filesystem::path& path, std::uintmax_t bytes_max);

}  // namespace sim::harness
