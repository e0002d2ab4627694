#include "libsim/time.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "libsim/failure.hpp"

namespace sim {

namespace {

/// Wide enough for every product of a parsed number and a unit.
__extension__ typedef unsigned __int128 Wide;

constexpr std::uint64_t nanoseconds_max = std::numeric_limits<std::int64_t>::max();

struct Unit {
  std::string_view symbol;
  std::uint64_t nanoseconds;
};

constexpr std::array<Unit, 7> units{{{"d", 86'400'000'000'000},
                                     {"h", 3'600'000'000'000},
                                     {"min", 60'000'000'000},
                                     {"s", 1'000'000'000},
                                     {"ms", 1'000'000},
                                     {"us", 1'000},
                                     {"ns", 1}}};

/// A number of nanoseconds with more decimals than this has no exact value in any unit: a day is 2^16 · 3^3 · 5^11 ns.
constexpr std::size_t decimals_max = 16;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) {
    ++count;
  }
  const auto digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

tl::unexpected<Error> expected_instead(std::string_view expected, std::string_view found) {
  return unexpected(fmt::format("expected {}, found \"{}\"", expected, found));
}

/// A decimal number as its author wrote it, before any rounding could happen.
struct Decimal {
  std::string_view whole;
  std::string_view decimals;  ///< without trailing zeros
};

/// Takes `12` or `12.5` from the front of `text`; nothing for `.5`, `5.` and everything else.
std::optional<Decimal> take_decimal(std::string_view& text) {
  Decimal number;
  number.whole = take_digits(text);
  if (number.whole.empty()) {
    return std::nullopt;
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    number.decimals = take_digits(text);
    if (number.decimals.empty()) {
      return std::nullopt;
    }
    const auto last = number.decimals.find_last_not_of('0');
    number.decimals = number.decimals.substr(0, last == std::string_view::npos ? 0 : last + 1);
  }
  return number;
}

const Unit* find_unit(std::string_view symbol) {
  for (const auto& unit : units) {
    if (unit.symbol == symbol) {
      return &unit;
    }
  }
  return nullptr;
}

/// The value of `digits`, or nothing once it exceeds what a duration holds.
std::optional<std::uint64_t> integer(std::string_view digits) {
  Wide value = 0;
  for (const char digit : digits) {
    value = value * 10 + static_cast<unsigned>(digit - '0');
    if (value > nanoseconds_max) {
      return std::nullopt;
    }
  }
  return static_cast<std::uint64_t>(value);
}

/// `0.decimals · unit` in nanoseconds, or nothing if that is not a whole number.
std::optional<std::uint64_t> whole_fraction(std::string_view decimals, const Unit& unit) {
  if (decimals.size() > decimals_max) {
    return std::nullopt;
  }
  Wide numerator = unit.nanoseconds;
  Wide denominator = 1;
  std::uint64_t digits = 0;
  for (const char digit : decimals) {
    digits = digits * 10 + static_cast<unsigned>(digit - '0');
    denominator *= 10;
  }
  numerator *= digits;
  if (numerator % denominator != 0) {
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(numerator / denominator);
}

Expected<Duration> to_duration(const Decimal& number, const Unit& unit, std::string_view text) {
  const auto fraction = whole_fraction(number.decimals, unit);
  if (!fraction) {
    return expected_instead("a whole number of nanoseconds", text);
  }
  const auto whole = integer(number.whole);
  if (!whole || Wide{*whole} * unit.nanoseconds + *fraction > nanoseconds_max) {
    return expected_instead("a duration of at most 292 years", text);
  }
  return Duration{static_cast<std::int64_t>(*whole * unit.nanoseconds + *fraction)};
}

/// `nanoseconds` as a number of `unit`s; nothing if it is below one unit or not a finite decimal fraction of it.
std::optional<std::string> decimal_text(std::uint64_t nanoseconds, const Unit& unit) {
  if (nanoseconds < unit.nanoseconds) {
    return std::nullopt;
  }
  auto text = std::to_string(nanoseconds / unit.nanoseconds);
  auto rest = nanoseconds % unit.nanoseconds;
  for (std::size_t decimal = 0; rest != 0; ++decimal) {
    if (decimal == decimals_max) {
      return std::nullopt;
    }
    text += decimal == 0 ? "." : "";
    rest *= 10;
    text += static_cast<char>('0' + rest / unit.nanoseconds);
    rest %= unit.nanoseconds;
  }
  return text.append(unit.symbol);
}

constexpr double seconds_limit = 9'223'372'036.0;  // below 2^63 ns with room for the fraction

std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

}  // namespace

Duration from_seconds(double seconds) {
  check(std::abs(seconds) < seconds_limit, "a duration in seconds is a number within 292 years");
  // Whole seconds are converted as integers: their product with 1e9 would lose nanoseconds beyond 104 days.
  const double whole = std::trunc(seconds);
  const double fraction_ns = std::nearbyint((seconds - whole) * 1e9);
  return Duration{static_cast<std::int64_t>(whole) * 1'000'000'000 + static_cast<std::int64_t>(fraction_ns)};
}

Duration nearest_duration(double seconds) {
  if (std::abs(seconds) >= seconds_limit) {
    return seconds < 0.0 ? -forever : forever;
  }
  return from_seconds(seconds);
}

Expected<Duration> parse_duration(std::string_view text) {
  constexpr std::string_view example = "a duration such as 250ms";
  auto rest = text;
  if (rest.starts_with('-')) {
    rest.remove_prefix(1);
    return expected_instead(take_decimal(rest) ? "a duration of 0 or more" : example, text);
  }
  const auto number = take_decimal(rest);
  if (!number) {
    return expected_instead(example, text);
  }
  if (rest.empty()) {
    if (text == "0") {
      return Duration::zero();
    }
    return expected_instead("a unit (ns, us, ms, s, min, h or d) after the number, as in 250ms", text);
  }
  const auto* unit = find_unit(rest);
  if (unit == nullptr) {
    return expected_instead("a number and one of the units ns, us, ms, s, min, h, d, as in 250ms", text);
  }
  return to_duration(*number, *unit, text);
}

std::string to_text(Duration duration) {
  if (duration == Duration::zero()) {
    return "0s";
  }
  std::string shortest;
  for (const auto& unit : units) {
    const auto text = decimal_text(magnitude(duration.count()), unit);
    if (text && (shortest.empty() || text->size() < shortest.size())) {
      shortest = *text;
    }
  }
  return duration < Duration::zero() ? "-" + shortest : shortest;
}

std::string to_text(Time time) {
  const auto nanoseconds = time.time_since_epoch().count();
  const auto value = magnitude(nanoseconds);
  return fmt::format("{}{}.{:09}", nanoseconds < 0 ? "-" : "", value / 1'000'000'000, value % 1'000'000'000);
}

}  // namespace sim
