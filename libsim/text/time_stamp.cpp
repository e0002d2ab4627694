#include "libsim/text/time_stamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>

#include "libsim/text/number_text.hpp"

namespace sim {

namespace {

/// Seconds beyond this would not fit the virtual clock.
constexpr Duration time_max = 9'000'000'000s;

std::string_view take_digits(std::string_view& text) {
  const auto count = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

/// A decimal number as its author wrote it: `whole`.`decimals` · 10^`exponent`.
struct Decimal {
  std::string_view whole;
  std::string_view decimals;
  std::int64_t exponent = 0;
};

std::optional<std::int64_t> take_exponent(std::string_view& text) {
  text.remove_prefix(1);
  const bool is_negative = text.starts_with('-');
  text.remove_prefix(is_negative || text.starts_with('+') ? 1 : 0);
  const auto digits = take_digits(text);
  if (digits.empty()) {
    return std::nullopt;
  }
  // Far beyond the length of any line: no number of digits makes up for it.
  constexpr std::int64_t exponent_max = 1'000'000'000;
  const auto exponent = std::min(parse_whole_number<std::int64_t>(digits).value_or(exponent_max), exponent_max);
  return is_negative ? -exponent : exponent;
}

std::optional<Decimal> parse_decimal(std::string_view text) {
  Decimal number;
  number.whole = take_digits(text);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    number.decimals = take_digits(text);
  }
  if (number.whole.empty() && number.decimals.empty()) {
    return std::nullopt;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    const auto exponent = take_exponent(text);
    if (!exponent) {
      return std::nullopt;
    }
    number.exponent = *exponent;
  }
  return text.empty() ? std::optional(number) : std::nullopt;
}

/// Takes the digits of a number of nanoseconds one by one and rounds what lies behind its point.
class Rounding {
 public:
  /// `places`: digits that are still to come before the point.
  explicit Rounding(std::int64_t places) : places_(places) {}

  void add(char digit) {
    const auto value = static_cast<std::uint64_t>(digit - '0');
    if (places_ > 0) {
      overflows_ = overflows_ || whole_ > (nanoseconds_max - value) / 10;
      whole_ = overflows_ ? whole_ : whole_ * 10 + value;
    } else if (places_ == 0) {
      tenths_ = value;
    } else {
      has_rest_ = has_rest_ || value > 0;
    }
    --places_;
  }

  [[nodiscard]] std::optional<Duration> nearest() {
    for (; places_ > 0 && whole_ > 0 && !overflows_; --places_) {
      overflows_ = whole_ > nanoseconds_max / 10;
      whole_ *= 10;
    }
    const bool is_up = tenths_ > 5 || (tenths_ == 5 && (has_rest_ || whole_ % 2 == 1));
    return overflows_ || (is_up && whole_ == nanoseconds_max)
               ? std::nullopt
               : std::optional(Duration{static_cast<std::int64_t>(whole_ + (is_up ? 1 : 0))});
  }

 private:
  static constexpr std::uint64_t nanoseconds_max = std::numeric_limits<std::int64_t>::max();

