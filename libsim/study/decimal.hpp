#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sim::study {

/// A decimal number as its author wrote it: units / 10^decimals, without rounding.
struct Decimal {
  std::int64_t units = 0;  ///< at most 18 digits
  int decimals = 0;        ///< 0 … 18

  [[nodiscard]] double value() const;
  [[nodiscard]] bool is_whole() const { return decimals == 0; }

  friend bool operator==(const Decimal&, const Decimal&) = default;
};

/// Reads the whole text as in `20`, `-0.5` or `1e3`, and drops zeros at the end of the fraction. Nothing for other
/// texts, and for numbers that do not fit in 18 digits.
[[nodiscard]] std::optional<Decimal> parse_decimal(std::string_view text);

/// The same number with `decimals` digits after the point, no fewer than it has; nothing if it then has more than 18
/// digits.
[[nodiscard]] std::optional<Decimal> widened(Decimal number, int decimals);

/// Digits with a point where one is needed: `0.3`, `-20`.
[[nodiscard]] std::string to_text(Decimal number);

/// The finite number that the whole text stands for, in decimals as `1.5e3`; nothing otherwise.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

}  // namespace sim::study
