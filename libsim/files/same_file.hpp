#pragma once

#include <sys/stat.h>

#include <filesystem>

namespace sim {

/// Whether a path leads to this file, under whatever name.
[[nodiscard]] bool is_same_file(const std::filesystem::path& path, const struct stat& file);

/// Whether a file, which may not be there yet, lies in a folder or in one below it, whatever the links between.
[[nodiscard]] bool is_below(const std::filesystem::path& file, const std::filesystem::path& folder);

/// The same, also for a file that has a second name in there.
[[nodiscard]] bool is_within(const std::filesystem::path& file, const std::filesystem::path& folder);

/// The path without links and dots, as far as it exists.
[[nodiscard]] std::filesystem::path real_path(const std::filesystem::path& path);

}  // namespace sim
