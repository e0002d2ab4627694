#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "libsim/time.hpp"

namespace sim {

/// What a text has wrong and where. Thrown by `TextCursor`, caught by the parser that uses it: it never leaves the
/// parser.
struct SyntaxError {
  std::size_t position;  ///< from 0
  std::string message;
};

/// A place in a text that is read from left to right: the words and characters below a grammar. Spaces between them
/// have no meaning. A function that does not find what it reads throws a `SyntaxError` and names what it expected.
class TextCursor {
 public:
  /// A name that a user chose, such as that of a file.
  struct Name {
    std::size_t position;
    std::string text;
    bool quoted;
  };

  explicit TextCursor(std::string_view text) : text_(text) {}

  /// Position of the next character that is not a space.
  std::size_t position();
  /// The next character; 0 at the end.
  char peek();
  /// Everything up to a space or one of `,:=()"`; empty in front of one.
  std::string_view peek_word();
  std::string_view read_word();

  /// Reads `wanted` if it comes next, and tells.
  bool accept(char wanted);
  void require(char wanted);
  void require_end();

  Duration read_duration();
  /// A finite number without a sign.
  double read_number();
  std::uint32_t read_whole_number();
  /// Everything up to a comma or parenthesis, or what stands in double quotes, where "" is one quote.
  Name read_name();

  [[noreturn]] void fail_here(std::string_view expected);
  [[noreturn]] static void fail_at(std::size_t position, std::string message);

 private:
  std::string read_quoted();

  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace sim
