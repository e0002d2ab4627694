#include "tests/attack/scratch.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace attack {

namespace fs = std::filesystem;

Scratch::Scratch(std::string_view purpose) {
  std::string name = (fs::temp_directory_path() / fmt::format("libsim-{}-XXXXXX", purpose)).string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("no temporary folder");
  }
  folder_ = name;
}

Scratch::~Scratch() {
  std::error_code ignored;
  for (const auto& [path, content] : snapshot(folder_)) {
    fs::permissions(folder_ / path, fs::perms::owner_all, fs::perm_options::add | fs::perm_options::nofollow, ignored);
  }
  fs::remove_all(folder_, ignored);
}

void write_file(const fs::path& file, std::string_view content) {
  fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  out << content;
  if (!out.flush()) {
    throw std::runtime_error("cannot write " + file.string());
  }
}

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

Snapshot snapshot(const fs::path& folder) {
  Snapshot found;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(folder, ignored)) {
    const std::string path = entry.path().lexically_relative(folder).string();
    found[path] = entry.is_symlink()        ? "-> " + fs::read_symlink(entry.path()).string()
                  : entry.is_regular_file() ? read_file(entry.path())
                  : entry.is_directory()    ? "(folder)"
                                            : "(special)";
  }
  return found;
}

std::string first_difference(const Snapshot& one, const Snapshot& other) {
  for (const auto& [path, content] : one) {
    const auto found = other.find(path);
    if (found == other.end() || found->second != content) {
      return path;
    }
  }
  for (const auto& [path, content] : other) {
    if (!one.contains(path)) {
      return path;
    }
  }
  return {};
}

}  // namespace attack
