#include "libsim/text/csv_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <unordered_set>

// The parser would read ahead in a thread of its own; and it cuts long file names on purpose, which g++ takes for a
// slip.
#define CSV_IO_NO_THREAD
#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wstringop-truncation"
#endif
#include <libfccp/csv.h>
#pragma GCC diagnostic pop

#include "libsim/text/nearest_name.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/printable.hpp"
#include "libsim/text/quoting.hpp"
#include "libsim/text/time_stamp.hpp"

namespace sim {

namespace {

using Quotes = io::double_quote_escape<',', '"'>;
using Trim = io::trim_chars<' ', '\t'>;

/// Why a stream cannot be read as CSV, on its way through the parser.
class UnreadableStream : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Feeds the parser and guards it: the parser works on C strings, so that a NUL byte would silently cut a line, and it
/// may run past the end of a file whose last line does not end.
class GuardedBytes : public io::ByteSourceBase {
 public:
  GuardedBytes(std::string_view rest, std::string name) : rest_(rest), name_(std::move(name)) {}

  int read(char* buffer, int size) override {
    const std::size_t count = std::min(static_cast<std::size_t>(size), rest_.size());
    std::memcpy(buffer, rest_.data(), count);
    rest_.remove_prefix(count);
    guard({buffer, count});
    const bool ended = count < static_cast<std::size_t>(size);
    if (!ended || last_ == '\n') {
      return static_cast<int>(count);
    }
    last_ = buffer[count] = '\n';
    return static_cast<int>(count + 1);
  }

 private:
  void guard(std::string_view bytes) {
    if (is_first_ && (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))) {
      throw UnreadableStream(fmt::format("{}:1: is text in UTF-16: expected UTF-8", shown_path(name_)));
    }
    is_first_ = false;
    if (const auto nul = bytes.find('\0'); nul != std::string_view::npos) {
      lines_ += static_cast<std::size_t>(std::count(bytes.begin(), bytes.begin() + static_cast<long>(nul), '\n'));
      throw UnreadableStream(fmt::format("{}:{}: holds a NUL byte: expected text", shown_path(name_), lines_ + 1));
    }
    lines_ += static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    last_ = bytes.empty() ? last_ : bytes.back();
  }

  std::string_view rest_;
  std::string name_;
  bool is_first_ = true;
  std::size_t lines_ = 0;
  char last_ = '\n';
};

bool is_value(std::string_view field) {
  return parse_number(field) || parse_duration(field) || parse_time_stamp(field).has_value();
}

bool are_values(const std::vector<std::string>& header) {
  const auto is_name = [](const std::string& field) { return !field.empty() && !is_value(field); };
  return std::any_of(header.begin(), header.end(), is_value) && std::none_of(header.begin(), header.end(), is_name);
}

struct Separator {
  char letter;
  std::string_view name;
};
constexpr std::array<Separator, 3> other_separators{{{';', "semicolons"}, {'\t', "tabs"}, {'|', "bars"}}};

/// The separator with which a header of one field becomes one that has the name.
const Separator* separator_that_gives(std::string_view header, std::string_view name) {
  for (const Separator& separator : other_separators) {
    const auto found = header.find(name);
    const bool begins = found == 0 || (found != std::string_view::npos && header[found - 1] == separator.letter);
    if (begins && header.find(separator.letter) != std::string_view::npos) {
      return &separator;
    }
  }
  return nullptr;
}

/// Whether a spreadsheet would take a field for a formula. The wide forms count in Japanese ones. A comparison such as
/// `==` is none by itself.
bool is_formula(std::string_view field) {
  constexpr std::array<std::string_view, 8> beginnings{"=", "+", "-", "@", "＝", "＋", "－", "＠"};
  const auto text = field.substr(std::min(field.find_first_not_of(" \t\r\n"), field.size()));
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view beginning) { return text.starts_with(beginning); }) &&
         text != "==" && !parse_number(text.substr(text.starts_with('+') ? 1 : 0));
}

}  // namespace

struct CsvFile::Reader {
  explicit Reader(InputFile file)
      : bytes(std::move(file.bytes)),
        name(std::move(file.path)),
        lines(name, std::make_unique<GuardedBytes>(*bytes, name)) {}

  std::shared_ptr<const std::string> bytes;
  std::string name;
  io::LineReader lines;
  std::vector<std::string> columns;
  std::size_t header_line = 0;
  std::string first_value;  ///< of a file without header
  bool first_value_is_next = false;
  std::vector<std::string_view> fields;

