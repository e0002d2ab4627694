#include "libsim/text/text_table.hpp"

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim {

namespace {

constexpr std::size_t gap = 2;

/// Narrower columns of text are hard to read, whatever the width of the terminal.
constexpr std::size_t wrapped_width_min = 24;

/// The text in lines of at most `width` columns, broken at blanks; a longer word has a line of its own.
std::vector<std::string> lines_within(std::size_t width, std::string_view text) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string word(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    std::string& last = lines.back();
    if (last.empty()) {
      last = word;
    } else if (width_of(last) + 1 + width_of(word) <= width) {
      last += " " + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

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

Page TextTable::rows_within(std::size_t width, std::size_t indent) const {
  const auto all_widths = widths();
  std::size_t start = indent;
  for (std::size_t column = 0; column + 1 < columns_.size(); ++column) {
    start += all_widths[column] == 0 ? 0 : all_widths[column] + gap;
  }
  const std::size_t room = std::max(wrapped_width_min, width - std::min(width, start));
  Page text;
  for (std::vector<Cell> row : rows_) {
    const auto lines = lines_within(room, row.back().text.text());
    row.back().text = lines.front();
    text += line(row, all_widths, indent);
    for (std::size_t next = 1; next < lines.size(); ++next) {
      text += Page("{:{}}{}\n", "", start, lines[next]);
    }
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
    const std::size_t padding = widths[column] - std::min(widths[column], width_of(text.text()));
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
