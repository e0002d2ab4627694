#include "libsim/metrics/tally.hpp"

#include <rapidcheck/catch.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "libsim/random/stream.hpp"
#include "libsim/statistics/order_statistics.hpp"

using sim::Tally;

namespace {

constexpr std::array percents{0.0, 0.1, 1.0, 25.0, 50.0, 90.0, 95.0, 99.0, 99.9, 100.0};

Tally tally_of(const std::vector<double>& values) {
  Tally tally;
  for (const double value : values) {
    tally.add(value);
  }
  return tally;
}

std::vector<double> numbers_up_to(std::size_t last) {
  std::vector<double> numbers;
  for (std::size_t i = 1; i <= last; ++i) {
    numbers.push_back(static_cast<double>(i));
  }
  return numbers;
}

/// Positive, negative and zero, over many magnitudes.
std::vector<double> spread_values(std::size_t count, std::uint64_t seed) {
  sim::RandomStream stream({.seed = seed, .actor = "tally", .purpose = "values"});
  std::vector<double> values(count);
  for (double& value : values) {
    const double magnitude = std::ldexp(1.0 + stream.uniform01(), static_cast<int>(stream.below(41)) - 30);
    value = stream.chance(0.01) ? 0.0 : stream.chance(0.3) ? -magnitude : magnitude;
  }
  return values;
}

/// Multiples of 1/8 below 2^17: every sum of them is exact, in any order.
std::vector<double> arbitrary_values() {
  return *rc::gen::container<std::vector<double>>(
      rc::gen::map(rc::gen::inRange(-1'000'000, 1'000'000), [](int eighths) { return eighths / 8.0; }));
}

std::vector<double> joined(std::vector<double> first, const std::vector<double>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

}  // namespace

TEST_CASE("a tally of ten observations answers as by hand", "[metrics]") {
  const Tally tally = tally_of({7, 3, 10, 1, 9, 4, 6, 2, 8, 5});
  CHECK(tally.count() == 10);
  CHECK(tally.sum() == 55.0);
  CHECK(tally.mean() == 5.5);
  CHECK(tally.standard_deviation() == Approx(std::sqrt(82.5 / 9.0)));  // 2·(0.25+2.25+6.25+12.25+20.25) = 82.5
  CHECK(tally.min() == 1.0);
  CHECK(tally.max() == 10.0);
  CHECK(tally.percentile(50) == 5.0);   // ceil(5.0) = 5th
  CHECK(tally.percentile(90) == 9.0);   // ceil(9.0) = 9th
  CHECK(tally.percentile(91) == 10.0);  // ceil(9.1) = 10th
  CHECK(tally.exact());
}

TEST_CASE("asking for a percentile leaves the observations in the order of adding", "[metrics]") {
  Tally tally = tally_of({3, 1, 2});
  CHECK(tally.percentile(100) == 3.0);
  tally.add(0.5);
  CHECK(tally.percentile(25) == 0.5);
  const auto samples = tally.samples();
  CHECK(std::vector<double>(samples.begin(), samples.end()) == std::vector{3.0, 1.0, 2.0, 0.5});
}

TEST_CASE("a query that the observations leave undefined is refused", "[metrics]") {
  Tally tally;
  CHECK(tally.empty());
  CHECK(tally.sum() == 0.0);
  CHECK_THROWS_AS(tally.mean(), sim::AssertionFailure);
  CHECK_THROWS_AS(tally.min(), sim::AssertionFailure);
  CHECK_THROWS_AS(tally.percentile(50), sim::AssertionFailure);
  tally.add(1.0);
  CHECK(tally.percentile(50) == 1.0);
  CHECK_THROWS_AS(tally.standard_deviation(), sim::AssertionFailure);
  CHECK_THROWS_AS(tally.percentile(101), sim::AssertionFailure);
}

TEST_CASE("a tally refuses what is not a finite number, and stays as it was", "[metrics]") {
  Tally tally = tally_of({1.0, 2.0});
  CHECK_THROWS_AS(tally.add(std::numeric_limits<double>::quiet_NaN()), sim::AssertionFailure);
  CHECK_THROWS_AS(tally.add(-std::numeric_limits<double>::infinity()), sim::AssertionFailure);
  CHECK(tally.count() == 2);
  CHECK(tally.samples().size() == 2);
}

TEST_CASE("percentiles are exact up to the documented number of observations", "[metrics]") {
  Tally tally = tally_of(numbers_up_to(Tally::exact_samples_max));
  CHECK(tally.exact());
  CHECK(tally.percentile(99) == 64'881.0);  // ceil(0.99 · 65'536) = ceil(64'880.64)
  tally.add(65'537.0);
  CHECK_FALSE(tally.exact());
  CHECK_THROWS_AS(tally.samples(), sim::AssertionFailure);
}

TEST_CASE("beyond that a percentile is the midpoint of its bin", "[metrics]") {
  const Tally tally = tally_of(numbers_up_to(100'000));
  // The 50'000th is 32'768 · 1.5259; its bin starts at 32'768 · (1 + 67/128) = 49'920 and is 32'768/128 = 256 wide.
  CHECK(tally.percentile(50) == 49'920.0 + 128.0);
  CHECK(tally.percentile(0) == 1.0);
  CHECK(tally.percentile(100) == 100'000.0);
  CHECK(tally.mean() == 50'000.5);
  CHECK(tally.standard_deviation() == Approx(std::sqrt(100'000.0 * 100'001.0 / 12.0)).epsilon(1e-12));
}

TEST_CASE("percentiles of a full tally are within 0.4 percent, for values of any sign and size", "[metrics]") {
  const auto seed = GENERATE(1U, 2U, 3U);
  auto values = spread_values(100'000, seed);
  const Tally tally = tally_of(values);
  std::sort(values.begin(), values.end());
  for (const double percent : percents) {
    const double exact = sim::percentile(values, percent);
    INFO("percentile " << percent << " is exactly " << exact);
    CHECK(std::abs(tally.percentile(percent) - exact) <= 0.004 * std::abs(exact));
  }
}

TEST_CASE("a bin's midpoint never lies outside of what was observed", "[metrics]") {
  Tally tally;
  for (int i = 0; i < 70'000; ++i) {
    tally.add(1.0);  // the bin from 1 to 1 + 1/128 has its midpoint at 1.0039
  }
  CHECK_FALSE(tally.exact());
  CHECK(tally.percentile(50) == 1.0);
}

TEST_CASE("when percentiles are asked for does not change any answer", "[metrics]") {
  const auto values = spread_values(70'000, 4);
  const Tally quiet = tally_of(values);
  Tally watched;
  for (std::size_t i = 0; i < values.size(); ++i) {
    watched.add(values[i]);
    if (i % 2'500 == 0) {
      static_cast<void>(watched.percentile(50));
    }
  }
  for (const double percent : percents) {
    CHECK(watched.percentile(percent) == quiet.percentile(percent));
  }
  CHECK(watched.mean() == quiet.mean());
  CHECK(watched.standard_deviation() == quiet.standard_deviation());
}

TEST_CASE("merging two tallies equals one tally of all observations", "[metrics]") {
  rc::prop("while everything fits: all but the variance bit for bit", [] {
    const auto first = arbitrary_values();
    const auto second = arbitrary_values();
    const Tally whole = tally_of(joined(first, second));
    Tally merged = tally_of(first);
    merged.merge(tally_of(second));

    RC_ASSERT(merged.exact());
    RC_ASSERT(merged.count() == whole.count());
    RC_ASSERT(merged.sum() == whole.sum());
    if (whole.count() > 0) {
      RC_ASSERT(merged.min() == whole.min());
      RC_ASSERT(merged.max() == whole.max());
      const double percent = *rc::gen::inRange(0, 101);
      RC_ASSERT(merged.percentile(percent) == whole.percentile(percent));
    }
    if (whole.count() > 1) {
      const double deviation = whole.standard_deviation();
      RC_ASSERT(std::abs(merged.standard_deviation() - deviation) <= 1e-12 * deviation);
    }
  });
}

TEST_CASE("merged tallies count in the histogram as soon as the total no longer fits", "[metrics]") {
  struct Sizes {
    std::size_t first, second;
  };
  const auto sizes = GENERATE(Sizes{40'000, 40'000}, Sizes{100, 70'000}, Sizes{70'000, 100}, Sizes{70'000, 70'000},
                              Sizes{0, 70'000}, Sizes{70'000, 0});
  const auto first = spread_values(sizes.first, 5);
  const auto second = spread_values(sizes.second, 6);
  const Tally whole = tally_of(joined(first, second));
  Tally merged = tally_of(first);
  merged.merge(tally_of(second));
  CHECK_FALSE(merged.exact());
  CHECK(merged.count() == whole.count());
  CHECK(merged.mean() == Approx(whole.mean()).epsilon(1e-12));
  CHECK(merged.standard_deviation() == Approx(whole.standard_deviation()).epsilon(1e-12));
  for (const double percent : percents) {
    CHECK(merged.percentile(percent) == whole.percentile(percent));
  }
}

TEST_CASE("tallies that together just fit stay exact", "[metrics]") {
  Tally merged = tally_of(numbers_up_to(65'000));
  merged.merge(tally_of(numbers_up_to(536)));
  CHECK(merged.exact());
  CHECK(merged.samples().size() == 65'536);
}

TEST_CASE("a tally merged with itself counts everything twice", "[metrics]") {
  Tally tally = tally_of({1.0, 2.0, 6.0});
  tally.merge(tally);
  CHECK(tally.count() == 6);
  CHECK(tally.mean() == 3.0);
  CHECK(tally.percentile(50) == 2.0);  // 1 1 2 2 6 6: the 3rd
}

TEST_CASE("a copied tally goes its own way", "[metrics]") {
  Tally tally = tally_of(numbers_up_to(70'000));
  const Tally copy = tally;
  tally.add(1e6);
  CHECK(copy.count() == 70'000);
  CHECK(copy.max() == 70'000.0);
  CHECK(copy.percentile(99.999) <= 70'000.0);
  CHECK(tally.max() == 1e6);
}

TEST_CASE("a reset tally starts anew and is exact again", "[metrics]") {
  Tally tally = tally_of(numbers_up_to(70'000));
  tally.reset_statistics();
  CHECK(tally.empty());
  CHECK(tally.exact());
  tally.add(4.0);
  CHECK(tally.percentile(50) == 4.0);
}
