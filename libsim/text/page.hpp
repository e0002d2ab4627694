#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "libsim/text/printable.hpp"

namespace sim {

class Page;

/// What a part of a page becomes: numbers and pages stay as they are, all text goes through `Printable`, and nothing
/// else is let in.
template <class Part>
struct PagePart {
  static constexpr bool is_number = std::is_arithmetic_v<Part> && !std::is_same_v<Part, char>;
  static constexpr bool is_page = std::is_same_v<Part, Page>;
  static_assert(is_number || is_page || std::is_convertible_v<Part, Printable>,
                "a page is made of numbers, text and other pages");
  using Type = std::conditional_t<is_number || is_page, Part, Printable>;
};

template <class Part>
using PagePartType = typename PagePart<std::decay_t<Part>>::Type;

/// Lines for people. All text on a page went through `Printable`; only its line ends and colours are the program's own.
class Page {
 public:
  enum class Colour { none, bold, green, yellow, red, magenta };

  Page() = default;

  /// Fills parts into a text of the program, which may hold line ends, as in `Page("{}: {}\n", name, warning)`.
  template <class... Parts>
  explicit Page(fmt::format_string<PagePartType<Parts>...> text, const Parts&... parts)
      : text_(fmt::format(text, PagePartType<Parts>(parts)...)) {}

  /// Text that brings its own line ends, such as a file that is made for people.
  [[nodiscard]] static Page of_lines(std::string_view text);

  /// A part of a line, in a colour that ends with it.
  [[nodiscard]] static Page coloured(const Printable& text, Colour colour);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

  /// The same without the line ends at its end.
  [[nodiscard]] Page without_end() const;

  Page& operator+=(const Page& more) {
    text_ += more.text_;
    return *this;
  }
  friend Page operator+(Page page, const Page& more) { return std::move(page += more); }
  friend bool operator==(const Page&, const Page&) = default;

 private:
  std::string text_;
};

/// Several texts as one part of a page, with a separator between them.
[[nodiscard]] Printable joined(const std::vector<std::string>& texts, std::string_view separator);

}  // namespace sim

template <>
struct fmt::formatter<sim::Page> : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(const sim::Page& page, Context& context) const {
    return fmt::formatter<std::string_view>::format(page.text(), context);
  }
};
