#include "actors/rate_limit/permit_rate.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <numeric>
#include <string_view>

#include "actors/rate_limit/rate_decision.hpp"
#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
/// 31 years.
constexpr std::int64_t period_max_s = 1'000'000'000;
constexpr std::int64_t permits_max = std::numeric_limits<std::uint32_t>::max();

/// `digits` / 10^`decimals`.
struct DecimalRate {
  std::int64_t digits = 0;
  int decimals = 0;
};

/// The shortest decimal number that is this one in binary: the one that somebody wrote.
DecimalRate shortest_decimal(double number) {
  std::array<char, 32> text{};
  const auto [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::scientific);
  check(error == std::errc{}, "every number has a shortest text");
  const std::string_view written(text.data(), static_cast<std::size_t>(end - text.data()));
  const auto exponent_at = written.find('e');
  DecimalRate rate;
  for (const char letter : written.substr(0, exponent_at)) {
    if (letter != '.') {
      rate.digits = rate.digits * 10 + (letter - '0');
      ++rate.decimals;
    }
  }
  std::string_view power = written.substr(exponent_at + 1);
  power.remove_prefix(power.starts_with('+') ? 1 : 0);
  int exponent = 0;
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  rate.decimals -= 1 + exponent;  // one digit stands before the point
  for (; rate.decimals < 0; ++rate.decimals) {
    rate.digits *= 10;
  }
  return rate;
}

rates::Wide power_of_ten(int exponent) {
  rates::Wide power = 1;
  for (; exponent > 0; --exponent) {
    power *= 10;
  }
  return power;
}

}  // namespace

// With at most 17 digits no product here has more than 36.
PermitRate permit_rate(double permits_per_second) {
  check(permits_per_second >= 1e-9 && permits_per_second <= 4e9, "a rate is 1e-9 to 4e9 permits per second");
  const DecimalRate rate = shortest_decimal(permits_per_second);
  const rates::Wide unit = power_of_ten(rate.decimals);
  const rates::Wide period = unit * nanoseconds_per_second;  // in which `digits` permits come
  const std::int64_t common = std::gcd(rate.digits, static_cast<std::int64_t>(period % rate.digits));
  const rates::Wide period_max = rates::Wide{period_max_s} * nanoseconds_per_second;
  if (rate.digits / common <= permits_max && period / common <= period_max) {
    return {static_cast<std::uint32_t>(rate.digits / common), Duration{static_cast<std::int64_t>(period / common)}};
  }
  const rates::Wide permits = std::min<rates::Wide>(rates::Wide{rate.digits} * period_max_s / unit, permits_max);
  const rates::Wide nearest = (permits * period + rate.digits / 2) / rate.digits;
  return {static_cast<std::uint32_t>(permits), Duration{static_cast<std::int64_t>(nearest)}};
}

}  // namespace sim::policies
