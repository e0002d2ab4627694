#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libsim/expected.hpp"

namespace attack {

/// Ends the process by an abort, with the promise and what broke it, unless it holds.
void require(bool holds, std::string_view promise, std::string_view found = {});

/// An error is one printable line that is not endless.
void require_one_line(const sim::Error& error);

/// Whether something was read; an error that was given instead is one line.
template <class T>
[[nodiscard]] bool was_read(const sim::Expected<T>& result) {
  if (!result) {
    require_one_line(result.error());
  }
  return result.has_value();
}

/// The lines of an input, without their ends; at most `count`, the last one with all that is left.
[[nodiscard]] std::vector<std::string> lines_of(std::string_view input, std::size_t count = 1'000);

/// A CSV file of fields that are all quoted.
[[nodiscard]] std::string quoted_csv(const std::vector<std::vector<std::string>>& rows);

/// A file in memory with a path, for readers that open a file.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view content);
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile();

  [[nodiscard]] std::string path() const;

 private:
  int descriptor_;
};

}  // namespace attack
