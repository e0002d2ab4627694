#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/files/content_hash.hpp"
#include "libsim/files/input_limits.hpp"

namespace sim {

/// A file as it was when it was read.
struct InputFile {
  std::string path;                          ///< as the user named it
  std::shared_ptr<const std::string> bytes;  ///< never null
  ContentHash hash;

  [[nodiscard]] std::string_view text() const { return *bytes; }
};

/// A file that shapes what is computed.
struct InputHash {
  std::string flag;  ///< the flag of the harness that names it, as `arrivals`; empty: a parameter names it
  std::string path;
  ContentHash hash;

  friend auto operator<=>(const InputHash&, const InputHash&) = default;  // NOLINT(modernize-use-nullptr)
};

/// The only way to the content of an input: each file is read once, whoever asks for it how often, and hashed as it was
/// read. So a pipe can be an input, and a file that is edited while a study runs changes nothing.
///
/// Not for several threads at once.
class InputFiles {
 public:
  InputFiles();

  /// Another one that has the same bytes for the same files, and that nobody has asked for any yet.
  [[nodiscard]] InputFiles sharing() const;

  /// The file at `path`. Refuses what is missing, a folder, and a file of more than `bytes_max` bytes, as one line that
  /// begins with the path.
  [[nodiscard]] Expected<InputFile> read(const std::filesystem::path& path, std::uintmax_t bytes_max);

  /// What was asked for here, by path.
  [[nodiscard]] const std::map<std::string, ContentHash>& hashes() const { return hashes_; }

  /// The input, among all that share their bytes, that would be overwritten by writing to `output`: the same file under
  /// whatever name. Devices, such as a terminal, may be both.
  [[nodiscard]] std::optional<std::string> overwritten_by(const std::filesystem::path& output) const;

  /// The same for a file that is open.
  [[nodiscard]] std::optional<std::string> overwritten_by(const struct stat& output) const;

  /// The input that would go with all that is in `folder`.
  [[nodiscard]] std::optional<std::string> below(const std::filesystem::path& folder) const;

  /// An input that a second process could not read again, such as a pipe.
  [[nodiscard]] std::optional<std::string> unrepeatable() const;

 private:
  struct Known {
    InputFile file;
    std::filesystem::path real_path;  ///< without links
    struct stat status {};
  };
  using Shelf = std::vector<Known>;

  [[nodiscard]] const Known* find(const std::filesystem::path& path) const;

  std::shared_ptr<Shelf> shelf_;
  std::map<std::string, ContentHash> hashes_;
};

/// The text for a file above its limit.
[[nodiscard]] std::string too_large(const std::filesystem::path& path, std::uintmax_t bytes_max);

}  // namespace sim
