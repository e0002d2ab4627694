#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/expected.hpp"

namespace sim::harness {

/// Reads CSV row by row: the first row names the columns, fields may stand in double quotes, a quote inside them is
/// doubled. A byte order mark and CRLF line ends are accepted, empty lines are skipped, and a row never spans lines.
///
/// Every error is one line: file, line, column, the value, and what was expected.
class CsvFile {
 public:
  /// Opens the file and reads its header. Refuses a file of more than `bytes_max` bytes, an empty file, a header that
  /// names a column twice, and whatever is not text.
  [[nodiscard]] static Expected<CsvFile> open(const std::filesystem::path& path, std::uintmax_t bytes_max);

  /// Reads CSV that is already in memory; `name` stands for the file in messages.
  [[nodiscard]] static Expected<CsvFile> of_text(std::string name, std::string text);

  CsvFile(CsvFile&&) noexcept;
  CsvFile& operator=(CsvFile&&) noexcept;
  ~CsvFile();

  /// The names of the columns in their order.
  [[nodiscard]] const std::vector<std::string>& columns() const;

  /// The index of a column; the error says which columns there are.
  [[nodiscard]] Expected<std::size_t> column(std::string_view name) const;

  /// The indices of several columns, in the order of the names.
  template <std::size_t n>
  [[nodiscard]] Expected<std::array<std::size_t, n>> columns_named(const std::array<std::string_view, n>& names) const {
    std::array<std::size_t, n> indices{};
    for (std::size_t i = 0; i < n; ++i) {
      const auto index = column(names[i]);
      if (!index) {
        return tl::unexpected(index.error());
      }
      indices[i] = *index;
    }
    return indices;
  }

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

  /// A 32-bit hash over the bytes read so far, the same for the same content everywhere.
  [[nodiscard]] std::uint32_t content_hash() const;

 private:
  struct Reader;
  explicit CsvFile(std::unique_ptr<Reader> reader);
  [[nodiscard]] static Expected<CsvFile> with_header(std::unique_ptr<Reader> reader);
  std::unique_ptr<Reader> reader_;
};

/// One field as CSV: in double quotes where it needs them. A line break becomes a space, so that every row is one line.
[[nodiscard]] std::string csv_field(std::string_view text);

/// One row of CSV with its line end.
[[nodiscard]] std::string csv_row(const std::vector<std::string>& fields);

}  // namespace sim::harness
