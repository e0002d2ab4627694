#include "tests/attack/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace attack {

namespace {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;  ///< 0: no well-formed UTF-8
};

/// Table 3-7 of the Unicode Standard, by value: a form is well-formed if it is the shortest one of a scalar value.
Character character_at(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) {
    return {lead, 1};
  }
  const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC0 || lead > 0xF7 || text.size() < bytes) {
    return {};
  }
  char32_t code = lead & (0x7FU >> bytes);
  for (const char byte : text.substr(1, bytes - 1)) {
    const auto value = static_cast<unsigned char>(byte);
    if ((value & 0xC0U) != 0x80) {
      return {};
    }
    code = code << 6U | (value & 0x3FU);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code < least[bytes] || code > 0x10FFFF || is_surrogate ? Character{} : Character{code, bytes};
}

bool is_refused(char32_t code) {
  constexpr std::array<std::pair<char32_t, char32_t>, 7> ranges{{{0x00, 0x1F},
                                                                 {0x7F, 0x9F},
                                                                 {0x061C, 0x061C},
                                                                 {0x200E, 0x200F},
                                                                 {0x2028, 0x202E},
                                                                 {0x2066, 0x2069},
                                                                 {0xFEFF, 0xFEFF}}};
  return std::any_of(ranges.begin(), ranges.end(),
                     [code](const auto& range) { return range.first <= code && code <= range.second; });
}

}  // namespace

std::optional<std::size_t> first_unprintable(std::string_view text, std::string_view allowed) {
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text.substr(at));
    const bool is_allowed = character.bytes == 1 && allowed.find(text[at]) != std::string_view::npos;
    if (character.bytes == 0 || (is_refused(character.code) && !is_allowed)) {
      return at;
    }
    at += character.bytes;
  }
  return std::nullopt;
}

std::string bytes_around(std::string_view text, std::size_t position) {
  constexpr std::size_t before = 24;
  const std::size_t begin = position - std::min(position, before);
  std::string shown;
  for (const char byte : text.substr(begin, 2 * before)) {
    const bool plain = byte >= ' ' && byte <= '~';
    shown += plain ? std::string(1, byte) : fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
  }
  return shown;
}

}  // namespace attack