  std::int64_t places_;
  std::uint64_t whole_ = 0;
  std::uint64_t tenths_ = 0;
  bool has_rest_ = false;
  bool overflows_ = false;
};

std::optional<int> number_at(std::string_view text, std::size_t from, std::size_t count) {
  const auto number = parse_whole_number<unsigned>(text.substr(from, count));
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

std::optional<Duration> parse_date(std::string_view text) {
  const auto year = number_at(text, 0, 4);
  const auto month = number_at(text, 5, 2);
  const auto day = number_at(text, 8, 2);
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
  const auto hour = number_at(text, 0, 2);
  const auto minute = number_at(text, 3, 2);
  const auto second = number_at(text, 6, 2);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) {
    return std::nullopt;
  }
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second);
}

/// Whether the separators of `YYYY-MM-DD hh:mm:ss` stand in their places.
bool begins_like_a_time_stamp(std::string_view text) {
  return text.size() >= 19 && text[4] == '-' && text[7] == '-' && (text[10] == ' ' || text[10] == 'T') &&
         text[13] == ':' && text[16] == ':';
}

/// Takes `.98` from the front; 0 when there is none.
std::optional<Duration> take_fraction(std::string_view& text) {
  if (!text.starts_with('.')) {
    return Duration{};
  }
  text.remove_prefix(1);
  const auto digits = take_digits(text);
  return digits.empty() ? std::nullopt : parse_seconds("0." + std::string(digits));
}

/// How far ahead of UTC the clock of the place is: `+01:00`, `+0100`, `+01`, `Z` and nothing.
std::optional<Duration> parse_offset(std::string_view text) {
  text.remove_prefix(text.starts_with(' ') ? 1 : 0);
  if (text.empty() || text == "Z" || text == "UTC") {
    return Duration{};
  }
  const bool is_behind = text.starts_with('-');
  if (!is_behind && !text.starts_with('+')) {
    return std::nullopt;
  }
  text.remove_prefix(1);
  const bool has_colon = text.size() == 5 && text[2] == ':';
  if (!has_colon && text.size() != 4 && text.size() != 2) {
    return std::nullopt;
  }
  const auto hours = number_at(text, 0, 2);
  const auto minutes = text.size() == 2 ? 0 : number_at(text, has_colon ? 3 : 2, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) {
    return std::nullopt;
  }
  const Duration ahead = std::chrono::hours(*hours) + std::chrono::minutes(*minutes);
  return is_behind ? -ahead : ahead;
}

std::optional<Duration> parse_calendar_time(std::string_view text) {
  if (!begins_like_a_time_stamp(text)) {
    return std::nullopt;
  }
  const auto date = parse_date(text.substr(0, 10));
  const auto time_of_day = parse_time_of_day(text.substr(11, 8));
  text.remove_prefix(19);
  const auto fraction = take_fraction(text);
  const auto ahead = parse_offset(text);
  if (!date || !time_of_day || !fraction || !ahead) {
    return std::nullopt;
  }
  const Duration since_1970 = *date + *time_of_day + *fraction - *ahead;
  return since_1970 >= 0s ? std::optional(since_1970) : std::nullopt;
}

}  // namespace

std::optional<Duration> parse_seconds(std::string_view text) {
  const auto number = parse_decimal(text);
  if (!number) {
    return std::nullopt;
  }
  constexpr std::int64_t decimals_of_a_second = 9;
  Rounding rounding(static_cast<std::int64_t>(number->whole.size()) + number->exponent + decimals_of_a_second);
  for (const auto digits : {number->whole, number->decimals}) {
    for (const char digit : digits) {
      rounding.add(digit);
    }
  }
  return rounding.nearest();
}

std::optional<Duration> parse_span(std::string_view text) {
  if (const auto seconds = parse_seconds(text)) {
    return seconds;
  }
  const auto duration = parse_duration(text);
  return duration ? std::optional(*duration) : std::nullopt;
}

std::optional<TimeStamp> parse_time_stamp(std::string_view text) {
  if (const auto seconds = parse_seconds(text); seconds && *seconds <= time_max) {
    return TimeStamp{*seconds, TimeStamp::Form::seconds};
  }
  const auto time = parse_calendar_time(text);
  return time ? std::optional(TimeStamp{*time, TimeStamp::Form::calendar}) : std::nullopt;
}

std::string expected_time(std::string_view found) {
  const std::string expected = "a time such as 2023-11-16 18:17:03.98, or seconds such as 12.5";
  const auto number = parse_number(found);
  if (!number) {
    return expected;
  }
  constexpr double year_1990_s = 631'152'000;
  constexpr double year_2200_s = 7'258'118'400;
  constexpr std::pair<double, std::string_view> units[] = {
      {1e3, "milliseconds"}, {1e6, "microseconds"}, {1e9, "nanoseconds"}};
  for (const auto& [per_second, unit] : units) {
    const double seconds = *number / per_second;
    if (seconds >= year_1990_s && seconds <= year_2200_s) {
      return fmt::format("{}; this looks like {} since 1970, {:.3f} in seconds", expected, unit, seconds);
    }
  }
  return expected;
}

}  // namespace sim