  [[nodiscard]] std::string place() const { return fmt::format("{}:{}", shown_path(name), lines.get_file_line()); }
  [[nodiscard]] std::string place_of_header() const { return fmt::format("{}:{}", shown_path(name), header_line); }

  /// Lines that end with CR alone are one line to the parser.
  [[nodiscard]] bool has_carriage_returns() const {
    return std::any_of(fields.begin(), fields.end(),
                       [](std::string_view field) { return field.find('\r') != std::string_view::npos; });
  }
  [[nodiscard]] tl::unexpected<Error> wrong_line_ends() const {
    return unexpected(fmt::format("{}: line ends are CR: expected LF or CRLF", place()));
  }

  /// Splits the next line that is not empty into `fields`; false at the end.
  Expected<bool> next_line() {
    try {
      char* line = lines.next_line();
      while (line != nullptr && *line == '\0') {
        line = lines.next_line();
      }
      if (line == nullptr) {
        return false;
      }
      split(line);
      return true;
    } catch (const io::error::escaped_string_not_closed&) {
      return unexpected(fmt::format("{}: a quoted field does not end on its line: expected a closing \"", place()));
    } catch (const io::error::line_length_limit_exceeded&) {
      return unexpected(fmt::format("{}: the line is too long: expected less than 16 MB", place()));
    } catch (const UnreadableStream& unreadable) {
      return unexpected(unreadable.what());
    }
  }

  void split(char* line) {
    fields.clear();
    for (bool last = false; !last;) {
      char* begin = line;
      char* end = begin + (Quotes::find_next_column_end(begin) - begin);
      last = *end == '\0';
      line = end + 1;
      *end = '\0';
      Trim::trim(begin, end);
      Quotes::unescape(begin, end);
      fields.emplace_back(begin, static_cast<std::size_t>(end - begin));
    }
  }
};

CsvFile::CsvFile(std::unique_ptr<Reader> reader) : reader_(std::move(reader)) {}
CsvFile::CsvFile(CsvFile&&) noexcept = default;
CsvFile& CsvFile::operator=(CsvFile&&) noexcept = default;
CsvFile::~CsvFile() = default;

Expected<CsvFile> CsvFile::open(InputFiles& files, const std::filesystem::path& path, std::uintmax_t bytes_max) {
  return files.read(path, bytes_max).and_then([](const InputFile& file) { return of(file); });
}

Expected<CsvFile> CsvFile::open(const std::filesystem::path& path, std::uintmax_t bytes_max) {
  InputFiles files;
  return open(files, path, bytes_max);
}

Expected<CsvFile> CsvFile::of(const InputFile& file) {
  try {
    return with_header(std::make_unique<Reader>(file));
  } catch (const UnreadableStream& unreadable) {
    return unexpected(unreadable.what());
  }
}

Expected<CsvFile> CsvFile::of_text(std::string name, std::string text) {
  return of({.path = std::move(name), .bytes = std::make_shared<const std::string>(std::move(text)), .hash = {}});
}

Expected<CsvFile> CsvFile::with_header(std::unique_ptr<Reader> reader) {
  auto found = reader->next_line();
  if (!found) {
    return tl::unexpected(std::move(found.error()));
  }
  if (!*found) {
    return unexpected(
        fmt::format("{}: is empty: expected a header with the names of the columns", shown_path(reader->name)));
  }
  if (reader->has_carriage_returns()) {
    return reader->wrong_line_ends();
  }
  if (reader->fields.size() > columns_max) {
    return unexpected(
        fmt::format("{}: has {} columns: expected at most {}", reader->place(), reader->fields.size(), columns_max));
  }
  reader->header_line = reader->lines.get_file_line();
  reader->columns.assign(reader->fields.begin(), reader->fields.end());
  std::unordered_set<std::string_view> names;
  for (const std::string& name : reader->columns) {
    if (!names.insert(name).second && !are_values(reader->columns)) {
      return unexpected(fmt::format("{}: the header names column {} twice", reader->place(), shown(name)));
    }
  }
  return CsvFile(std::move(reader));
}

const std::vector<std::string>& CsvFile::columns() const { return reader_->columns; }

