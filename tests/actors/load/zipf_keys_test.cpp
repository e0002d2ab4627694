#include "actors/load/zipf_keys.hpp"

#include <boost/math/distributions/chi_squared.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "libsim/failure.hpp"

using namespace sim;

namespace {

RandomStream stream(std::uint64_t seed) { return RandomStream({.seed = seed, .actor = "test", .purpose = "key"}); }

/// The probability that draws of this law deviate from it by at least as much as `draws` ones did.
double chi_square_probability(const ZipfKeys::Config& config, std::uint64_t draws) {
  const ZipfKeys keys{config};
  RandomStream random = stream(config.keys);
  std::vector<double> counts(config.keys, 0.0);
  for (std::uint64_t draw = 0; draw < draws; ++draw) {
    ++counts.at(keys.draw(random) - 1);
  }
  double weights = 0.0;
  for (std::uint32_t rank = 1; rank <= config.keys; ++rank) {
    weights += std::pow(rank, -config.exponent);
  }
  double statistic = 0.0;
  for (std::uint32_t rank = 1; rank <= config.keys; ++rank) {
    const double expected = static_cast<double>(draws) * std::pow(rank, -config.exponent) / weights;
    statistic += (counts[rank - 1] - expected) * (counts[rank - 1] - expected) / expected;
  }
  const boost::math::chi_squared_distribution<double> law(config.keys - 1.0);
  return boost::math::cdf(boost::math::complement(law, statistic));
}

}  // namespace

TEST_CASE("the popularity of rank r is 1 / r to the exponent, over the sum of all", "[zipf_keys]") {
  const ZipfKeys keys{{.keys = 4, .exponent = 1.0}};  // 1 + 1/2 + 1/3 + 1/4 = 25/12
  REQUIRE(keys.probability(1) == Approx(12.0 / 25));
  REQUIRE(keys.probability(2) == Approx(6.0 / 25));
  REQUIRE(keys.probability(3) == Approx(4.0 / 25));
  REQUIRE(keys.probability(4) == Approx(3.0 / 25));
  REQUIRE(ZipfKeys{{.keys = 5, .exponent = 0.0}}.probability(3) == Approx(0.2));
  REQUIRE(ZipfKeys{{.keys = 2, .exponent = 2.0}}.probability(2) == Approx(0.2));  // 1/4 of 5/4
}

TEST_CASE("Zipf draws follow the law: chi-square over all ranks", "[zipf_keys]") {
  for (const auto& config : std::vector<ZipfKeys::Config>{{5, 1.0}, {10, 0.8}, {100, 1.2}, {1'000, 0.0}, {500, 0.5}}) {
    INFO(config.keys << " keys, exponent " << config.exponent);
    const double probability = chi_square_probability(config, 200'000);
    REQUIRE(probability > 1e-4);
    REQUIRE(probability < 1 - 1e-4);
  }
}

TEST_CASE("the same stream draws no lower rank under a smaller exponent", "[zipf_keys]") {
  const ZipfKeys steep{{.keys = 100, .exponent = 1.5}};
  const ZipfKeys flat{{.keys = 100, .exponent = 0.5}};
  RandomStream first = stream(1);
  RandomStream second = stream(1);
  for (int draw = 0; draw < 10'000; ++draw) {
    REQUIRE(flat.draw(first) >= steep.draw(second));
  }
}

TEST_CASE("no keys, and an exponent that is negative or not a number, are bugs", "[zipf_keys]") {
  REQUIRE_THROWS_AS((ZipfKeys{{.keys = 0}}), AssertionFailure);
  REQUIRE_THROWS_AS((ZipfKeys{{.exponent = -0.1}}), AssertionFailure);
  REQUIRE_THROWS_AS((ZipfKeys{{.exponent = std::numeric_limits<double>::quiet_NaN()}}), AssertionFailure);
  REQUIRE_THROWS_AS((ZipfKeys{{}}.probability(0)), AssertionFailure);
  REQUIRE_THROWS_AS((ZipfKeys{{}}.probability(1'001)), AssertionFailure);
}
