#include "libsim/statistics/moments.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

using sim::Moments;

namespace {

Moments moments_of(const std::vector<double>& values) {
  Moments moments;
  for (const double value : values) {
    moments.add(value);
  }
  return moments;
}

/// Multiples of 1/8 below 2^17: every sum of them is exact, in any order.
std::vector<double> exactly_summable_values(std::size_t at_least) {
  return *rc::gen::suchThat(rc::gen::container<std::vector<double>>(rc::gen::map(
                                rc::gen::inRange(-1'000'000, 1'000'000), [](int eighths) { return eighths / 8.0; })),
                            [at_least](const std::vector<double>& v) { return v.size() >= at_least; });
}

}  // namespace

TEST_CASE("mean and sample variance of eight numbers are those worked by hand", "[statistics]") {
  const Moments moments = moments_of({2, 4, 4, 4, 5, 5, 7, 9});
  CHECK(moments.count() == 8);
  CHECK(moments.sum() == 40.0);
  CHECK(moments.mean() == 5.0);                     // 40 / 8
  CHECK(moments.variance() == Approx(32.0 / 7.0));  // 9+1+1+1+0+0+4+16 = 32, over 8 - 1
  CHECK(moments.standard_deviation() == Approx(std::sqrt(32.0 / 7.0)));
  CHECK(moments.min() == 2.0);
  CHECK(moments.max() == 9.0);
}

TEST_CASE("the variance does not suffer from an offset of a thousand million", "[statistics]") {
  // 4, 7, 13, 16 have mean 10 and squares 36+9+9+36 = 90, over 3.
  CHECK(moments_of({1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}).variance() == 30.0);

  Moments million;
  double naive_sum_of_squares = 0.0;
  for (int i = 0; i < 1'000'000; ++i) {
    const double value = 1e9 + (i % 2 == 0 ? 1.0 : -1.0);
    million.add(value);
    naive_sum_of_squares += value * value;
  }
  CHECK(million.mean() == 1e9);
  CHECK(million.variance() == Approx(1.0).epsilon(2e-6));  // 1'000'000 / 999'999
  // The textbook formula, for which this case was made, is off by more than the whole answer.
  CHECK(std::abs(naive_sum_of_squares / 1e6 - 1e18 - 1.0) > 1.0);
}

TEST_CASE("the variance of equal numbers is zero", "[statistics]") {
  CHECK(moments_of({0.1, 0.1, 0.1, 0.1}).variance() == Approx(0.0).margin(1e-30));
}

TEST_CASE("moments of too few numbers are refused", "[statistics]") {
  Moments moments;
  CHECK_THROWS_AS(moments.mean(), sim::AssertionFailure);
  CHECK_THROWS_AS(moments.min(), sim::AssertionFailure);
  CHECK_THROWS_AS(moments.max(), sim::AssertionFailure);
  moments.add(3.0);
  CHECK(moments.mean() == 3.0);
  CHECK_THROWS_AS(moments.variance(), sim::AssertionFailure);
}

TEST_CASE("what is not a finite number of reasonable size is never added", "[statistics]") {
  Moments moments = moments_of({1.0, 2.0});
  CHECK_THROWS_AS(moments.add(std::numeric_limits<double>::quiet_NaN()), sim::AssertionFailure);
  CHECK_THROWS_AS(moments.add(std::numeric_limits<double>::infinity()), sim::AssertionFailure);
  CHECK_THROWS_AS(moments.add(-1.0001e100), sim::AssertionFailure);
  CHECK(moments.count() == 2);
  CHECK(moments.mean() == 1.5);
}

TEST_CASE("numbers of the largest magnitude do not overflow", "[statistics]") {
  const Moments moments = moments_of({1e100, -1e100, 1e100, -1e100});
  CHECK(moments.mean() == 0.0);
  CHECK(moments.standard_deviation() == Approx(std::sqrt(4.0 / 3.0) * 1e100));
}

TEST_CASE("moments of two parts merge into those of the whole", "[statistics]") {
  rc::prop("count, sum, mean and extremes exactly, variance up to rounding", [] {
    const auto first = exactly_summable_values(0);
    const auto second = exactly_summable_values(2);
    std::vector<double> all(first);
    all.insert(all.end(), second.begin(), second.end());

    Moments merged = moments_of(first);
    merged.merge(moments_of(second));
    const Moments whole = moments_of(all);

    RC_ASSERT(merged.count() == whole.count());
    RC_ASSERT(merged.sum() == whole.sum());
    RC_ASSERT(merged.mean() == whole.mean());
    RC_ASSERT(merged.min() == whole.min());
    RC_ASSERT(merged.max() == whole.max());
    RC_ASSERT(std::abs(merged.variance() - whole.variance()) <= 1e-12 * whole.variance());
  });
}

TEST_CASE("merging empty moments changes nothing", "[statistics]") {
  Moments moments = moments_of({1.0, 3.0});
  moments.merge(Moments{});
  CHECK(moments.count() == 2);
  CHECK(moments.variance() == 2.0);
  Moments empty;
  empty.merge(moments);
  CHECK(empty.mean() == 2.0);
}
