#pragma once

#include <string>
#include <vector>

namespace sim::harness {

/// Rows of cells as aligned text.
class TextTable {
 public:
  enum class Align { left, right };

  struct Column {
    std::string title;
    Align align = Align::left;
  };

  explicit TextTable(std::vector<Column> columns);

  /// One cell per column (asserted).
  void add(std::vector<std::string> cells);

  /// A title line and one line per row, each after `indent` blanks and without blanks at its end. Columns without any
  /// text are left out.
  [[nodiscard]] std::string text(std::size_t indent) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

/// Columns that a text takes on a terminal: one per character of its UTF-8.
[[nodiscard]] std::size_t width_of(const std::string& text);

}  // namespace sim::harness
