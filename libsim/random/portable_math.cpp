#include "libsim/random/portable_math.hpp"

#include <bit>
#include <cstdint>
#include <limits>

namespace sim {

namespace {

// ln 2 in two parts: the first has so few bits that its product with an exponent is exact.
constexpr double ln2_high = 0x1.62e42fep-1;
constexpr double ln2_low = 0x1.f473de6af278fp-30;
constexpr double log2_e = 0x1.71547652b82fep+0;

constexpr int mantissa_bits = 52;
constexpr std::int64_t exponent_bias = 1023;

/// 2^exponent for the exponents of normal numbers.
double power_of_two(std::int64_t exponent) {
  return std::bit_cast<double>((exponent + exponent_bias) << mantissa_bits);
}

/// The nearest integer to a number far below 2^51: the sum has no bits left for a fraction.
double round_to_integer(double x) {
  constexpr double no_fraction = 0x1.8p52;
  return (x + no_fraction) - no_fraction;
}

/// c0 + c1·x + c2·x² + …, unrolled by the compiler.
double polynomial(double /*x*/, double c0) { return c0; }

template <class... Coefficients>
double polynomial(double x, double c0, Coefficients... higher) {
  return c0 + x * polynomial(x, higher...);
}

}  // namespace

// x = k · ln 2 + r with |r| ≤ ln 2 / 2, where e^r is its Taylor polynomial: the first term left out is below 2^-57.
double portable_exp(double x) {
  if (x > 709.0) {
    return std::numeric_limits<double>::infinity();
  }
  if (x < -708.0) {
    return 0.0;
  }
  const double k = round_to_integer(x * log2_e);
  const double r = (x - k * ln2_high) - k * ln2_low;
  const double r_squared = r * r;
  const double even =
      polynomial(r_squared, 1.0 / 2, 1.0 / 24, 1.0 / 720, 1.0 / 40'320, 1.0 / 3'628'800, 1.0 / 479'001'600);
  const double odd =
      polynomial(r_squared, 1.0 / 6, 1.0 / 120, 1.0 / 5'040, 1.0 / 362'880, 1.0 / 39'916'800, 1.0 / 6'227'020'800);
  const double tail = r_squared * (even + r * odd);
  return (1.0 + (r + tail)) * power_of_two(static_cast<std::int64_t>(k));
}

// x = 2^k · m with m around 1, and ln m = 2 artanh(s) = 2 (s + s³/3 + s⁵/5 + …) with s = (m - 1) / (m + 1) below 0.172.
double portable_log(double x) {
  constexpr double square_root_of_two = 0x1.6a09e667f3bcdp+0;
  const auto bits = std::bit_cast<std::int64_t>(x);
  std::int64_t exponent = (bits >> mantissa_bits) - exponent_bias;
  double m = std::bit_cast<double>(bits - (exponent << mantissa_bits));
  if (m > square_root_of_two) {
    m *= 0.5;
    ++exponent;
  }
  const double k = static_cast<double>(exponent);
  const double s = (m - 1.0) / (m + 1.0);
  const double s_squared = s * s;
  const double tail = polynomial(s_squared, 1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11, 1.0 / 13, 1.0 / 15, 1.0 / 17,
                                 1.0 / 19, 1.0 / 21, 1.0 / 23);
  const double ln_m = 2.0 * s + 2.0 * s * s_squared * tail;
  return k * ln2_high + (ln_m + k * ln2_low);
}

}  // namespace sim
