#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace attack {

/// Where a text first holds what may not reach a terminal, in bytes from 0; nothing for a clean text. Refused are
/// control characters of both sets but for those in `allowed`, whatever is not well-formed UTF-8 (overlong forms,
/// surrogates, values beyond U+10FFFF), line and paragraph separators, and marks that turn the direction of writing.
///
/// Written apart from the library, which must not be judged by its own code.
[[nodiscard]] std::optional<std::size_t> first_unprintable(std::string_view text, std::string_view allowed = {});

/// A text as hexadecimal digits around a position, to show what was found without repeating it on the terminal.
[[nodiscard]] std::string bytes_around(std::string_view text, std::size_t position);

}  // namespace attack
