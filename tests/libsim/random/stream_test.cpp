#include "libsim/random/stream.hpp"

#include <array>
#include <bit>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/random/uniform_int_distribution.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

namespace {

constexpr sim::StreamKey base_key{
    .seed = 42, .replication = 3, .actor = "server-0", .incarnation = 1, .purpose = "service"};

std::uint64_t first_draw(const sim::StreamKey& key) { return sim::RandomStream(key)(); }

/// Keys that differ from `base_key` in one component, or only in where one name ends and the next begins.
std::vector<sim::StreamKey> neighbours() {
  std::vector<sim::StreamKey> keys(11, base_key);
  keys[0].seed = 43;
  keys[1].seed = 42 + (std::uint64_t{1} << 63);
  keys[2].replication = 4;
  keys[3].actor = "server-1";
  keys[4].incarnation = 2;
  keys[5].purpose = "fault";
  keys[6].actor = "server-0s";
  keys[6].purpose = "ervice";
  keys[7].actor = "";
  keys[8].purpose = "";
  keys[9].actor = "service";
  keys[9].purpose = "server-0";
  keys[10].replication = 1;
  keys[10].incarnation = 3;
  return keys;
}

/// The probability that a chi-squared statistic is this large if all counts have the same expectation.
double uniformity(const std::vector<std::uint64_t>& counts) {
  std::uint64_t total = 0;
  for (const auto count : counts) {
    total += count;
  }
  const double expected = static_cast<double>(total) / static_cast<double>(counts.size());
  double statistic = 0.0;
  for (const auto count : counts) {
    const double deviation = static_cast<double>(count) - expected;
    statistic += deviation * deviation / expected;
  }
  const boost::math::chi_squared_distribution<double> law(static_cast<double>(counts.size() - 1));
  return boost::math::cdf(boost::math::complement(law, statistic));
}

}  // namespace

TEST_CASE("the same key gives the same draws, whatever else was made or drawn before", "[stream]") {
  sim::RandomStream alone(base_key);
  std::vector<sim::RandomStream> others;
  for (const auto& key : neighbours()) {
    others.emplace_back(key);
    others.back()();
  }
  sim::RandomStream crowded(base_key);
  for (int i = 0; i < 1'000; ++i) {
    others[0]();
    REQUIRE(alone() == crowded());
  }
}

TEST_CASE("any component of the key that changes gives other draws", "[stream]") {
  std::set<std::uint64_t> firsts{first_draw(base_key)};
  for (const auto& key : neighbours()) {
    firsts.insert(first_draw(key));
  }
  CHECK(firsts.size() == neighbours().size() + 1);
}

TEST_CASE("the streams of neighbouring replications are not correlated", "[stream]") {
  constexpr int n = 100'000;
  for (std::uint32_t replication = 0; replication < 5; ++replication) {
    sim::RandomStream left({.seed = 1, .replication = replication, .actor = "a", .purpose = "p"});
    sim::RandomStream right({.seed = 1, .replication = replication + 1, .actor = "a", .purpose = "p"});
    double products = 0.0;
    for (int i = 0; i < n; ++i) {
      products += (left.uniform01() - 0.5) * (right.uniform01() - 0.5);
    }
    // The product has standard deviation 1/12.
    CHECK(std::abs(products) < 4.0 * std::sqrt(double{n}) / 12.0);
  }
}

