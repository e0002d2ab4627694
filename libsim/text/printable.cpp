#include "libsim/text/printable.hpp"

#include <algorithm>
#include <array>
#include <boost/locale/utf.hpp>
#include <cstdint>
#include <iterator>

namespace sim {

namespace {

using CodePoint = std::uint32_t;

struct CodePoints {
  CodePoint first;
  CodePoint last;
};

/// What a reader does not see, in ascending order: Default_Ignorable_Code_Point of Unicode 15 (DerivedCoreProperties),
/// which has the zero widths, the marks of direction, the selectors of variants and the tags, besides the controls
/// (Cc), the separators of lines and paragraphs (Zl, Zp), the marks of annotations and of hieroglyphs (Cf), and the
/// block of code points that are no characters.
constexpr std::array<CodePoints, 23> unseen{
    {{0x0000, 0x001F},   {0x007F, 0x009F},   {0x00AD, 0x00AD},    {0x034F, 0x034F},   {0x061C, 0x061C},
     {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},    {0x200B, 0x200F},   {0x2028, 0x2029},
     {0x202A, 0x202E},   {0x2060, 0x206F},   {0x3164, 0x3164},    {0xFDD0, 0xFDEF},   {0xFE00, 0xFE0F},
     {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},    {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3},
     {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}, {0x10FFFE, 0x10FFFF}}};

bool is_seen(CodePoint code) {
  const auto* const range =
      std::lower_bound(unseen.begin(), unseen.end(), code, [](CodePoints of, CodePoint one) { return of.last < one; });
  const bool is_no_character = (code & 0xFFFE) == 0xFFFE;  // the last two of each plane
  return !is_no_character && (range == unseen.end() || code < range->first);
}

bool is_plain(char byte) { return byte >= ' ' && byte <= '~'; }

std::string escaped(CodePoint code) {
  switch (code) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  if (code < 0x80) {
    return fmt::format("\\x{:02x}", code);
  }
  return code < 0x10000 ? fmt::format("\\u{:04x}", code) : fmt::format("\\U{:08x}", code);
}

/// Adds the first character of `rest` and returns how many bytes it has; of what is no character one byte.
std::size_t add_character(std::string_view rest, std::string& text) {
  const char* end = rest.data();
  const CodePoint code = boost::locale::utf::utf_traits<char>::decode(end, rest.data() + rest.size());
  if (code == boost::locale::utf::illegal || code == boost::locale::utf::incomplete) {
    fmt::format_to(std::back_inserter(text), "\\x{:02x}", static_cast<unsigned char>(rest.front()));
    return 1;
  }
  const auto bytes = static_cast<std::size_t>(end - rest.data());
  text += is_seen(code) ? std::string(rest.substr(0, bytes)) : escaped(code);
  return bytes;
}

}  // namespace

std::string printable(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max && std::all_of(text.begin(), text.end(), is_plain)) {
    return std::string(text);
  }
  std::string line;
  std::size_t at = 0;
  while (at < text.size() && at < bytes_max) {
    at += add_character(text.substr(at), line);
  }
  return at < text.size() ? fmt::format("{}… ({} bytes)", line, text.size()) : line;
}

}  // namespace sim
