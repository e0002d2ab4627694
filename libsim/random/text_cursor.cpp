#include "libsim/random/text_cursor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace sim {

namespace {

/// The number that all of `word` stands for; not `nan`, `inf` or a signed one.
template <class Number>
std::optional<Number> whole_word_as(std::string_view word) {
  Number number{};
  const auto* const end = word.data() + word.size();
  const auto result = std::from_chars(word.data(), end, number);
  const bool complete = result.ec == std::errc{} && result.ptr == end;
  return complete && word.front() >= '0' && word.front() <= '9' ? std::optional(number) : std::nullopt;
}

}  // namespace

std::size_t TextCursor::position() {
  position_ = std::min(text_.find_first_not_of(" \t", position_), text_.size());
  return position_;
}

char TextCursor::peek() { return position() < text_.size() ? text_[position_] : '\0'; }

std::string_view TextCursor::peek_word() {
  const auto begin = position();
  return text_.substr(begin, std::min(text_.find_first_of(" \t,:=()\"", begin), text_.size()) - begin);
}

std::string_view TextCursor::read_word() {
  const auto word = peek_word();
  position_ += word.size();
  return word;
}

bool TextCursor::accept(char wanted) {
  if (peek() != wanted) {
    return false;
  }
  ++position_;
  return true;
}

void TextCursor::require(char wanted) {
  if (!accept(wanted)) {
    fail_here(fmt::format("\"{}\"", wanted));
  }
}

void TextCursor::require_end() {
  if (position() != text_.size()) {
    fail_here("the end of the text");
  }
}

Duration TextCursor::read_duration() {
  const auto word = peek_word();
  if (word.empty()) {
    fail_here("a duration such as 250ms");
  }
  const auto duration = parse_duration(word);
  if (!duration) {
    fail_at(position_, duration.error().message);
  }
  read_word();
  return *duration;
}

double TextCursor::read_number() {
  const auto number = whole_word_as<double>(peek_word());
  if (!number) {
    fail_here("a number such as 0.5");
  }
  read_word();
  return *number;
}

std::uint32_t TextCursor::read_whole_number() {
  const auto number = whole_word_as<std::uint32_t>(peek_word());
  if (!number) {
    fail_here("a whole number such as 3");
  }
  read_word();
  return *number;
}

TextCursor::Name TextCursor::read_name() {
  const auto begin = position();
  if (peek() == '"') {
    return {begin, read_quoted(), true};
  }
  const auto end = std::min(text_.find_first_of(",()\"", begin), text_.size());
  std::string name(text_.substr(begin, end - begin));
  name.erase(name.find_last_not_of(" \t") + 1);
  if (name.empty()) {
    fail_here("the name of a file or column");
  }
  position_ = end;
  return {begin, std::move(name), false};
}

/// Reads from one quote to the next; two in a row are one of the name, and the reading goes on.
std::string TextCursor::read_quoted() {
  const auto begin = position_;
  std::string name;
  while (true) {
    const auto end = text_.find('"', position_ + 1);
    if (end == std::string_view::npos) {
      fail_at(begin, "expected a closing quote, found the end");
    }
    name += text_.substr(position_ + 1, end - position_ - 1);
    position_ = end + 1;
    if (position_ == text_.size() || text_[position_] != '"') {
      return name;
    }
    name += '"';
  }
}

void TextCursor::fail_here(std::string_view expected) {
  auto found = peek_word();
  if (found.empty()) {
    found = text_.substr(position_, 1);
  }
  fail_at(position_, found.empty() ? fmt::format("expected {}, found the end", expected)
                                   : fmt::format("expected {}, found \"{}\"", expected, found));
}

void TextCursor::fail_at(std::size_t position, std::string message) { throw SyntaxError{position, std::move(message)}; }

}  // namespace sim
