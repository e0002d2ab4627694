#include "libsim/text/number_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace sim {

std::optional<double> parse_number(std::string_view text) {
  double value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional<double>(value) : std::nullopt;
}

std::string exact_text(double number) {
  // Adding zero turns -0 into 0.
  return std::isfinite(number) ? fmt::format("{}", number + 0.0) : "none";
}

std::string short_text(double number) {
  if (!std::isfinite(number)) {
    return "none";
  }
  const double size = std::abs(number);
  if (number == std::trunc(number) && size < 1e15) {
    return fmt::format("{:.0f}", number + 0.0);
  }
  if (size < 1e-4 || size >= 1e15) {
    return fmt::format("{:.4e}", number);
  }
  const int digits_before_point = static_cast<int>(std::floor(std::log10(size))) + 1;
  std::string text = fmt::format("{:.{}f}", number, std::clamp(5 - digits_before_point, 0, 9));
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    text.erase(text.find_last_not_of('.') + 1);
  }
  return text;
}

std::string with_thousands(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t digits = 3; digits < text.size(); digits += 4) {
    text.insert(text.size() - digits, 1, ',');
  }
  return text;
}

}  // namespace sim
