#include "libsim/harness/report/new_folders.hpp"

namespace sim::harness {

namespace {

namespace fs = std::filesystem;

/// The folders that `create_directories` would make, innermost first.
std::vector<fs::path> missing_folders(const fs::path& folder) {
  std::vector<fs::path> missing;
  std::error_code error;
  for (fs::path path = folder; !path.empty() && !fs::exists(path, error); path = path.parent_path()) {
    missing.push_back(path);
    if (path == path.parent_path()) {
      break;
    }
  }
  return missing;
}

}  // namespace

NewFolders::~NewFolders() {
  std::error_code ignored;
  for (const auto& folder : made_) {
    fs::remove(folder, ignored);  // not what others put into it meanwhile
  }
}

std::error_code NewFolders::make(const fs::path& folder) {
  const auto missing = missing_folders(folder);
  made_.insert(made_.begin(), missing.begin(), missing.end());
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && !fs::is_directory(folder, error)) {
    return std::make_error_code(std::errc::not_a_directory);
  }
  return error;
}

}  // namespace sim::harness
