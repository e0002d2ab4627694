#include "libsim/harness/store/replication_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "libsim/failure.hpp"
#include "libsim/harness/store/replication_json.hpp"
#include "libsim/harness/store/replication_line.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view not_written = "cannot be written";
constexpr std::string_view not_read = "cannot be read";

tl::unexpected<Error> store_failure(const fs::path& path, std::string_view what, std::string_view reason) {
  return unexpected(fmt::format("{}: {}: {}", shown_path(path.string()), what, reason));
}

Expected<void> make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    return store_failure(folder, not_written, error.message());
  }
  return {};
}

/// Reads up to `size` bytes from `offset` on, fewer only at the end of the file; false: `errno` says why not.
bool read_bytes(int file, std::uint64_t offset, std::size_t size, std::string& bytes) {
  bytes.resize(size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t count = ::pread(file, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return false;
    }
    if (count == 0) {
      break;
    }
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return true;
}

bool is_regular(int file) {
  struct stat status {};
  return ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

ReplicationStore::Descriptor::~Descriptor() {
  if (number_ >= 0) {
    ::close(number_);
  }
}

Expected<ReplicationStore> ReplicationStore::open(const fs::path& folder, const StoreKey& key) {
  const fs::path path = folder / store_file(key);
  if (auto made = make_folder(path.parent_path()); !made) {
    return tl::unexpected(std::move(made.error()));
  }
  // O_NONBLOCK: a pipe of this name is refused, not waited for. O_NOFOLLOW: so is a link to another file.
  constexpr mode_t readable_by_all = 0666;
  const int file =
      ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, readable_by_all);
  if (file < 0) {
    return store_failure(path, not_written, std::strerror(errno));
  }
  ReplicationStore store(path, key_hash(key), file);
  auto ready = store.lock();
  ready = ready ? store.read_head(key_json(key) + '\n') : ready;
  ready = ready ? store.read_lines() : ready;
  if (!ready) {
    return tl::unexpected(std::move(ready.error()));
  }
  store.note_losses();
  return store;
}

std::optional<Replication> ReplicationStore::first_in(const fs::path& folder, const StoreKey& key) {
  std::error_code error;
  const fs::path path = folder / store_file(key);
  if (!fs::is_regular_file(path, error)) {
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  std::string head;
  std::string line;
  if (!std::getline(file, head) || head != key_json(key) || !std::getline(file, line) || file.eof()) {
    return std::nullopt;
  }
  const auto result = result_of_line(line, 0, key_hash(key));
  const auto replication = result ? parse_replication(*result) : Expected<Replication>(unexpected("no such line"));
  return replication ? std::optional(*replication) : std::nullopt;
}

tl::unexpected<Error> ReplicationStore::failed(std::string_view what, std::string_view reason) const {
  return store_failure(path_, what, reason);
}

Expected<void> ReplicationStore::lock() const {
  if (!is_regular(file_.number())) {
    return failed("is not a file", "expected one that this program wrote, or none");
  }
  if (::flock(file_.number(), LOCK_EX | LOCK_NB) == 0) {
    return {};
  }
  if (errno == EWOULDBLOCK) {
    return failed("is in use", "another study with the same settings is running: wait for its end, or stop it");
  }
  return failed("cannot be locked", std::strerror(errno));
}

/// Sees that the file is that of the key. A new one, or one whose first line was not finished, gets its first line.
Expected<void> ReplicationStore::read_head(const std::string& head) {
  std::string found;
  if (!read_bytes(file_.number(), 0, head.size(), found)) {
    return failed(not_read, std::strerror(errno));
  }
  if (found.size() < head.size() && head.starts_with(found)) {
    torn_lines_ = found.empty() ? 0 : 1;
    if (auto cut = cut_at_end(); !cut) {
      return cut;
    }
    found = head;
    if (auto written = write_line(head); !written) {
      return written;
    }
  }
  if (found != head) {
    return failed("holds replications of other settings",
                  "it was edited, or its name stands for both: move it away to compute them anew");
  }
  head_ = head.size();
  return {};
}

/// Finds the good replications, and cuts off what is behind them.
Expected<void> ReplicationStore::read_lines() {
  constexpr std::size_t block_bytes = 1 << 20;
  std::string block;
  std::string rest;  // of a line that goes on in the next block
  std::uint64_t offset = head_;
  do {
    if (!read_bytes(file_.number(), offset, block_bytes, block)) {
      return failed(not_read, std::strerror(errno));
    }
    offset += block.size();
    std::size_t begin = 0;
    for (auto end = block.find('\n'); end != std::string::npos; end = block.find('\n', begin)) {
      rest.append(block, begin, end - begin);
      take_line(rest);
      rest.clear();
      begin = end + 1;
    }
    rest.append(block, begin);
  } while (block.size() == block_bytes);
  if (!rest.empty()) {
    ++(dropped_lines_ > 0 ? dropped_lines_ : torn_lines_);
  }
  return offset == end() ? Expected<void>{} : cut_at_end();
}

void ReplicationStore::note_losses() {
  if (dropped_lines_ > 0) {
    note_ = fmt::format("{}: line {} is damaged: replications from number {} on are computed again ({} dropped)",
                        shown_path(path_.string()), size() + 2, size(), dropped_lines_);
  } else if (torn_lines_ > 0) {
    note_ = fmt::format("{}: the last line was not finished and was cut off", shown_path(path_.string()));
  }
}

/// Behind a damaged line nothing is used: the numbers of the replications have no gaps.
void ReplicationStore::take_line(std::string_view line) {
  if (dropped_lines_ > 0 || !result_of_line(line, size(), salt_)) {
    ++dropped_lines_;
    return;
  }
  ends_.push_back(end() + line.size() + 1);
}

Expected<void> ReplicationStore::cut_at_end() {
  if (::ftruncate(file_.number(), static_cast<off_t>(end())) != 0) {
    return failed(not_written, std::strerror(errno));
  }
  ends_with_part_ = false;
  return {};
}

/// One call for the whole line: a kill leaves all of it or a part at the end of the file. A full disk leaves a part as
/// well, which is cut off again, at the latest before the next line.
Expected<void> ReplicationStore::write_line(const std::string& line) {
  if (auto cut = ends_with_part_ ? cut_at_end() : Expected<void>{}; !cut) {
    return cut;
  }
  ssize_t count = -1;
  do {
    count = ::write(file_.number(), line.data(), line.size());
  } while (count < 0 && errno == EINTR);
  if (count == static_cast<ssize_t>(line.size())) {
    return {};
  }
  const std::string reason =
      count < 0 ? std::strerror(errno) : fmt::format("only {} of {} bytes fitted on the disk", count, line.size());
  ends_with_part_ = !cut_at_end();
  return failed(not_written, reason);
}

Expected<Replication> ReplicationStore::at(std::uint64_t number) const {
  check(number < size(), "a store is asked for replications that it holds");
  const std::uint64_t begin = begin_of(number);
  const std::size_t bytes = ends_[number] - begin - 1;
  std::string line;
  if (!read_bytes(file_.number(), begin, bytes, line)) {
    return failed(not_read, std::strerror(errno));
  }
  const auto result = result_of_line(line, number, salt_);
  if (!result) {
    return failed(fmt::format("replication {} is damaged", number), "the file was changed while it was in use");
  }
  auto replication = parse_replication(*result);
  if (!replication) {
    return failed(fmt::format("replication {}", number), replication.error().message);
  }
  return replication;
}

Expected<std::vector<Replication>> ReplicationStore::all() const {
  std::vector<Replication> replications;
  replications.reserve(size());
  for (std::uint64_t number = 0; number < size(); ++number) {
    auto replication = at(number);
    if (!replication) {
      return tl::unexpected(std::move(replication.error()));
    }
    replications.push_back(std::move(*replication));
  }
  return replications;
}

Expected<void> ReplicationStore::append(const Replication& replication) {
  const std::string line = replication_line(size(), replication_json(replication), salt_);
  const std::uint64_t line_end = end() + line.size();
  if (auto written = write_line(line); !written) {
    return written;
  }
  ends_.push_back(line_end);
  return {};
}

}  // namespace sim::harness
