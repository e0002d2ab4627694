#include "libsim/statistics/order_statistics.hpp"

#include <rapidcheck/catch.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <numeric>
#include <vector>

#include "libsim/random/stream.hpp"
#include "libsim/statistics/quantiles.hpp"

using sim::nearest_rank;
using sim::percentile;
using sim::quantile_interval;

namespace {

std::vector<double> first_numbers(std::size_t count) {
  std::vector<double> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 1.0);
  return numbers;
}

}  // namespace

TEST_CASE("a percentile is the sample at rank ceil(p / 100 · n)", "[statistics]") {
  const std::array sorted{15.0, 20.0, 35.0, 40.0, 50.0};
  CHECK(percentile(sorted, 5) == 15.0);    // ceil(0.25) = 1
  CHECK(percentile(sorted, 30) == 20.0);   // ceil(1.5) = 2
  CHECK(percentile(sorted, 40) == 20.0);   // ceil(2.0) = 2
  CHECK(percentile(sorted, 50) == 35.0);   // ceil(2.5) = 3
  CHECK(percentile(sorted, 100) == 50.0);  // ceil(5.0) = 5
  CHECK(percentile(sorted, 0) == 15.0);
}

TEST_CASE("a rank that is a whole number is not pushed up by rounding", "[statistics]") {
  CHECK(nearest_rank(7, 100) == 7);  // 0.07 · 100 is 7.000000000000001 in doubles
  CHECK(nearest_rank(29, 100) == 29);
  CHECK(nearest_rank(99.9, 1'000) == 999);
  CHECK(nearest_rank(99.99, 10'000) == 9'999);
  CHECK(nearest_rank(99.999, 700'000) == 699'993);
  CHECK(nearest_rank(99.9, 1'001) == 1'000);  // ceil(999.999)
}

TEST_CASE("a rank among a million million million samples does not overflow", "[statistics]") {
  CHECK(nearest_rank(50, 1'000'000'000'000'000'000) == 500'000'000'000'000'000);
  CHECK(nearest_rank(100, 1'000'000'000'000'000'001) == 1'000'000'000'000'000'001);
}

TEST_CASE("the nearest rank is the smallest that covers the percentage", "[statistics]") {
  rc::prop("rank · 100 >= percent · count, and no smaller one", [] {
    const auto percent = *rc::gen::inRange<std::uint64_t>(1, 101);
    const auto count = *rc::gen::inRange<std::uint64_t>(1, 10'000'000);
    const std::uint64_t rank = nearest_rank(static_cast<double>(percent), count);
    RC_ASSERT(rank * 100 >= percent * count);
    RC_ASSERT((rank - 1) * 100 < percent * count);
  });
}

TEST_CASE("a percentile out of range or of nothing is refused", "[statistics]") {
  CHECK_THROWS_AS(nearest_rank(-1, 5), sim::AssertionFailure);
  CHECK_THROWS_AS(nearest_rank(100.5, 5), sim::AssertionFailure);
  CHECK_THROWS_AS(percentile({}, 50), sim::AssertionFailure);
}

TEST_CASE("binomial probabilities are those of Pascal's triangle", "[statistics]") {
  CHECK(sim::binomial_probability_at_most(1, 10, 0.5) == Approx(11.0 / 1024.0));  // 1 + 10
  CHECK(sim::binomial_probability_at_most(2, 10, 0.5) == Approx(56.0 / 1024.0));  // 1 + 10 + 45
  CHECK(sim::binomial_probability_at_most(10, 10, 0.5) == 1.0);
}

TEST_CASE("the median of ten samples lies between the second and the ninth", "[statistics]") {
  // Below the 2nd: 11/1024 <= 0.025, below the 3rd 56/1024 would be too much. Coverage 1 - 2·11/1024 = 1002/1024.
  const auto interval = quantile_interval(first_numbers(10), 50);
  REQUIRE(interval);
  CHECK(interval->quantile == 5.0);
  CHECK(interval->lower == 2.0);
  CHECK(interval->upper == 9.0);
  CHECK(interval->coverage == Approx(1002.0 / 1024.0));
  CHECK(interval->samples == 10);
}

TEST_CASE("the median of a hundred samples lies between the 40th and the 61st", "[statistics]") {
  const auto interval = quantile_interval(first_numbers(100), 50);
  REQUIRE(interval);
  CHECK(interval->lower == 40.0);
  CHECK(interval->upper == 61.0);
  CHECK(interval->coverage == Approx(0.9648).margin(0.00005));
}

TEST_CASE("too few samples for a quantile interval are an error", "[statistics]") {
  // The widest interval of 5 samples covers the median with 1 - 2/32 = 0.9375, that of 6 with 1 - 2/64 = 0.96875.
  CHECK(quantile_interval(first_numbers(5), 50).error().message ==
        "5 samples: too few for a 0.95 interval of the 50th percentile");
  REQUIRE(quantile_interval(first_numbers(6), 50));
  CHECK(quantile_interval(first_numbers(6), 50)->coverage == Approx(0.96875));
  CHECK_FALSE(quantile_interval(first_numbers(100), 99));
  CHECK_FALSE(quantile_interval({}, 50));
}

TEST_CASE("a quantile interval at 0 or 100 percent is an error", "[statistics]") {
  CHECK(quantile_interval(first_numbers(10), 100).error().message ==
        "percentile 100: expected a number strictly between 0 and 100");
  CHECK_FALSE(quantile_interval(first_numbers(10), 0));
  CHECK_FALSE(quantile_interval(first_numbers(10), 50, 1.5));
}

TEST_CASE("intervals of the 90th percentile contain it as often as they claim", "[statistics]") {
  sim::RandomStream stream({.seed = 5, .actor = "coverage", .purpose = "samples"});
  int containing = 0;
  double coverage = 0.0;
  for (int repetition = 0; repetition < 1'000; ++repetition) {
    std::vector<double> samples(200);
    std::generate(samples.begin(), samples.end(), [&stream] { return stream.uniform01(); });
    std::sort(samples.begin(), samples.end());
    const auto interval = quantile_interval(samples, 90);
    containing += interval->lower <= 0.9 && 0.9 <= interval->upper ? 1 : 0;
    coverage = interval->coverage;
  }
  CHECK(coverage >= 0.95);
  CHECK(coverage < 0.97);
  CHECK(containing == Approx(1'000 * coverage).margin(20));  // three standard deviations of √(1000·0.95·0.05) = 6.9
}
