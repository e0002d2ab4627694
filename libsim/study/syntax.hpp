#pragma once

#include <cstddef>
#include <string_view>

#include "libsim/expected.hpp"

namespace sim::study {

/// The refusal of a text that a user wrote: `"containers=2:x:2", column 14: expected a number, found "x"`.
/// `found_end` is the position behind what was found; nothing found is the end of the text.
[[nodiscard]] tl::unexpected<Error> syntax_error(std::string_view text, std::size_t position, std::size_t found_end,
                                                 std::string_view expected);

/// The same with a message of its own: `"rate>5 and", column 6: MESSAGE`.
[[nodiscard]] tl::unexpected<Error> error_at(std::string_view text, std::size_t position, std::string_view message);

/// A part of a text without spaces and tabs at its ends, and where it begins in the whole.
struct Piece {
  std::size_t position = 0;
  std::string_view text;

  [[nodiscard]] std::size_t end() const { return position + text.size(); }
};

/// The part of `text` from `begin` to `end` without spaces at its ends.
[[nodiscard]] Piece piece_of(std::string_view text, std::size_t begin, std::size_t end);

}  // namespace sim::study
