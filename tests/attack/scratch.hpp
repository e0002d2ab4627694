#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace attack {

/// A folder of its own that goes with all that is in it.
class Scratch {
 public:
  explicit Scratch(std::string_view purpose);
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch();

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

void write_file(const std::filesystem::path& file, std::string_view content);
[[nodiscard]] std::string read_file(const std::filesystem::path& file);

/// Everything below a folder by its path within it: the content of a file, the target of a link, a word for the rest.
using Snapshot = std::map<std::string, std::string>;
[[nodiscard]] Snapshot snapshot(const std::filesystem::path& folder);

/// The first path that is not alike in both; empty: none.
[[nodiscard]] std::string first_difference(const Snapshot& one, const Snapshot& other);

}  // namespace attack
