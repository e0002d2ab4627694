#include "libsim/statistics/observations.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <limits>

using sim::validate_observations;
using sim::validate_pairs;

TEST_CASE("finite observations up to the largest magnitude are valid, and so are none", "[statistics]") {
  CHECK(validate_observations({}));
  CHECK(validate_observations(std::array{0.0, -1e100, 1e100, 5e-324}));
  CHECK(validate_pairs(std::array{1.0}, std::array{2.0}));
}

TEST_CASE("the first observation that is no finite number is named", "[statistics]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(validate_observations(std::array{1.0, nan, infinity}).error().message ==
        "value 2 of 3 is nan: expected a finite number of magnitude at most 1e+100");
  CHECK(validate_observations(std::array{-infinity}).error().message ==
        "value 1 of 1 is -inf: expected a finite number of magnitude at most 1e+100");
  CHECK(validate_observations(std::array{1.0, 2e100}).error().message ==
        "value 2 of 2 is 2e+100: expected a finite number of magnitude at most 1e+100");
}

TEST_CASE("pairs are as many of one as of the other, and finite on both sides", "[statistics]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(validate_pairs(std::array{1.0, 2.0}, std::array{1.0}).error().message ==
        "2 and 1 values: expected pairs, as many of one as of the other");
  CHECK_FALSE(validate_pairs(std::array{1.0, nan}, std::array{1.0, 2.0}));
  CHECK_FALSE(validate_pairs(std::array{1.0, 2.0}, std::array{nan, 2.0}));
}
