#include "libsim/statistics/multiple_comparisons.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "libsim/random/stream.hpp"
#include "libsim/statistics/paired_comparison.hpp"

using sim::bonferroni_confidence;
using sim::holm_adjusted;

TEST_CASE("ten comparisons at 90 percent together take 99 percent each", "[statistics]") {
  // Law, Simulation Modeling and Analysis, section 9.7: each of 10 measures at 99 % for 90 % overall.
  CHECK(*bonferroni_confidence(0.90, 10) == Approx(0.99));
  CHECK(*bonferroni_confidence(0.95, 5) == Approx(0.99));
  CHECK(bonferroni_confidence(0.95, 1) == 0.95);
}

TEST_CASE("Holm's adjusted p values are those by hand", "[statistics]") {
  // Ascending 0.01·4 = 0.04, 0.02·3 = 0.06, 0.03·2 = 0.06, 0.04·1 = 0.04, which is lifted to 0.06.
  const auto adjusted = holm_adjusted(std::array{0.04, 0.01, 0.03, 0.02});
  REQUIRE(adjusted);
  CHECK((*adjusted)[0] == Approx(0.06));
  CHECK((*adjusted)[1] == Approx(0.04));
  CHECK((*adjusted)[2] == Approx(0.06));
  CHECK((*adjusted)[3] == Approx(0.06));
}

TEST_CASE("adjusted p values stay at most 1, and equal ones stay equal", "[statistics]") {
  CHECK(holm_adjusted(std::array{0.6, 0.9}) == std::vector{1.0, 1.0});
  CHECK(holm_adjusted(std::array{0.25, 0.25}) == std::vector{0.5, 0.5});
  CHECK(holm_adjusted(std::array{0.0, 1.0}) == std::vector{0.0, 1.0});
  CHECK(holm_adjusted(std::array{0.3}) == std::vector{0.3});
  CHECK(holm_adjusted({})->empty());
}

TEST_CASE("of five equal metrics one differs by chance in 5 of 100 studies when adjusted, else in 23",
          "[statistics][slow]") {
  sim::RandomStream stream({.seed = 1, .actor = "metrics", .purpose = "samples"});
  int plain = 0;
  int bonferroni = 0;
  int holm = 0;
  for (int study = 0; study < 1'000; ++study) {
    std::vector<double> p_values;
    bool any_plain = false;
    bool any_bonferroni = false;
    for (int metric = 0; metric < 5; ++metric) {
      std::array<double, 8> first{};
      std::array<double, 8> second{};
      for (std::size_t i = 0; i < first.size(); ++i) {
        first[i] = stream.standard_normal();
        second[i] = stream.standard_normal();
      }
      const auto comparison = sim::compare_pairs(first, second);
      any_plain = any_plain || comparison->differ();
      any_bonferroni = any_bonferroni || sim::compare_pairs(first, second, *bonferroni_confidence(0.95, 5))->differ();
      p_values.push_back(comparison->p_value);
    }
    const auto adjusted = holm_adjusted(p_values);
    bool any_holm = false;
    for (const double p : *adjusted) {
      any_holm = any_holm || p <= 0.05;
    }
    plain += any_plain ? 1 : 0;
    bonferroni += any_bonferroni ? 1 : 0;
    holm += any_holm ? 1 : 0;
  }
  CHECK(plain >= 186);  // 1 - 0.95^5 = 0.226, ± three standard deviations of 13.2
  CHECK(plain <= 266);
  CHECK(bonferroni >= 29);  // 1 - 0.99^5 = 0.049, ± three of 6.8
  CHECK(bonferroni <= 70);
  CHECK(holm == bonferroni);  // the first rejection is the same one
}

TEST_CASE("comparisons that cannot be adjusted are an error that says why", "[statistics]") {
  CHECK(bonferroni_confidence(0.95, 0).error().message == "0 comparisons: expected at least 1");
  CHECK_FALSE(bonferroni_confidence(95.0, 3));
  CHECK_FALSE(bonferroni_confidence(std::numeric_limits<double>::quiet_NaN(), 3));
  CHECK(holm_adjusted(std::array{0.5, 1.5}).error().message == "p value 1.5: expected a number from 0 to 1");
  CHECK_FALSE(holm_adjusted(std::array{std::numeric_limits<double>::quiet_NaN()}));
}
