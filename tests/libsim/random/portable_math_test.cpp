#include "libsim/random/portable_math.hpp"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <limits>

#include "libsim/random/stream.hpp"

namespace {

/// The distance of `computed` from `exact` in units of the last place of `exact`.
double ulps(double computed, long double exact) {
  const auto nearest = static_cast<double>(exact);
  const double unit = std::nextafter(std::abs(nearest), std::numeric_limits<double>::infinity()) - std::abs(nearest);
  return static_cast<double>(std::abs((computed - exact) / unit));
}

}  // namespace

TEST_CASE("the portable exponential is within two units in the last place", "[portable_math]") {
  sim::RandomStream random({.actor = "portable_math", .purpose = "exp"});
  for (const double range : {1e-6, 1.0, 20.0, 1400.0}) {
    for (int i = 0; i < 20'000; ++i) {
      const double x = range * (random.uniform01() - 0.5);
      CAPTURE(x);
      REQUIRE(ulps(sim::portable_exp(x), std::exp(static_cast<long double>(x))) < 2.0);
    }
  }
}

TEST_CASE("the portable logarithm is within two units in the last place", "[portable_math]") {
  sim::RandomStream random({.actor = "portable_math", .purpose = "log"});
  for (const double range : {1e-6, 1.0, 20.0, 1400.0}) {
    for (int i = 0; i < 20'000; ++i) {
      const double x = std::exp(range * (random.uniform01() - 0.5));
      CAPTURE(x);
      REQUIRE(ulps(sim::portable_log(x), std::log(static_cast<long double>(x))) < 2.0);
    }
  }
}

TEST_CASE("the portable functions are exact where mathematics is", "[portable_math]") {
  CHECK(sim::portable_exp(0.0) == 1.0);
  CHECK(sim::portable_log(1.0) == 0.0);
  CHECK(sim::portable_exp(-1e9) == 0.0);
  CHECK(std::isinf(sim::portable_exp(1e9)));
}

TEST_CASE("the portable functions give these bits everywhere", "[portable_math]") {
  CHECK(std::bit_cast<std::uint64_t>(sim::portable_exp(1.0)) == 0x4005bf0a8b14576a);
  CHECK(std::bit_cast<std::uint64_t>(sim::portable_exp(-0.3)) == 0x3fe7b4c869c37c05);
  CHECK(std::bit_cast<std::uint64_t>(sim::portable_exp(123.456)) == 0x4b11428e1cbc0143);
  CHECK(std::bit_cast<std::uint64_t>(sim::portable_log(10.0)) == 0x40026bb1bbb55516);
  CHECK(std::bit_cast<std::uint64_t>(sim::portable_log(0.7)) == 0xbfd6d3c324e13f50);
  CHECK(std::bit_cast<std::uint64_t>(sim::portable_log(1e-200)) == 0xc07cc845b54b54f2);
}
