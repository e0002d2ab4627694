#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

// What a stranger's text can do to a terminal, and how a test sees that none of it came through. The rule is written
// here a second time, from the standards, so that it does not follow the library in an error.

namespace hostile {

struct Text {
  std::string_view what;
  std::string_view bytes;
};

/// Without line ends and NUL, which a command line or a line of a file cannot always hold.
[[nodiscard]] inline const std::vector<Text>& texts() {
  static const std::vector<Text> all{
      {"escape sequence", "a\x1b[31mb"},
      {"title of the window", "\x1b]0;owned\x07"},
      {"bell", "a\x07"},
      {"backspace", "abc\x08\x08\x08xyz"},
      {"carriage return", "a\rb"},
      {"tab", "a\tb"},
      {"delete", "a\x7f"},
      {"control sequence introducer",
       "a\xc2\x9b"
       "31m"},
      {"lone byte of the second controls",
       "a\x9b"
       "31m"},
      {"escape in two bytes too many", "a\xc0\x9b[31m"},
      {"escape in three bytes", "a\xe0\x80\x9b[31m"},
      {"introducer in three bytes",
       "a\xe0\x82\x9b"
       "31m"},
      {"introducer in four bytes",
       "a\xf0\x80\x82\x9b"
       "31m"},
      {"half of a surrogate pair", "a\xed\xa0\x80"},
      {"other half of a surrogate pair", "a\xed\xbf\xbf"},
      {"above the last code point", "a\xf4\x90\x80\x80"},
      {"far above the last code point", "a\xf7\xbf\xbf\xbf"},
      {"cut character", "a\xe2\x82"},
      {"no UTF-8", "a\xff\xfe"},
      {"right to left override",
       "a\xe2\x80\xae"
       "b"},
      {"left to right embedding",
       "a\xe2\x80\xaa"
       "b"},
      {"right to left isolate",
       "a\xe2\x81\xa7"
       "b"},
      {"pop directional isolate",
       "a\xe2\x81\xa9"
       "b"},
      {"left to right mark",
       "a\xe2\x80\x8e"
       "b"},
      {"right to left mark",
       "a\xe2\x80\x8f"
       "b"},
      {"Arabic letter mark",
       "a\xd8\x9c"
       "b"},
      {"zero width space",
       "a\xe2\x80\x8b"
       "b"},
      {"zero width joiner",
       "a\xe2\x80\x8d"
       "b"},
      {"soft hyphen",
       "a\xc2\xad"
       "b"},
      {"word joiner",
       "a\xe2\x81\xa0"
       "b"},
      {"byte order mark",
       "a\xef\xbb\xbf"
       "b"},
      {"line separator",
       "a\xe2\x80\xa8"
       "b"},
      {"paragraph separator",
       "a\xe2\x80\xa9"
       "b"},
      {"next line",
       "a\xc2\x85"
       "b"},
      {"tag",
       "a\xf3\xa0\x81\x81"
       "b"},
      {"variation selector",
       "a\xf3\xa0\x84\x80"
       "b"},
      {"no character",
       "a\xef\xbf\xbf"
       "b"},
  };
  return all;
}

/// The code points of UTF-8 that is known to be valid.
[[nodiscard]] inline std::vector<std::uint32_t> code_points(std::string_view valid) {
  std::vector<std::uint32_t> codes;
  for (const char letter : valid) {
    const auto byte = static_cast<unsigned char>(letter);
    if ((byte & 0xC0) == 0x80) {
      codes.back() = (codes.back() << 6) | (byte & 0x3FU);
    } else {
      codes.push_back(byte < 0x80 ? byte : byte < 0xE0 ? byte & 0x1FU : byte < 0xF0 ? byte & 0x0FU : byte & 0x07U);
    }
  }
  return codes;
}

/// Controls but for the line end, what turns the direction of writing, separators, zero widths, selectors and tags.
[[nodiscard]] inline bool is_harmful(std::uint32_t code) {
  const auto within = [&](std::uint32_t first, std::uint32_t last) { return first <= code && code <= last; };
  return (code < 0x20 && code != '\n') || within(0x7F, 0x9F) || code == 0xAD || code == 0x61C ||
         within(0x200B, 0x200F) || within(0x2028, 0x202E) || within(0x2060, 0x206F) || code == 0xFEFF ||
         within(0xFFF9, 0xFFFB) || within(0xFFFE, 0xFFFF) || within(0xE0000, 0xE0FFF);
}

/// Why a text must not be shown, or an empty text.
[[nodiscard]] inline std::string harm_in(const std::string& text) {
  try {
    static_cast<void>(nlohmann::json(text).dump());
  } catch (const nlohmann::json::exception& error) {
    return error.what();
  }
  const auto codes = code_points(text);
  const auto found = std::find_if(codes.begin(), codes.end(), is_harmful);
  return found == codes.end() ? "" : "code point " + std::to_string(*found);
}

}  // namespace hostile
