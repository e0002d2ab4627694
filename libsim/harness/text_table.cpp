#include "libsim/harness/text_table.hpp"

#include <algorithm>
#include <utility>

#include "libsim/failure.hpp"

namespace sim::harness {

namespace {

constexpr std::size_t gap = 2;

/// The text without the escape sequences that colour it.
std::string without_colours(const std::string& text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\x1b') {
      at = std::min(text.find('m', at), text.size() - 1);
    } else {
      plain += text[at];
    }
  }
  return plain;
}

std::string trimmed_end(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

TextTable::TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

void TextTable::add(std::vector<std::string> cells) {
  check(cells.size() == columns_.size(), "a row of a table has one cell per column");
  rows_.push_back(std::move(cells));
}

std::string TextTable::text(std::size_t indent) const {
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    std::size_t widest = 0;
    for (const auto& row : rows_) {
      widest = std::max(widest, width_of(row[column]));
    }
    widths.push_back(widest == 0 ? 0 : std::max(widest, width_of(columns_[column].title)));
  }
  const auto line = [&](auto cell_of) {
    std::string text(indent, ' ');
    for (std::size_t column = 0; column < columns_.size(); ++column) {
      if (widths[column] == 0) {
        continue;
      }
      const std::string& cell = cell_of(column);
      const std::string padding(widths[column] - width_of(cell), ' ');
      text += columns_[column].align == Align::right ? padding + cell : cell + padding;
      text += std::string(gap, ' ');
    }
    return trimmed_end(text) + "\n";
  };
  std::string text = line([&](std::size_t column) -> const std::string& { return columns_[column].title; });
  for (const auto& row : rows_) {
    text += line([&](std::size_t column) -> const std::string& { return row[column]; });
  }
  return text;
}

std::size_t width_of(const std::string& text) {
  const std::string plain = without_colours(text);
  return static_cast<std::size_t>(std::count_if(
      plain.begin(), plain.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

}  // namespace sim::harness
