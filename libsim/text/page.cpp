#include "libsim/text/page.hpp"

#include <fmt/ranges.h>

#include <array>
#include <cstddef>

namespace sim {

namespace {

constexpr std::array<std::string_view, 6> beginning_of_colour{"",         "\x1b[1m",  "\x1b[32m",
                                                              "\x1b[33m", "\x1b[31m", "\x1b[35m"};

}  // namespace

Page Page::of_lines(std::string_view text) {
  Page page;
  std::size_t begin = 0;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', begin)) {
    page.text_ += printable(text.substr(begin, end - begin)) + '\n';
    begin = end + 1;
  }
  page.text_ += printable(text.substr(begin));
  return page;
}

Page Page::coloured(const Printable& text, Colour colour) {
  Page page;
  page.text_ = colour == Colour::none
                   ? text.text()
                   : fmt::format("{}{}\x1b[0m", beginning_of_colour.at(static_cast<std::size_t>(colour)), text);
  return page;
}

Page Page::without_end() const {
  Page page;
  page.text_ = text_.substr(0, text_.find_last_not_of('\n') + 1);
  return page;
}

Printable joined(const std::vector<std::string>& texts, std::string_view separator) {
  return fmt::format("{}", fmt::join(texts, separator));
}

}  // namespace sim
