#include "tests/attack/results.hpp"

#include <fmt/format.h>

#include <regex>

namespace attack {

namespace fs = std::filesystem;

namespace {

std::string without_circumstances(const std::string& manifest) {
  static const std::regex circumstances(R"re("command_line": .*\n|"wall": \{[^}]*\})re");
  return std::regex_replace(manifest, circumstances, "");
}

bool is_of_the_store(const std::string& path) { return path.find("/store") != std::string::npos; }

/// The first line in which two texts differ.
std::string first_line_unlike(const std::string& one, const std::string& other) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < one.size() && at < other.size() && one[at] == other[at]; ++at) {
    begin = one[at] == '\n' ? at + 1 : begin;
  }
  const auto line = [begin](const std::string& text) { return text.substr(begin, text.find('\n', begin) - begin); };
  return fmt::format("\"{}\" against \"{}\"", line(one), line(other));
}

}  // namespace

Results results_of(const Ended& ended, const fs::path& folder) {
  Results results{ended.status, ended.out, {}};
  for (auto& [path, content] : snapshot(folder / "out")) {
    if (!is_of_the_store(path)) {
      results.files[path] = path.ends_with("manifest.json") ? without_circumstances(content) : content;
    }
  }
  return results;
}

std::string difference(const Results& one, const Results& other) {
  if (one.status != other.status) {
    return fmt::format("exit status {} against {}", one.status, other.status);
  }
  if (one.out != other.out) {
    return "the standard output: " + first_line_unlike(one.out, other.out);
  }
  const std::string path = first_difference(one.files, other.files);
  if (path.empty()) {
    return {};
  }
  const bool both = one.files.contains(path) && other.files.contains(path);
  return both ? fmt::format("{}: {}", path, first_line_unlike(one.files.at(path), other.files.at(path)))
              : fmt::format("{} is in one of them only", path);
}

std::string leftover_in(const fs::path& folder) {
  for (const auto& [path, content] : snapshot(folder)) {
    if (path.starts_with('.') || path.find("/.") != std::string::npos) {
      return path;
    }
  }
  return {};
}

}  // namespace attack
