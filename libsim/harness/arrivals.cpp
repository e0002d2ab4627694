#include "libsim/harness/arrivals.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "libsim/harness/csv_file.hpp"
#include "libsim/harness/input_limits.hpp"
#include "libsim/harness/number_text.hpp"
#include "libsim/harness/quoting.hpp"

namespace sim::harness {

namespace {

constexpr std::string_view expected_time = "a time such as 2023-11-16 18:17:03.98, or seconds such as 12.5";

/// Seconds beyond this would not fit the virtual clock.
constexpr std::int64_t seconds_max = 9'000'000'000;

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  const auto number = parse_whole_number<unsigned>(text.substr(from, count));
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

/// The digits after a decimal point as nanoseconds.
std::optional<Duration> parse_fraction(std::string_view text) {
  constexpr std::size_t digits_max = 9;
  if (text.empty() || text.size() > digits_max) {
    return std::nullopt;
  }
  const std::string padded = std::string(text) + std::string(digits_max - text.size(), '0');
  const auto nanoseconds = parse_whole_number<std::uint32_t>(padded);
  return nanoseconds ? std::optional(Duration(*nanoseconds)) : std::nullopt;
}

std::optional<Duration> parse_seconds(std::string_view text) {
  const auto point = text.find('.');
  const auto seconds = parse_whole_number<std::uint64_t>(text.substr(0, point));
  const auto fraction = point == std::string_view::npos ? Duration{} : parse_fraction(text.substr(point + 1));
  if (!seconds || !fraction || *seconds > static_cast<std::uint64_t>(seconds_max)) {
    return std::nullopt;
  }
  return std::chrono::seconds(*seconds) + *fraction;
}

std::optional<Duration> parse_date(std::string_view text) {
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  if (!year || !month || !day) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  return date.ok() && *year >= 1970 && *year <= 2200
             ? std::optional<Duration>(std::chrono::sys_days(date).time_since_epoch())
             : std::nullopt;
}

std::optional<Duration> parse_time_of_day(std::string_view text) {
  const auto hour = digits(text, 0, 2);
  const auto minute = digits(text, 3, 2);
  const auto second = digits(text, 6, 2);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

/// Whether the separators of `YYYY-MM-DD hh:mm:ss` stand in their places.
bool looks_like_time_stamp(std::string_view text) {
  return text.size() >= 19 && text[4] == '-' && text[7] == '-' && (text[10] == ' ' || text[10] == 'T') &&
         text[13] == ':' && text[16] == ':' && (text.size() == 19 || text[19] == '.');
}

std::optional<Duration> parse_calendar_time(std::string_view text) {
  if (text.ends_with('Z')) {
    text.remove_suffix(1);
  }
  if (!looks_like_time_stamp(text)) {
    return std::nullopt;
  }
  const auto date = parse_date(text.substr(0, 10));
  const auto time_of_day = parse_time_of_day(text.substr(11, 8));
  const auto fraction = text.size() == 19 ? Duration{} : parse_fraction(text.substr(20));
  return date && time_of_day && fraction ? std::optional(*date + *time_of_day + *fraction) : std::nullopt;
}

/// Reads the rows of one trace.
class TraceReader {
 public:
  TraceReader(CsvFile csv, std::string source) : csv_(std::move(csv)) { arrivals_.source = std::move(source); }

  Expected<void> find_columns(const ArrivalColumns& wanted) {
    const auto time = csv_.column(wanted.time);
    if (!time) {
      return tl::unexpected(time.error());
    }
    time_column_ = *time;
    for (const auto& name : wanted.values) {
      const auto column = csv_.column(name);
      if (!column) {
        return tl::unexpected(column.error());
      }
      value_columns_.push_back(*column);
    }
    arrivals_.values.resize(value_columns_.size());
    return {};
  }

  Expected<Arrivals> read() && {
    if (auto added = csv_.each_row([&] { return add_row(); }); !added) {
      return tl::unexpected(added.error());
    }
    if (arrivals_.empty()) {
      return unexpected(fmt::format("{}: has no arrivals: expected a row for each", shown_path(arrivals_.source)));
    }
    arrivals_.content_hash = csv_.content_hash();
    return std::move(arrivals_);
  }

 private:
  Expected<void> add_row() {
    const auto time = parse_time_stamp(csv_.field(time_column_));
    if (!time) {
      return tl::unexpected(csv_.wrong_field(time_column_, expected_time));
    }
    if (arrivals_.empty()) {
      first_ = last_ = *time;
    }
    if (*time < last_) {
      return tl::unexpected(csv_.wrong_field(time_column_, "a time not before the one in the row above"));
    }
    last_ = *time;
    for (std::size_t index = 0; index < value_columns_.size(); ++index) {
      const auto value = csv_.whole_number(value_columns_[index]);
      if (!value) {
        return tl::unexpected(value.error());
      }
      arrivals_.values[index].push_back(*value);
    }
    arrivals_.at.push_back(*time - first_);
    return {};
  }

  CsvFile csv_;
  std::size_t time_column_ = 0;
  std::vector<std::size_t> value_columns_;
  Duration first_{};
  Duration last_{};
  Arrivals arrivals_;
};

}  // namespace

Expected<Arrivals> read_arrivals(const std::filesystem::path& path, const ArrivalColumns& columns) {
  auto csv = CsvFile::open(path, data_bytes_max);
  if (!csv) {
    return tl::unexpected(std::move(csv.error()));
  }
  TraceReader reader(std::move(*csv), path.string());
  if (auto found = reader.find_columns(columns); !found) {
    return tl::unexpected(std::move(found.error()));
  }
  return std::move(reader).read();
}

Expected<Duration> parse_time_stamp(std::string_view text) {
  auto time = parse_seconds(text);
  if (!time) {
    time = parse_calendar_time(text);
  }
  return time ? Expected<Duration>(*time) : unexpected(fmt::format("{}: expected {}", shown(text), expected_time));
}

}  // namespace sim::harness
