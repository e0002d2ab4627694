#include "libsim/harness/report/atomic_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

namespace fs = std::filesystem;

Expected<void> failed(const fs::path& path, std::error_code reason) {
  return unexpected(fmt::format("{}: cannot be written: {}", shown_path(path.string()), reason.message()));
}

/// Renames `fresh` to `folder`; what was there before is then at `fresh` or gone.
std::error_code take_place(const fs::path& fresh, const fs::path& folder) {
  std::error_code error;
  fs::rename(fresh, folder, error);
  if (error != std::errc::directory_not_empty && error != std::errc::file_exists) {
    return error;
  }
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, folder.c_str(), RENAME_EXCHANGE) == 0) {
    return {};
  }
  if (errno != EINVAL && errno != ENOSYS) {
    return {errno, std::generic_category()};
  }
  // A file system that cannot exchange two names: for a moment there is no folder, but never half of one.
  const auto old = ScratchFolder::to_keep_beside(folder);
  if (!old) {
    return old.error();
  }
  fs::rename(folder, old->path(), error);
  if (!error) {
    fs::rename(fresh, folder, error);
  }
  return error;
}

/// Another process may remove a folder that it made in vain just before we make one inside.
Expected<ScratchFolder> scratch_for(const fs::path& folder, NewFolders& made) {
  constexpr int attempts_max = 100;
  std::error_code error;
  for (int attempt = 0; attempt < attempts_max; ++attempt) {
    error = folder.has_parent_path() ? made.make(folder.parent_path()) : std::error_code{};
    if (!error) {
      auto scratch = ScratchFolder::beside(folder);
      if (scratch) {
        return std::move(*scratch);
      }
      error = scratch.error();
    }
    if (error != std::errc::no_such_file_or_directory) {
      break;
    }
  }
  return tl::unexpected(failed(folder, error).error());
}

/// Whether a folder can be made in one that exists, by a file that has no name, so that nothing is left whatever
/// happens.
std::error_code try_to_write_in(const fs::path& folder) {
  const int unnamed = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  if (unnamed >= 0) {
    ::close(unnamed);
    return {};
  }
  const bool is_no_answer = errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL || errno == ENOENT;
  if (!is_no_answer) {
    return {errno, std::generic_category()};
  }
  // A file system that has no such files.
  const auto scratch = ScratchFolder::beside(folder / "write-test");
  return scratch ? std::error_code{} : scratch.error();
}

/// The reason why no folder can be made at a path.
std::error_code obstacle_at(const fs::path& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) == 0) {
    return S_ISDIR(status.st_mode) ? try_to_write_in(folder) : std::make_error_code(std::errc::not_a_directory);
  }
  const bool is_link_to_nothing = ::lstat(folder.c_str(), &status) == 0;
  if (errno != ENOENT || is_link_to_nothing) {
    return {errno, std::generic_category()};
  }
  const fs::path parent = folder.parent_path();
  return obstacle_at(parent.empty() ? fs::path(".") : parent);
}

}  // namespace

Expected<FolderInWork> FolderInWork::beside(const fs::path& folder) {
  NewFolders made;
  auto scratch = scratch_for(folder, made);
  if (!scratch) {
    return tl::unexpected(scratch.error());
  }
  return FolderInWork(folder, std::move(made), std::move(*scratch));
}

Expected<void> FolderInWork::write(const OutputFile& file) {
  const auto error = scratch_.write(file.name, file.content);
  return error ? failed(folder_ / file.name, error) : Expected<void>{};
}

Expected<void> FolderInWork::append(const OutputFile& rows) {
  const auto error = scratch_.append(rows.name, rows.content);
  return error ? failed(folder_ / rows.name, error) : Expected<void>{};
}

Expected<void> FolderInWork::finish(const fs::path& folder) {
  if (const auto error = take_place(scratch_.path(), folder)) {
    return failed(folder, error);
  }
  made_.keep();
  ScratchFolder::remove_abandoned(folder.has_parent_path() ? folder.parent_path() : ".");
  return {};
}

Expected<void> replace_folder(const fs::path& folder, const std::vector<OutputFile>& files) {
  auto fresh = FolderInWork::beside(folder);
  if (!fresh) {
    return tl::unexpected(fresh.error());
  }
  for (const auto& file : files) {
    if (auto written = fresh->write(file); !written) {
      return written;
    }
  }
  return fresh->finish(folder);
}

Expected<void> check_writable(const fs::path& folder) {
  const auto error = obstacle_at(folder);
  return error ? failed(folder, error) : Expected<void>{};
}

}  // namespace sim::harness
