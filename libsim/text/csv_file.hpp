#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/files/input_files.hpp"

namespace sim {

/// Reads CSV row by row: the first row names the columns, fields may stand in double quotes, a quote inside them is
/// doubled. A byte order mark and CRLF line ends are accepted, empty lines are skipped, and a row never spans lines.
///
/// A first row of values is no header: who asks for a column by its name is told so, and no value is lost in silence.
///
/// Every error is one line: file, line, column, the value, and what was expected.
class CsvFile {
 public:
  /// Reads the header of a file. Refuses a file of more than `bytes_max` bytes, an empty file, a header that names a
  /// column twice or more than `columns_max`, lines that end with CR alone, and whatever is not text.
  [[nodiscard]] static Expected<CsvFile> open(InputFiles& files, const std::filesystem::path& path,
                                              std::uintmax_t bytes_max);

  /// The same for a file that nobody else reads.
  [[nodiscard]] static Expected<CsvFile> open(const std::filesystem::path& path, std::uintmax_t bytes_max);

  /// The same for a file that was read.
  [[nodiscard]] static Expected<CsvFile> of(const InputFile& file);

  /// Reads CSV that is already in memory; `name` stands for the file in messages.
  [[nodiscard]] static Expected<CsvFile> of_text(std::string name, std::string text);

  CsvFile(CsvFile&&) noexcept;
  CsvFile& operator=(CsvFile&&) noexcept;
  ~CsvFile();

  /// As many as the widest table of the usual programs has.
  static constexpr std::size_t columns_max = 16'384;

  /// The names of the columns in their order.
  [[nodiscard]] const std::vector<std::string>& columns() const;

  /// The indices of columns, in the order of the names. The error says which columns there are, or why the first row is
  /// no header: it holds values, or its fields are not separated by commas.
  [[nodiscard]] Expected<std::vector<std::size_t>> columns_named(std::span<const std::string_view> names) const;
  template <std::size_t n>
  [[nodiscard]] Expected<std::array<std::size_t, n>> columns_named(const std::array<std::string_view, n>& names) const {
    return columns_named(std::span<const std::string_view>(names)).map([](const std::vector<std::size_t>& found) {
      std::array<std::size_t, n> indices{};
      std::copy(found.begin(), found.end(), indices.begin());
      return indices;
    });
  }

  /// The index of one column.
  [[nodiscard]] Expected<std::size_t> column(std::string_view name) const;

  /// For who reads the first column whatever its name: a value that stands alone in the first row is the first value
  /// and no header. Refuses a first row of several values.
  [[nodiscard]] Expected<void> read_first_column();

  /// Calls `read`, which gives an `Expected<void>`, for each row that is left, up to the first error.
  template <class Read>
  [[nodiscard]] Expected<void> each_row(Read read) {
    for (;;) {
      const auto more = next_row();
      if (!more) {
        return tl::unexpected(more.error());
      }
      if (!*more) {
        return {};
      }
      if (Expected<void> done = read(); !done) {
        return done;
      }
    }
  }

  /// Moves to the next row; false at the end. Refuses a row with more or fewer fields than the header.
  [[nodiscard]] Expected<bool> next_row();

  /// A field of the current row, valid until `next_row`.
  [[nodiscard]] std::string_view field(std::size_t column) const;

  /// A field of the current row as a finite number.
  [[nodiscard]] Expected<double> number(std::size_t column) const;

  /// A field of the current row as a whole number from 0 to 2^63-1.
  [[nodiscard]] Expected<std::int64_t> whole_number(std::size_t column) const;

  /// The line of the current row, counted from 1.
  [[nodiscard]] std::size_t line() const;

  /// The error for a field of the current row: `arrivals.csv:17: column 2 (tokens): 5x: expected a whole number`.
  [[nodiscard]] Error wrong_field(std::size_t column, std::string_view expected) const;

 private:
  struct Reader;
  explicit CsvFile(std::unique_ptr<Reader> reader);
  [[nodiscard]] static Expected<CsvFile> with_header(std::unique_ptr<Reader> reader);
  [[nodiscard]] Error no_header(std::span<const std::string_view> names) const;
  [[nodiscard]] Error missing(std::string_view name) const;
  std::unique_ptr<Reader> reader_;
};

/// One field as CSV: `printable`, so that every row is one line, and in double quotes where it needs them. Text that a
/// spreadsheet would compute, as it begins with `=`, `+`, `-` or `@` and is no number, gets a single quote in front.
/// Source: OWASP, CSV Injection.
[[nodiscard]] std::string csv_field(std::string_view text);

/// One row of CSV with its line end.
[[nodiscard]] std::string csv_row(const std::vector<std::string>& fields);

}  // namespace sim
