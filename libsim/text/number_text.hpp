#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace sim {

/// Reads the whole text as a decimal whole number of type `T`; nothing for anything else, and for a number that `T`
/// cannot hold.
template <std::integral T>
[[nodiscard]] std::optional<T> parse_whole_number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional<T>(value) : std::nullopt;
}

/// Reads the whole text as a finite decimal number; nothing for anything else, such as `nan`, `inf`, `5x` or `1e400`.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

/// The shortest text that reads back as the same number; a number that is not finite is `none`.
[[nodiscard]] std::string exact_text(double number);

/// At most five significant digits, for people to read: `12345`, `1.2346`, `0.00012`; a number that is not finite is
/// `none`.
[[nodiscard]] std::string short_text(double number);

/// A whole number with a comma between its thousands: `1,234,567`.
[[nodiscard]] std::string with_thousands(std::uint64_t number);

}  // namespace sim
