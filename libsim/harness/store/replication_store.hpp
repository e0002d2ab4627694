#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/run/scenario_result.hpp"
#include "libsim/harness/store/store_key.hpp"

namespace sim::harness {

/// The finished replications 0, 1, … of one key in a file, so that a study that was killed goes on where it stood and
/// a larger number of replications computes only the new ones.
///
/// The file is text: the key on the first line, then a line for each replication with its number and a checksum of all
/// behind it. Whatever happens to the file, a replication comes back as it was written or not at all. A kill of the
/// process loses at most the line that was being written; a crash of the machine may lose more, since nothing waits for
/// the disk.
///
/// In memory are 8 bytes for each replication: `at` reads from the file each time. As long as a store lives, no other
/// process, and no other store in this one, opens the same file. Not safe for several threads.
class ReplicationStore {
 public:
  /// Opens the file of the key within `folder`, or makes it together with its folders. What cannot be used behind the
  /// last good replication is cut off (see `note`). An error, one line that begins with the path: a folder that cannot
  /// be written, something that is not a file, a file of another key, a file that another process holds.
  [[nodiscard]] static Expected<ReplicationStore> open(const std::filesystem::path& folder, const StoreKey& key);

  /// The first replication of a key, if a store is there that has it. Changes nothing and waits for nobody.
  [[nodiscard]] static std::optional<Replication> first_in(const std::filesystem::path& folder, const StoreKey& key);

  ReplicationStore(ReplicationStore&&) noexcept = default;
  ReplicationStore& operator=(ReplicationStore&&) noexcept = default;

  /// How many replications there are: those with the numbers 0 to `size() - 1`.
  [[nodiscard]] std::uint64_t size() const { return ends_.size(); }

  /// Reads a replication from the file; there must be one of this number (asserted). An error when the file cannot be
  /// read, or was changed since it was opened.
  [[nodiscard]] Expected<Replication> at(std::uint64_t number) const;

  /// Reads all of them, in order.
  [[nodiscard]] Expected<std::vector<Replication>> all() const;

  /// Adds the replication with the number `size()`. After an error, as of a full disk, the store is as it was before.
  [[nodiscard]] Expected<void> append(const Replication& replication);

  /// Whether the last line was cut off half written when the file was opened: 0 or 1.
  [[nodiscard]] std::uint64_t torn_lines() const { return torn_lines_; }

  /// How many lines were dropped when the file was opened: the first damaged one and all behind it.
  [[nodiscard]] std::uint64_t dropped_lines() const { return dropped_lines_; }

  /// What was wrong with the file when it was opened, on one line that begins with its path; empty: nothing.
  [[nodiscard]] const std::string& note() const { return note_; }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  /// An open file; to close it gives back its lock.
  class Descriptor {
   public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
      std::swap(number_, other.number_);
      return *this;
    }
    ~Descriptor();

    [[nodiscard]] int number() const { return number_; }

   private:
    int number_;
  };

  ReplicationStore(std::filesystem::path path, const ContentHash& salt, int descriptor)
      : path_(std::move(path)), salt_(salt), file_(descriptor) {}

  [[nodiscard]] Expected<void> lock() const;
  [[nodiscard]] Expected<void> read_head(const std::string& head);
  [[nodiscard]] Expected<void> read_lines();
  void take_line(std::string_view line);
  void note_losses();
  [[nodiscard]] Expected<void> cut_at_end();
  [[nodiscard]] Expected<void> write_line(const std::string& line);
  [[nodiscard]] tl::unexpected<Error> failed(std::string_view what, std::string_view reason) const;
  [[nodiscard]] std::uint64_t begin_of(std::uint64_t number) const { return number == 0 ? head_ : ends_[number - 1]; }
  [[nodiscard]] std::uint64_t end() const { return begin_of(size()); }

  std::filesystem::path path_;
  ContentHash salt_;  // of the checksums: a line of another file is not taken for one of this
  Descriptor file_;
  std::uint64_t head_ = 0;           // bytes of the first line
  std::vector<std::uint64_t> ends_;  // where the line of each replication ends, in bytes from the start
  std::uint64_t torn_lines_ = 0;
  std::uint64_t dropped_lines_ = 0;
  std::string note_;
  bool ends_with_part_ = false;  // of a line, that a full disk left and that could not be cut off
};

}  // namespace sim::harness
