#include "libsim/text/quoting.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsim/text/printable.hpp"

namespace sim {

namespace {

/// In quotes where the ends of the value could not be seen.
std::string delimited(std::string_view value, std::size_t bytes_max) {
  const bool has_visible_ends = !value.empty() && value.front() != ' ' && value.back() != ' ';
  return has_visible_ends ? printable(value, bytes_max) : fmt::format("\"{}\"", printable(value, bytes_max));
}

std::string in_single_quotes(std::string_view word) {
  std::string quoted = "'";
  for (const char byte : word) {
    quoted += byte == '\'' ? std::string("'\\''") : std::string(1, byte);
  }
  return quoted + "'";
}

/// `$'\033'`: three digits for each byte that a terminal would not show.
std::string in_octal_digits(std::string_view word) {
  const auto is_plain = [](char byte) { return byte >= ' ' && byte <= '~' && byte != '\'' && byte != '\\'; };
  std::string quoted = "$'";
  for (const char byte : word) {
    quoted += is_plain(byte) ? std::string(1, byte) : fmt::format("\\{:03o}", static_cast<unsigned char>(byte));
  }
  return quoted + "'";
}

}  // namespace

std::string shown(std::string_view value) { return delimited(value, shown_bytes_max); }

std::string shown_path(std::string_view path) { return delimited(path, shown_path_bytes_max); }

std::string one_line(std::string_view message) { return printable(message, one_line_bytes_max); }

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
  if (!word.empty() && word.find_first_not_of(safe) == std::string_view::npos) {
    return std::string(word);
  }
  return printable(word) == word ? in_single_quotes(word) : in_octal_digits(word);
}

std::string shell_quoted(const std::vector<std::string>& words) {
  std::string line;
  for (const auto& word : words) {
    line += (line.empty() ? "" : " ") + shell_quoted(word);
  }
  return line;
}

}  // namespace sim
