#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

/// Longest part of a value that a message repeats, in bytes.
inline constexpr std::size_t shown_bytes_max = 60;

/// Longest part of a path that a message repeats: enough to find the file.
inline constexpr std::size_t shown_path_bytes_max = 400;

/// Longest text from elsewhere that becomes part of a message.
inline constexpr std::size_t one_line_bytes_max = 500;

/// A value as a message may show it: `printable`, cut after `shown_bytes_max` bytes, and in quotes where it is empty or
/// has blanks at its ends.
[[nodiscard]] std::string shown(std::string_view value);

/// The same for the path of a file or folder, which is cut after `shown_path_bytes_max` bytes.
[[nodiscard]] std::string shown_path(std::string_view path);

/// A message that may hold anything, such as that of an exception, as one line: escaped like a value, and cut after
/// `one_line_bytes_max` bytes.
[[nodiscard]] std::string one_line(std::string_view message);

/// One word for a POSIX shell: as it is where that is safe, else in single quotes; bytes that a terminal would not show
/// stand as octal digits in `$'…'`. So the words are printable and still what they were.
[[nodiscard]] std::string shell_quoted(std::string_view word);

/// A command line that can be pasted into a POSIX shell.
[[nodiscard]] std::string shell_quoted(const std::vector<std::string>& words);

}  // namespace sim