Expected<std::vector<std::size_t>> CsvFile::columns_named(std::span<const std::string_view> names) const {
  if (are_values(reader_->columns)) {
    return tl::unexpected(no_header(names));
  }
  std::vector<std::size_t> indices;
  for (const std::string_view name : names) {
    const auto& header = reader_->columns;
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end()) {
      return tl::unexpected(std::any_of(header.begin(), header.end(), is_value) ? no_header(names) : missing(name));
    }
    indices.push_back(static_cast<std::size_t>(found - header.begin()));
  }
  return indices;
}

Expected<std::size_t> CsvFile::column(std::string_view name) const {
  return columns_named(std::span(&name, 1)).map([](const auto& indices) { return indices.front(); });
}

Expected<void> CsvFile::read_first_column() {
  if (!are_values(reader_->columns)) {
    return {};
  }
  if (reader_->columns.size() > 1) {
    return unexpected(fmt::format("{}: {}: expected a header that names the columns, or one column without a header",
                                  reader_->place_of_header(), shown(fmt::format("{}", fmt::join(columns(), ",")))));
  }
  reader_->first_value = std::exchange(reader_->columns.front(), "value");
  reader_->first_value_is_next = true;
  return {};
}

Error CsvFile::no_header(std::span<const std::string_view> names) const {
  return Error{fmt::format("{}: {}: expected a header that names the columns, such as {}", reader_->place_of_header(),
                           shown(fmt::format("{}", fmt::join(columns(), ","))), fmt::join(names, ","))};
}

Error CsvFile::missing(std::string_view name) const {
  const auto& names = reader_->columns;
  const Separator* separator = names.size() == 1 ? separator_that_gives(names.front(), name) : nullptr;
  if (separator != nullptr) {
    return Error{fmt::format("{}: the fields are separated by {}: expected commas", reader_->place_of_header(),
                             separator->name)};
  }
  return Error{fmt::format("{}: column {} is missing: the header has {}{}", shown_path(reader_->name), shown(name),
                           one_line(fmt::format("{}", fmt::join(names, ", "))), did_you_mean(name, names))};
}

Expected<bool> CsvFile::next_row() {
  if (std::exchange(reader_->first_value_is_next, false)) {
    reader_->fields = {reader_->first_value};
    return true;
  }
  auto found = reader_->next_line();
  if (found && *found && reader_->fields.size() != reader_->columns.size()) {
    if (reader_->has_carriage_returns()) {
      return reader_->wrong_line_ends();
    }
    return unexpected(fmt::format("{}: has {} {}: expected {} as in the header", reader_->place(),
                                  reader_->fields.size(), reader_->fields.size() == 1 ? "field" : "fields",
                                  reader_->columns.size()));
  }
  return found;
}

std::string_view CsvFile::field(std::size_t column) const { return reader_->fields.at(column); }

Expected<double> CsvFile::number(std::size_t column) const {
  const auto value = parse_number(field(column));
  return value ? Expected<double>(*value) : tl::unexpected(wrong_field(column, "a finite number"));
}

Expected<std::int64_t> CsvFile::whole_number(std::size_t column) const {
  const auto value = parse_whole_number<std::int64_t>(field(column));
  return value && *value >= 0
             ? Expected<std::int64_t>(*value)
             : tl::unexpected(wrong_field(
                   column, fmt::format("a whole number from 0 to {}", std::numeric_limits<std::int64_t>::max())));
}

std::size_t CsvFile::line() const { return reader_->lines.get_file_line(); }

Error CsvFile::wrong_field(std::size_t column, std::string_view expected) const {
  return Error{fmt::format("{}: column {} ({}): {}: expected {}", reader_->place(), column + 1,
                           shown(reader_->columns.at(column)), shown(field(column)), expected)};
}

std::string csv_field(std::string_view text) {
  std::string field = is_formula(text) ? printable("'" + std::string(text)) : printable(text);
  if (field.find_first_of(",\"") == std::string::npos) {
    return field;
  }
  std::string quoted = "\"";
  for (const char letter : field) {
    quoted += letter == '"' ? std::string("\"\"") : std::string(1, letter);
  }
  return quoted + "\"";
}

std::string csv_row(const std::vector<std::string>& fields) {
  std::vector<std::string> quoted(fields.size());
  std::transform(fields.begin(), fields.end(), quoted.begin(), csv_field);
  return fmt::format("{}\n", fmt::join(quoted, ","));
}

}  // namespace sim