TEST_CASE("a stream draws these numbers with every compiler and on every processor", "[stream]") {
  sim::RandomStream random(base_key);
  const std::array<std::uint64_t, 5> expected{0xa12dbef52614131d, 0xce6e6897f99b94a6, 0xb69206b06f708148,
                                              0x92b3804dd3a92810, 0xf8a664683a8eb3bc};
  for (const auto number : expected) {
    CHECK(random() == number);
  }
  CHECK(random.below(1'000'000) == 675'865);
  CHECK(std::bit_cast<std::uint64_t>(random.uniform01()) == 0x3fe239f7d19c5611);
  CHECK(std::bit_cast<std::uint64_t>(random.standard_exponential()) == 0x3fddd075e4e5b523);
  CHECK(std::bit_cast<std::uint64_t>(random.standard_normal()) == 0xbff684bd5cff182d);
}

TEST_CASE("numbers below n are uniform for every kind of n", "[stream]") {
  sim::RandomStream random({.actor = "stream", .purpose = "below"});
  for (const std::uint64_t n : {2u, 3u, 10u, 1'000u}) {
    std::vector<std::uint64_t> counts(n);
    for (int i = 0; i < 200'000; ++i) {
      ++counts.at(random.below(n));
    }
    CAPTURE(n);
    CHECK(uniformity(counts) > 1e-4);
  }
}

TEST_CASE("numbers below n are not biased where n does not divide 2^64", "[stream]") {
  // A remainder would draw the thirds of 0 … 3·2^62 - 1 like 2 : 1 : 1, a multiplication without rejection the
  // multiples of 3 twice as often as their neighbours. twice.
  constexpr std::uint64_t third = std::uint64_t{1} << 62;
  sim::RandomStream random({.actor = "stream", .purpose = "large"});
  std::vector<std::uint64_t> thirds(3);
  std::vector<std::uint64_t> remainders(3);
  for (int i = 0; i < 100'000; ++i) {
    const auto number = random.below(3 * third);
    ++thirds.at(number / third);
    ++remainders.at(number % 3);
  }
  CHECK(uniformity(thirds) > 1e-4);
  CHECK(uniformity(remainders) > 1e-4);
}

TEST_CASE("the only number below 1 is 0, and there is none below 0", "[stream]") {
  sim::RandomStream random(base_key);
  CHECK(random.below(1) == 0);
  CHECK_THROWS_AS(random.below(0), sim::AssertionFailure);
}

TEST_CASE("a uniform number is at least 0, below 1, and uniform", "[stream]") {
  sim::RandomStream random({.actor = "stream", .purpose = "uniform01"});
  std::vector<std::uint64_t> counts(100);
  for (int i = 0; i < 200'000; ++i) {
    const double number = random.uniform01();
    REQUIRE(number >= 0.0);
    REQUIRE(number < 1.0);
    ++counts[static_cast<std::size_t>(number * 100.0)];
  }
  CHECK(uniformity(counts) > 1e-4);
}

TEST_CASE("a chance of p comes true with probability p", "[stream]") {
  sim::RandomStream random({.actor = "stream", .purpose = "chance"});
  constexpr int n = 100'000;
  int count = 0;
  for (int i = 0; i < n; ++i) {
    REQUIRE_FALSE(random.chance(0.0));
    REQUIRE(random.chance(1.0));
    count += random.chance(0.3) ? 1 : 0;
  }
  CHECK(std::abs(count - 0.3 * n) < 4.0 * std::sqrt(n * 0.3 * 0.7));
  CHECK_THROWS_AS(random.chance(1.1), sim::AssertionFailure);
  CHECK_THROWS_AS(random.chance(std::nan("")), sim::AssertionFailure);
}

TEST_CASE("a chance takes one draw, whatever its probability", "[stream]") {
  sim::RandomStream never(base_key);
  sim::RandomStream always(base_key);
  never.chance(0.0);
  always.chance(1.0);
  CHECK(never() == always());
}

TEST_CASE("the distributions of Boost.Random take a stream", "[stream]") {
  sim::RandomStream random(base_key);
  const int die = boost::random::uniform_int_distribution<int>(1, 6)(random);
  CHECK(die >= 1);
  CHECK(die <= 6);
  STATIC_REQUIRE(std::uniform_random_bit_generator<sim::RandomStream>);
}

TEST_CASE("a stream cannot be copied by accident, only moved", "[stream]") {
  STATIC_REQUIRE_FALSE(std::is_copy_constructible_v<sim::RandomStream>);
  STATIC_REQUIRE_FALSE(std::is_copy_assignable_v<sim::RandomStream>);
  STATIC_REQUIRE(std::is_nothrow_move_constructible_v<sim::RandomStream>);
}
