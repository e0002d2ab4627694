#pragma once

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "libsim/text/page.hpp"

namespace sim {

/// Rows of cells as aligned text.
class TextTable {
 public:
  enum class Align { left, right };

  struct Column {
    Printable title;
    Align align = Align::left;
  };

  /// A text, which may have a colour.
  struct Cell {
    // From whatever can become printable, without a word.
    // NOLINTBEGIN(google-explicit-constructor)
    template <class Text>
    requires std::is_convertible_v<const Text&, Printable> Cell(const Text& content,
                                                                Page::Colour its_colour = Page::Colour::none)
        : text(content), colour(its_colour) {}
    // NOLINTEND(google-explicit-constructor)

    Printable text;
    Page::Colour colour;
  };

  explicit TextTable(std::vector<Column> columns);

  /// One cell per column (asserted).
  void add(std::vector<Cell> cells);

  /// A title line and one line per row, each after `indent` blanks and without blanks at its end. Columns without any
  /// text are left out.
  [[nodiscard]] Page text(std::size_t indent) const;

  /// The same without the title line.
  [[nodiscard]] Page rows(std::size_t indent) const;

  /// The same, with texts of the last column that go on below each other where a line would be longer than `width`.
  [[nodiscard]] Page rows_within(std::size_t width, std::size_t indent) const;

 private:
  [[nodiscard]] std::vector<std::size_t> widths() const;
  [[nodiscard]] Page line(const std::vector<Cell>& cells, const std::vector<std::size_t>& widths,
                          std::size_t indent) const;

  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

/// Columns that a text takes on a terminal: one per character of its UTF-8.
[[nodiscard]] std::size_t width_of(std::string_view text);

}  // namespace sim
