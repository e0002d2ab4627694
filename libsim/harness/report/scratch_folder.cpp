#include "libsim/harness/report/scratch_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace sim::harness {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view scratch_mark = ".new-";
constexpr std::string_view kept_mark = ".old-";
constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

std::error_code code_of(int error) { return {error, std::generic_category()}; }

fs::path unpredictable_name(const fs::path& folder, std::string_view mark) {
  std::uint64_t digits = 0;
  ::randombytes_buf(&digits, sizeof digits);
  return folder.parent_path() / fmt::format(".{}{}{:016x}", folder.filename().string(), mark, digits);
}

/// `.load-seed7-1a2b3c4d.new-0123456789abcdef`, or with the number of a process, as older versions had it.
bool is_scratch_name(const std::string& name) {
  const auto mark = name.rfind(scratch_mark);
  return name.starts_with('.') && mark != std::string::npos && name.find("-seed") < mark &&
         mark + scratch_mark.size() < name.size() &&
         name.find_first_not_of("0123456789abcdef", mark + scratch_mark.size()) == std::string::npos;
}

/// Whether the folder is still there under this name: somebody may have taken it for abandoned before it was locked.
bool is_at(int descriptor, const fs::path& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::lstat(path.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
         opened.st_ino == named.st_ino;
}

/// Writes all of it; false: `errno` says why not.
bool write_all(int file, std::string_view rest) {
  while (!rest.empty()) {
    const ssize_t count = ::write(file, rest.data(), rest.size());
    if (count < 0 && errno != EINTR) {
      return false;
    }
    rest.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
  return true;
}

}  // namespace

tl::expected<ScratchFolder, std::error_code> ScratchFolder::beside(const fs::path& folder) {
  return make(folder, scratch_mark);
}

tl::expected<ScratchFolder, std::error_code> ScratchFolder::to_keep_beside(const fs::path& folder) {
  return make(folder, kept_mark);
}

tl::expected<ScratchFolder, std::error_code> ScratchFolder::make(const fs::path& folder, std::string_view mark) {
  constexpr mode_t open_to_all = 0777;  // as far as the user's mask allows
  constexpr int attempts_max = 100;
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    const fs::path path = unpredictable_name(folder, mark);
    if (::mkdir(path.c_str(), open_to_all) != 0) {
      if (errno == EEXIST) {
        continue;
      }
      return tl::unexpected(code_of(errno));
    }
    const int descriptor = ::open(path.c_str(), folder_flags);
    if (descriptor < 0) {
      return tl::unexpected(code_of(errno));
    }
    // A file system without locks has no leftovers removed either.
    ::flock(descriptor, LOCK_EX);
    if (is_at(descriptor, path)) {
      return ScratchFolder(path, descriptor);
    }
    ::close(descriptor);
  }
  return tl::unexpected(code_of(EEXIST));
}

void ScratchFolder::remove_abandoned(const fs::path& parent) {
  std::vector<fs::path> found;
  std::error_code error;
  for (auto entry = fs::directory_iterator(parent, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    if (is_scratch_name(entry->path().filename().string())) {
      found.push_back(entry->path());
    }
  }
  for (const fs::path& path : found) {
    const int descriptor = ::open(path.c_str(), folder_flags);
    if (descriptor < 0) {
      continue;
    }
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0 && is_at(descriptor, path)) {
      fs::remove_all(path, error);
    }
    ::close(descriptor);
  }
}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

ScratchFolder::~ScratchFolder() {
  if (descriptor_ >= 0) {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
    ::close(descriptor_);
  }
}

std::error_code ScratchFolder::write(const std::string& name, const std::string& content) const {
  return write(name, content, O_EXCL);
}

std::error_code ScratchFolder::append(const std::string& name, const std::string& content) const {
  return write(name, content, O_APPEND);
}

std::error_code ScratchFolder::write(const std::string& name, const std::string& content, int flags) const {
  constexpr mode_t readable_by_all = 0666;
  const int file =
      ::openat(descriptor_, name.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | flags, readable_by_all);
  if (file < 0) {
    return code_of(errno);
  }
  const bool written = write_all(file, content);
  const int error = errno;
  if (::close(file) != 0 && written) {
    return code_of(errno);
  }
  return written ? std::error_code{} : code_of(error);
}

}  // namespace sim::harness
