#include "libsim/text/text_table.hpp"

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim {

namespace {

constexpr std::size_t gap = 2;

}  // namespace

TextTable::TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

void TextTable::add(std::vector<Cell> cells) {
  check(cells.size() == columns_.size(), "a row of a table has one cell per column");
  rows_.push_back(std::move(cells));
}

Page TextTable::text(std::size_t indent) const {
  std::vector<Cell> titles;
  for (const auto& column : columns_) {
    titles.emplace_back(column.title);
  }
  return line(titles, widths(), indent) + rows(indent);
}

Page TextTable::rows(std::size_t indent) const {
  Page text;
  const auto all_widths = widths();
  for (const auto& row : rows_) {
    text += line(row, all_widths, indent);
  }
  return text;
}

std::vector<std::size_t> TextTable::widths() const {
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    std::size_t widest = 0;
    for (const auto& row : rows_) {
      widest = std::max(widest, width_of(row[column].text.text()));
    }
    widths.push_back(widest == 0 ? 0 : std::max(widest, width_of(columns_[column].title.text())));
  }
  return widths;
}

Page TextTable::line(const std::vector<Cell>& cells, const std::vector<std::size_t>& widths, std::size_t indent) const {
  Page line;
  std::size_t blanks = indent;
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    if (widths[column] == 0) {
      continue;
    }
    const auto& [text, colour] = cells[column];
    const std::size_t padding = widths[column] - width_of(text.text());
    const std::size_t before = columns_[column].align == Align::right ? padding : 0;
    blanks += before;
    if (!text.empty()) {
      line += Page("{:{}}{}", "", std::exchange(blanks, 0), Page::coloured(text, colour));
    }
    blanks += padding - before + gap;
  }
  return line + Page("\n");
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

}  // namespace sim
