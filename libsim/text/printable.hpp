#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace sim {

/// The one function that makes text fit for a terminal, a log or a report: valid UTF-8 on one line, in which every
/// character is seen and stays in its place. Escaped are control characters (`\n`, `\x1b`, `\u009b`), bytes that are no
/// UTF-8 (`\xff`), and characters without a shape of their own, such as those that turn the direction of writing
/// (`\u202e`). What is printable already stays as it is. Text of more than `bytes_max` bytes is cut, with its whole
/// length behind it.
[[nodiscard]] std::string printable(std::string_view text, std::size_t bytes_max = std::string_view::npos);

/// One line of text that went through `printable`, and so can be shown as it is. Whatever repeats text from elsewhere
/// (errors, cells of tables, progress, warnings) is of this type: there is no other way to make one.
class Printable {
 public:
  Printable() = default;

  // From any text without a word, so that nobody is tempted to go around.
  // NOLINTBEGIN(google-explicit-constructor)
  Printable(const std::string& text) : text_(printable(text)) {}
  Printable(std::string_view text) : text_(printable(text)) {}
  Printable(const char* text) : text_(printable(text)) {}

  operator const std::string&() const { return text_; }
  operator std::string_view() const { return text_; }
  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }

  friend bool operator==(const Printable&, const Printable&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Printable& line) { return out << line.text_; }
  friend std::string operator+(std::string before, const Printable& line) { return std::move(before) + line.text_; }
  friend std::string operator+(const char* before, const Printable& line) { return before + line.text_; }
  friend std::string operator+(const Printable& line, const char* after) { return line.text_ + after; }

 private:
  std::string text_;
};

}  // namespace sim

template <>
struct fmt::formatter<sim::Printable> : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(const sim::Printable& line, Context& context) const {
    return fmt::formatter<std::string_view>::format(line.text(), context);
  }
};
