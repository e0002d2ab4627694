#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include "libsim/expected.hpp"

namespace sim::harness {

/// A new hidden folder beside a final one, so that both lie on the same file system. It goes with all that is in it.
///
/// Nobody can foretell its name, and neither it nor a file in it is opened through a link that somebody has put there.
/// As long as the object lives, a lock says so: a folder without one was left by a process that was killed.
class ScratchFolder {
 public:
  /// The parent exists, unless the error says that it does not.
  [[nodiscard]] static tl::expected<ScratchFolder, std::error_code> beside(const std::filesystem::path& folder);

  /// The same for what must not be lost if the process is killed: nobody takes it for abandoned.
  [[nodiscard]] static tl::expected<ScratchFolder, std::error_code> to_keep_beside(const std::filesystem::path& folder);

  /// Removes what killed processes have left in `parent`.
  static void remove_abandoned(const std::filesystem::path& parent);

  ScratchFolder(ScratchFolder&& other) noexcept;
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  /// Writes a new file to its end.
  [[nodiscard]] std::error_code write(const std::string& name, const std::string& content) const;

  /// Adds to the end of a file, which is made if there is none.
  [[nodiscard]] std::error_code append(const std::string& name, const std::string& content) const;

 private:
  [[nodiscard]] static tl::expected<ScratchFolder, std::error_code> make(const std::filesystem::path& folder,
                                                                         std::string_view mark);
  [[nodiscard]] std::error_code write(const std::string& name, const std::string& content, int flags) const;
  ScratchFolder(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  std::filesystem::path path_;
  int descriptor_;  // holds the lock
};

}  // namespace sim::harness
