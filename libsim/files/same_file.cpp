#include "libsim/files/same_file.hpp"

#include <algorithm>
#include <system_error>

namespace sim {

bool is_same_file(const std::filesystem::path& path, const struct stat& file) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && status.st_dev == file.st_dev && status.st_ino == file.st_ino;
}

bool is_below(const std::filesystem::path& file, const std::filesystem::path& folder) {
  const std::filesystem::path outer = real_path(folder);
  const std::filesystem::path inner = real_path(file);
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

bool is_within(const std::filesystem::path& file, const std::filesystem::path& folder) {
  if (is_below(file, folder)) {
    return true;
  }
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_nlink < 2) {
    return false;
  }
  std::error_code error;
  std::filesystem::recursive_directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
    if (is_same_file(entry->path(), status)) {
      return true;
    }
  }
  return false;
}

std::filesystem::path real_path(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::path real = std::filesystem::weakly_canonical(std::filesystem::absolute(path), error);
  return error ? path : real;
}

}  // namespace sim
