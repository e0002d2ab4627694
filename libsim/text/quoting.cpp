#include "libsim/text/quoting.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sim {

namespace {

/// The length of the well-formed UTF-8 sequence of several bytes at the front of `text`, or 0.
std::size_t multibyte_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : lead >= 0xE0 && lead <= 0xEF ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  if (length == 0 || text.size() < length) {
    return 0;
  }
  const auto continues = [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; };
  // U+0080 to U+009F, the second set of control characters, is escaped too.
  const bool control = lead == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0;
  return std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(length), continues) && !control
             ? length
             : 0;
}

std::string escaped_byte(char byte) {
  switch (byte) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
  }
}

std::string escaped(std::string_view value, std::size_t bytes_max) {
  std::string text;
  std::size_t at = 0;
  while (at < value.size() && at < bytes_max) {
    const char byte = value[at];
    const auto code = static_cast<unsigned char>(byte);
    const std::size_t length =
        code < 0x80 ? (code >= 0x20 && code != 0x7F ? 1 : 0) : multibyte_length(value.substr(at));
    text += length == 0 ? escaped_byte(byte) : std::string(value.substr(at, length));
    at += std::max<std::size_t>(length, 1);
  }
  return at < value.size() ? fmt::format("{}… ({} bytes)", text, value.size()) : text;
}

/// In quotes where the ends of the value could not be seen.
std::string delimited(std::string_view value, std::size_t bytes_max) {
  const bool has_visible_ends = !value.empty() && value.front() != ' ' && value.back() != ' ';
  return has_visible_ends ? escaped(value, bytes_max) : fmt::format("\"{}\"", escaped(value, bytes_max));
}

}  // namespace

std::string shown(std::string_view value) { return delimited(value, shown_bytes_max); }

std::string shown_path(std::string_view path) { return delimited(path, shown_path_bytes_max); }

std::string one_line(std::string_view message) { return escaped(message, one_line_bytes_max); }

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
  if (!word.empty() && word.find_first_not_of(safe) == std::string_view::npos) {
    return std::string(word);
  }
  std::string quoted = "'";
  for (const char byte : word) {
    quoted += byte == '\'' ? std::string("'\\''") : std::string(1, byte);
  }
  return quoted + "'";
}

std::string shell_quoted(const std::vector<std::string>& words) {
  std::string line;
  for (const auto& word : words) {
    line += (line.empty() ? "" : " ") + shell_quoted(word);
  }
  return line;
}

}  // namespace sim
