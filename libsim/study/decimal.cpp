#include "libsim/study/decimal.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

namespace sim::study {

namespace {

constexpr int digits_max = 18;
constexpr std::int64_t units_limit = 1'000'000'000'000'000'000;

bool is_decimal_digit(char c) { return c >= '0' && c <= '9'; }

/// The digits at the front of `text`, appended to `units`; false when they are too many.
bool take_units(std::string_view& text, std::int64_t& units, int& count) {
  for (count = 0; !text.empty() && is_decimal_digit(text.front()); text.remove_prefix(1), ++count) {
    if (units >= units_limit / 10) {
      return false;
    }
    units = units * 10 + (text.front() - '0');
  }
  return true;
}

/// What stands behind the digits: nothing, or `e` and a small whole number.
std::optional<int> exponent_in(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  if (text.front() != 'e' && text.front() != 'E') {
    return std::nullopt;
  }
  text.remove_prefix(text.substr(1).starts_with('+') ? 2 : 1);
  if (text.empty() || !is_decimal_digit(text.back())) {
    return std::nullopt;
  }
  int exponent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  const bool complete = error == std::errc{} && end == text.data() + text.size();
  return complete && std::abs(exponent) < 1000 ? std::optional(exponent) : std::nullopt;
}

/// Without zeros at the end of the fraction, and with no negative number of decimals.
std::optional<Decimal> canonical(std::int64_t units, int decimals) {
  while (decimals > 0 && units % 10 == 0) {
    units /= 10;
    --decimals;
    if (units == 0) {
      decimals = 0;
    }
  }
  for (; decimals < 0 && units != 0; ++decimals) {
    if (units >= units_limit / 10) {
      return std::nullopt;
    }
    units *= 10;
  }
  return decimals > digits_max ? std::nullopt : std::optional(Decimal{units, std::max(decimals, 0)});
}

}  // namespace

double Decimal::value() const { return *parse_number(to_text(*this)); }

std::optional<Decimal> parse_decimal(std::string_view text) {
  const bool negative = text.starts_with('-');
  text.remove_prefix(negative ? 1 : 0);
  std::int64_t units = 0;
  int whole_digits = 0;
  int decimals = 0;
  if (!take_units(text, units, whole_digits) || whole_digits == 0) {
    return std::nullopt;
  }
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!take_units(text, units, decimals) || decimals == 0) {
      return std::nullopt;
    }
  }
  const auto exponent = exponent_in(text);
  if (!exponent) {
    return std::nullopt;
  }
  auto number = canonical(units, decimals - *exponent);
  if (number && negative) {
    number->units = -number->units;
  }
  return number;
}

std::optional<Decimal> widened(Decimal number, int decimals) {
  for (; number.decimals < decimals; ++number.decimals) {
    if (std::abs(number.units) >= units_limit / 10) {
      return std::nullopt;
    }
    number.units *= 10;
  }
  return number;
}

std::string to_text(Decimal number) {
  const auto shortest = *canonical(std::abs(number.units), number.decimals);
  std::string text = fmt::format("{:0{}}", shortest.units, shortest.decimals + 1);
  if (shortest.decimals > 0) {
    text.insert(text.size() - static_cast<std::size_t>(shortest.decimals), 1, '.');
  }
  return number.units < 0 ? "-" + text : text;
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool complete = error == std::errc{} && end == text.data() + text.size();
  return complete && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

}  // namespace sim::study
