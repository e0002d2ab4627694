#pragma once

#include <filesystem>
#include <system_error>
#include <vector>

namespace sim::harness {

/// Makes folders with their parents; unless they are kept, all that were made go again.
class NewFolders {
 public:
  NewFolders() = default;
  NewFolders(NewFolders&& other) noexcept : made_(std::move(other.made_)) { other.keep(); }
  NewFolders& operator=(NewFolders&&) = delete;
  ~NewFolders();

  [[nodiscard]] std::error_code make(const std::filesystem::path& folder);

  void keep() { made_.clear(); }

 private:
  std::vector<std::filesystem::path> made_;  // innermost first
};

}  // namespace sim::harness
