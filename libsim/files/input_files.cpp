#include "libsim/files/input_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "libsim/files/same_file.hpp"
#include "libsim/text/quoting.hpp"

namespace sim {

namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> unreadable(const fs::path& path, int reason) {
  return unexpected(fmt::format("{}: cannot be read: {}", shown_path(path.string()), std::strerror(reason)));
}

bool is_same(const struct stat& one, const struct stat& other) {
  return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/// Closes a descriptor when the scope ends.
class OpenInput {
 public:
  explicit OpenInput(const fs::path& path) : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  OpenInput(const OpenInput&) = delete;
  OpenInput& operator=(const OpenInput&) = delete;
  ~OpenInput() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }

  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

Expected<void> check_status(const struct stat& status, const fs::path& path, std::uintmax_t bytes_max) {
  if (S_ISDIR(status.st_mode)) {
    return unexpected(fmt::format("{}: is a folder: expected a file", shown_path(path.string())));
  }
  if (S_ISREG(status.st_mode) && static_cast<std::uintmax_t>(status.st_size) > bytes_max) {
    return unexpected(too_large(path, bytes_max));
  }
  return {};
}

/// What is too large for settings and has no size that is known beforehand may have no end, as a device that gives
/// zeros.
Expected<void> check_text(const std::string& bytes, std::size_t from, const fs::path& path) {
  const auto nul = bytes.find('\0', from);
  if (nul == std::string::npos) {
    return {};
  }
  const auto line = 1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(nul), '\n');
  return unexpected(fmt::format("{}:{}: holds a NUL byte: expected text", shown_path(path.string()), line));
}

/// The size of a pipe is known at its end.
Expected<std::string> read_to_end(int descriptor, const fs::path& path, std::uintmax_t bytes_max, bool has_size) {
  constexpr std::size_t block_bytes = 1 << 16;
  std::string bytes;
  std::size_t checked = has_size ? std::string::npos : 0;
  for (;;) {
    const std::size_t before = bytes.size();
    bytes.resize(before + block_bytes);
    const ssize_t count = ::read(descriptor, bytes.data() + before, block_bytes);
    bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0 && errno != EINTR) {
      return unreadable(path, errno);
    }
    if (count == 0) {
      return bytes;
    }
    if (bytes.size() > bytes_max) {
      return unexpected(too_large(path, bytes_max));
    }
    if (bytes.size() > settings_bytes_max && checked < bytes.size()) {
      if (auto text = check_text(bytes, checked, path); !text) {
        return tl::unexpected(std::move(text.error()));
      }
      checked = bytes.size();
    }
  }
}

}  // namespace

InputFiles::InputFiles() : shelf_(std::make_shared<Shelf>()) {}

InputFiles InputFiles::sharing() const {
  InputFiles other;
  other.shelf_ = shelf_;
  return other;
}

/// By its name, or, as a pipe cannot be read twice, as the pipe that it is.
const InputFiles::Known* InputFiles::find(const fs::path& path) const {
  const fs::path real = real_path(path);
  struct stat status {};
  const bool is_pipe = ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
  const auto known = std::find_if(shelf_->begin(), shelf_->end(), [&](const Known& one) {
    return one.file.path == path.string() || one.real_path == real || (is_pipe && is_same(one.status, status));
  });
  return known == shelf_->end() ? nullptr : &*known;
}

Expected<InputFile> InputFiles::read(const fs::path& path, std::uintmax_t bytes_max) {
  if (const Known* known = find(path)) {
    if (known->file.text().size() > bytes_max) {
      return unexpected(too_large(path, bytes_max));
    }
    hashes_[path.string()] = known->file.hash;
    return InputFile{path.string(), known->file.bytes, known->file.hash};
  }
  const OpenInput input(path);
  Known fresh;
  if (input.number() < 0 || ::fstat(input.number(), &fresh.status) != 0) {
    return unreadable(path, errno);
  }
  if (auto checked = check_status(fresh.status, path, bytes_max); !checked) {
    return tl::unexpected(std::move(checked.error()));
  }
  auto bytes = read_to_end(input.number(), path, bytes_max, S_ISREG(fresh.status.st_mode));
  if (!bytes) {
    return tl::unexpected(std::move(bytes.error()));
  }
  fresh.real_path = real_path(path);
  fresh.file = {path.string(), std::make_shared<const std::string>(std::move(*bytes)), {}};
  fresh.file.hash = content_hash(fresh.file.text());
  hashes_[path.string()] = fresh.file.hash;
  return shelf_->emplace_back(std::move(fresh)).file;
}

std::optional<std::string> InputFiles::overwritten_by(const fs::path& output) const {
  struct stat status {};
  const bool exists = ::stat(output.c_str(), &status) == 0;
  // Also where an editor has put another file in its place since it was read.
  const fs::path real = real_path(output);
  const auto known = std::find_if(shelf_->begin(), shelf_->end(), [&](const Known& one) {
    return one.real_path == real || (exists && is_same(one.status, status));
  });
  return known == shelf_->end() || (exists && S_ISCHR(status.st_mode)) ? std::nullopt : std::optional(known->file.path);
}

std::optional<std::string> InputFiles::overwritten_by(const struct stat& output) const {
  const auto known =
      std::find_if(shelf_->begin(), shelf_->end(), [&](const Known& one) { return is_same(one.status, output); });
  return known == shelf_->end() || S_ISCHR(output.st_mode) ? std::nullopt : std::optional(known->file.path);
}

std::optional<std::string> InputFiles::below(const fs::path& folder) const {
  const auto known =
      std::find_if(shelf_->begin(), shelf_->end(), [&](const Known& one) { return is_below(one.real_path, folder); });
  return known == shelf_->end() ? std::nullopt : std::optional(known->file.path);
}

std::optional<std::string> InputFiles::unrepeatable() const {
  const auto known =
      std::find_if(shelf_->begin(), shelf_->end(), [](const Known& one) { return !S_ISREG(one.status.st_mode); });
  return known == shelf_->end() ? std::nullopt : std::optional(known->file.path);
}

std::string too_large(const fs::path& path, std::uintmax_t bytes_max) {
  return fmt::format("{}: is too large: expected at most {} MB", shown_path(path.string()), bytes_max / 1'000'000);
}

}  // namespace sim
