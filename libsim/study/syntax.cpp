#include "libsim/study/syntax.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsim/text/quoting.hpp"

namespace sim::study {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// As a message shows it: in quotes once.
std::string quoted(std::string_view text) {
  const auto safe = shown(text);
  return safe.starts_with('"') && !text.starts_with('"') ? safe : fmt::format("\"{}\"", safe);
}

}  // namespace

tl::unexpected<Error> error_at(std::string_view text, std::size_t position, std::string_view message) {
  return unexpected(fmt::format("{}, column {}: {}", quoted(text), position + 1, message));
}

tl::unexpected<Error> syntax_error(std::string_view text, std::size_t position, std::size_t found_end,
                                   std::string_view expected) {
  const auto found = found_end > position ? text.substr(position, found_end - position) : std::string_view{};
  return error_at(text, position,
                  found.empty()
                      ? fmt::format("expected {}, found {}", expected, position >= text.size() ? "the end" : "nothing")
                      : fmt::format("expected {}, found {}", expected, quoted(found)));
}

Piece piece_of(std::string_view text, std::size_t begin, std::size_t end) {
  while (begin < end && is_blank(text[begin])) {
    ++begin;
  }
  while (end > begin && is_blank(text[end - 1])) {
    --end;
  }
  return {begin, text.substr(begin, end - begin)};
}

}  // namespace sim::study
