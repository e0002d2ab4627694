#include "libsim/harness/atomic_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "libsim/harness/quoting.hpp"

namespace sim::harness {

namespace {

namespace fs = std::filesystem;

Expected<void> failed(const fs::path& path, const std::string& reason) {
  return unexpected(fmt::format("{}: cannot be written: {}", shown_path(path.string()), reason));
}

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

/// Makes a folder with its parents; unless it is kept, all that was made goes again.
class NewFolders {
 public:
  NewFolders() = default;
  NewFolders(const NewFolders&) = delete;
  NewFolders& operator=(const NewFolders&) = delete;
  ~NewFolders() {
    std::error_code ignored;
    for (const auto& folder : made_) {
      fs::remove(folder, ignored);  // not what others put into it meanwhile
    }
  }

  /// The error names `purpose`, the path that the user knows.
  Expected<void> make(const fs::path& folder, const fs::path& purpose) {
    const auto missing = missing_folders(folder);
    made_.insert(made_.begin(), missing.begin(), missing.end());
    // Another process may remove a folder that it made in vain just before we make one inside.
    constexpr int attempts_max = 100;
    std::error_code error;
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
      fs::create_directories(folder, error);
      if (error != std::errc::no_such_file_or_directory) {
        break;
      }
    }
    if (!error && !fs::is_directory(folder, error)) {
      return failed(purpose, "Not a directory");
    }
    return error ? failed(purpose, error.message()) : Expected<void>{};
  }

  void keep() { made_.clear(); }

 private:
  std::vector<fs::path> made_;
};

/// Removes a folder and all that is in it when the scope ends.
class Scratch {
 public:
  explicit Scratch(fs::path folder) : folder_(std::move(folder)) {}
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

 private:
  fs::path folder_;
};

Expected<void> write_file(const fs::path& path, const std::string& content, const fs::path& purpose) {
  errno = 0;
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  return file ? Expected<void>{} : failed(purpose, std::strerror(errno));
}

/// Where a folder is prepared: beside the final one, so that both lie on the same file system.
fs::path sibling(const fs::path& folder, std::string_view purpose) {
  return folder.parent_path() / fmt::format(".{}.{}-{}", folder.filename().string(), purpose, ::getpid());
}

/// Renames `fresh` to `folder`; what was there before is then at `fresh` or gone.
Expected<void> take_place(const fs::path& fresh, const fs::path& folder) {
  std::error_code error;
  fs::rename(fresh, folder, error);
  if (error != std::errc::directory_not_empty && error != std::errc::file_exists) {
    return error ? failed(folder, error.message()) : Expected<void>{};
  }
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, folder.c_str(), RENAME_EXCHANGE) == 0) {
    return {};
  }
  if (errno != EINVAL && errno != ENOSYS) {
    return failed(folder, std::strerror(errno));
  }
  // A file system that cannot exchange two names: for a moment there is no folder, but never half of one.
  const fs::path old = sibling(folder, "old");
  const Scratch remove_old(old);
  fs::rename(folder, old, error);
  if (!error) {
    fs::rename(fresh, folder, error);
  }
  return error ? failed(folder, error.message()) : Expected<void>{};
}

}  // namespace

Expected<void> replace_folder(const fs::path& folder, const std::vector<OutputFile>& files) {
  const fs::path fresh = sibling(folder, "new");
  NewFolders made;
  const Scratch remove_fresh(fresh);
  if (auto ready = made.make(fresh, folder); !ready) {
    return ready;
  }
  for (const auto& file : files) {
    if (auto written = write_file(fresh / file.name, file.content, folder / file.name); !written) {
      return written;
    }
  }
  if (auto placed = take_place(fresh, folder); !placed) {
    return placed;
  }
  made.keep();
  return {};
}

Expected<void> check_writable(const fs::path& folder) {
  NewFolders made;
  return made.make(folder / fmt::format(".write-test-{}", ::getpid()), folder);
}

}  // namespace sim::harness
