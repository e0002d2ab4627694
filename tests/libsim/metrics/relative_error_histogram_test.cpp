#include "libsim/metrics/relative_error_histogram.hpp"

#include <rapidcheck/catch.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "libsim/failure.hpp"

using sim::RelativeErrorHistogram;

namespace {

/// Any sign, any exponent that is allowed, any mantissa; zero, and values too small for a bin of their own.
double arbitrary_value() {
  const auto sign = *rc::gen::element(-1.0, 0.0, 1.0, 1.0);
  const auto mantissa = *rc::gen::inRange(0, 1 << 20);
  const auto exponent = *rc::gen::inRange(-80, 332);
  return sign * std::ldexp(1.0 + std::ldexp(mantissa, -20), exponent);
}

std::vector<double> arbitrary_values() {
  return *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(rc::gen::exec(arbitrary_value)));
}

RelativeErrorHistogram histogram_of(const std::vector<double>& values) {
  RelativeErrorHistogram histogram;
  histogram.add(values);
  return histogram;
}

}  // namespace

TEST_CASE("values share a bin when sign, exponent and seven bits of the mantissa agree", "[metrics]") {
  const std::vector<double> values{-3.0, -1.0, 0.0, 1.0, 1.0 + 127.0 / 16'384.0, 1.0 + 1.0 / 128.0, 2.0};
  const auto histogram = histogram_of(values);
  CHECK(histogram.value_at_rank(1) == -3.0 - 1.0 / 128.0);  // bins from 2 to 4 are 1/64 wide
  CHECK(histogram.value_at_rank(2) == -1.0 - 1.0 / 256.0);  // bins from 1 to 2 are 1/128 wide
  CHECK(histogram.value_at_rank(3) == 0.0);
  CHECK(histogram.value_at_rank(4) == 1.0 + 1.0 / 256.0);
  CHECK(histogram.value_at_rank(5) == 1.0 + 1.0 / 256.0);
  CHECK(histogram.value_at_rank(6) == 1.0 + 3.0 / 256.0);
  CHECK(histogram.value_at_rank(7) == 2.0 + 1.0 / 128.0);
}

TEST_CASE("every order statistic is answered within the promised error", "[metrics]") {
  rc::prop("relative 1/256, or absolute 2^-64 around zero", [] {
    auto values = arbitrary_values();
    const auto histogram = histogram_of(values);
    std::sort(values.begin(), values.end());
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double error = std::abs(histogram.value_at_rank(i + 1) - values[i]);
      RC_ASSERT(error <= std::max(RelativeErrorHistogram::relative_error_max * std::abs(values[i]), 0x1p-64));
    }
  });
}

TEST_CASE("merged histograms answer as one histogram of all values", "[metrics]") {
  rc::prop("at every rank", [] {
    const auto first = arbitrary_values();
    const auto second = arbitrary_values();
    auto merged = histogram_of(first);
    merged.merge(histogram_of(second));
    auto whole = histogram_of(first);
    whole.add(second);
    for (std::size_t rank = 1; rank <= first.size() + second.size(); ++rank) {
      RC_ASSERT(merged.value_at_rank(rank) == whole.value_at_rank(rank));
    }
  });
}

TEST_CASE("merging with an empty histogram changes nothing", "[metrics]") {
  RelativeErrorHistogram histogram = histogram_of({1.0});
  histogram.merge(RelativeErrorHistogram{});
  CHECK(histogram.value_at_rank(1) == 1.0 + 1.0 / 256.0);
  RelativeErrorHistogram empty;
  empty.merge(histogram);
  CHECK(empty.value_at_rank(1) == 1.0 + 1.0 / 256.0);
}

TEST_CASE("a rank that no value has is refused", "[metrics]") {
  CHECK_THROWS_AS(RelativeErrorHistogram{}.value_at_rank(1), sim::AssertionFailure);
  const auto histogram = histogram_of({1.0, 2.0});
  CHECK_THROWS_AS(histogram.value_at_rank(0), sim::AssertionFailure);
  CHECK_THROWS_AS(histogram.value_at_rank(3), sim::AssertionFailure);
}

TEST_CASE("a histogram refuses what is not a finite number of reasonable size", "[metrics]") {
  RelativeErrorHistogram histogram;
  CHECK_THROWS_AS(histogram.add(std::array{1.0, std::numeric_limits<double>::infinity()}), sim::AssertionFailure);
  CHECK_THROWS_AS(histogram.add(std::array{std::numeric_limits<double>::quiet_NaN()}), sim::AssertionFailure);
  CHECK_THROWS_AS(histogram.add(std::array{1.1e100}), sim::AssertionFailure);
  CHECK_THROWS_AS(histogram.value_at_rank(1), sim::AssertionFailure);
}
