#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sim::harness {

/// Longest part of a value that a message repeats, in bytes.
inline constexpr std::size_t shown_bytes_max = 60;

/// A value as a message may show it on one line: control characters and broken UTF-8 are escaped, a long value is cut
/// after `shown_bytes_max` bytes with its whole length behind it, and an empty value is `""`.
[[nodiscard]] std::string shown(std::string_view value);

/// One word for a POSIX shell: as it is where that is safe, else in single quotes.
[[nodiscard]] std::string shell_quoted(std::string_view word);

/// A command line that can be pasted into a POSIX shell.
[[nodiscard]] std::string shell_quoted(const std::vector<std::string>& words);

}  // namespace sim::harness
