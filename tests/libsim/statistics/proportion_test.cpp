#include "libsim/statistics/proportion.hpp"

#include <catch2/catch.hpp>

#include "libsim/random/stream.hpp"

using sim::proportion_interval;

TEST_CASE("score intervals of a proportion are those of Newcombe's table", "[statistics]") {
  // Newcombe, "Two-Sided Confidence Intervals for the Single Proportion", Statistics in Medicine 17 (1998), table I.
  struct Published {
    std::uint64_t successes, trials;
    double lower, upper;
  };
  const auto row = GENERATE(Published{81, 263, 0.2553, 0.3662}, Published{15, 148, 0.0624, 0.1605},
                            Published{0, 20, 0.0000, 0.1611}, Published{1, 29, 0.0061, 0.1718});
  const auto interval = proportion_interval(row.successes, row.trials);
  REQUIRE(interval);
  CHECK(interval->proportion == static_cast<double>(row.successes) / static_cast<double>(row.trials));
  CHECK(interval->lower == Approx(row.lower).margin(0.00005));
  CHECK(interval->upper == Approx(row.upper).margin(0.00005));
}

TEST_CASE("the interval of a proportion without failures ends at one and mirrors that without successes",
          "[statistics]") {
  const auto all = proportion_interval(20, 20);
  const auto none = proportion_interval(0, 20);
  REQUIRE(all);
  REQUIRE(none);
  CHECK(all->upper == 1.0);
  CHECK(none->lower == 0.0);
  CHECK(all->lower == Approx(1.0 - none->upper));
}

TEST_CASE("about 95 of 100 score intervals contain the true proportion", "[statistics]") {
  sim::RandomStream stream({.seed = 3, .actor = "coverage", .purpose = "trials"});
  int containing = 0;
  for (int interval = 0; interval < 1'000; ++interval) {
    std::uint64_t successes = 0;
    for (int trial = 0; trial < 200; ++trial) {
      successes += stream.chance(0.1) ? 1 : 0;
    }
    containing += proportion_interval(successes, 200)->contains(0.1) ? 1 : 0;
  }
  CHECK(containing >= 930);
  CHECK(containing <= 970);
}

TEST_CASE("a proportion of nothing, or of more than all, is an error", "[statistics]") {
  CHECK(proportion_interval(0, 0).error().message == "0 trials: a proportion needs at least 1");
  CHECK(proportion_interval(6, 5).error().message == "6 successes: expected at most the 5 trials");
  CHECK(proportion_interval(1, 5, 1.0).error().message ==
        "confidence 1: expected a number strictly between 0 and 1, such as 0.95");
}
