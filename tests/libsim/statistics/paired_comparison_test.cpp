#include "libsim/statistics/paired_comparison.hpp"

#include <rapidcheck/catch.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "libsim/random/stream.hpp"

using sim::compare_pairs;

namespace {

/// Mean wait of the first customers of M/M/1 with service rate 1; the draws of both settings are the same for one
/// replication, and each setting scales its own.
double mean_wait(double arrival_rate, std::uint32_t replication) {
  sim::RandomStream arrivals({.seed = 1, .replication = replication, .actor = "queue", .purpose = "arrivals"});
  sim::RandomStream services({.seed = 1, .replication = replication, .actor = "queue", .purpose = "services"});
  double wait = 0.0;
  double waits = 0.0;
  for (int customer = 0; customer < 500; ++customer) {
    waits += wait;
    wait = std::max(0.0, wait + services.standard_exponential() - arrivals.standard_exponential() / arrival_rate);
  }
  return waits / 500.0;
}

std::vector<double> mean_waits(double arrival_rate, std::uint32_t first, std::uint32_t count) {
  std::vector<double> waits;
  for (std::uint32_t replication = first; replication < first + count; ++replication) {
    waits.push_back(mean_wait(arrival_rate, replication));
  }
  return waits;
}

}  // namespace

TEST_CASE("the paired comparison of Student's sleep data is the published one", "[statistics]") {
  // Student, "The Probable Error of a Mean", Biometrika 6 (1908): the same ten patients with two drugs, differences
  // with mean 1.58, t = 4.06. R's t.test(paired = TRUE): t = -4.0621, df = 9, p = 0.002833, 95 % from -2.4598858 to
  // -0.7001142; cor: 0.7951702.
  const std::array first{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
  const std::array second{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
  const auto comparison = compare_pairs(first, second);
  REQUIRE(comparison);
  CHECK(comparison->first.mean == Approx(0.75));
  CHECK(comparison->second.mean == Approx(2.33));
  CHECK(comparison->difference.mean == Approx(-1.58));
  CHECK(comparison->difference.lower() == Approx(-2.4598858).margin(1e-7));
  CHECK(comparison->difference.upper() == Approx(-0.7001142).margin(1e-7));
  CHECK(comparison->p_value == Approx(0.002833).margin(5e-7));
  CHECK(comparison->correlation == Approx(0.7951702).margin(1e-7));
  CHECK(comparison->differ());
  CHECK(comparison->more_replications == 0);
}

TEST_CASE("the variance that common random numbers removed is that by hand", "[statistics]") {
  // Variances of 1, 2, 3 and 2, 5, 5: 1 and 3. Differences -1, -3, -2: 1. Removed: 1 - 1/4. Covariance 1.5 (products of
  // deviations 2 + 0 + 1 = 3, over 2), correlation 1.5 / √3.
  const auto comparison = compare_pairs(std::array{1.0, 2.0, 3.0}, std::array{2.0, 5.0, 5.0});
  REQUIRE(comparison);
  CHECK(comparison->variance_removed == Approx(0.75));
  CHECK(comparison->correlation == Approx(1.5 / std::sqrt(3.0)));
  CHECK_FALSE(comparison->differ());  // -2 ± 4.302653 / √3 = -2 ± 2.484
  // t(0.975; n - 1) / √n: 1.591 for n = 4.
  CHECK(comparison->more_replications == 1);
}

TEST_CASE("settings that move together exactly lose all variance, those that move apart double it", "[statistics]") {
  const std::array values{1.0, 2.0, 4.0, 9.0};
  const auto together = compare_pairs(values, std::array{2.0, 3.0, 5.0, 10.0});
  REQUIRE(together);
  CHECK(together->variance_removed == Approx(1.0));
  CHECK(together->correlation == Approx(1.0));
  // Four differences of one sign: as likely as four equal coins.
  CHECK(together->p_value == 0.125);
  CHECK_FALSE(together->differ());
  const std::array more{1.0, 2.0, 4.0, 9.0, 3.0, 5.0};
  CHECK(compare_pairs(more, std::array{1.1, 2.1, 4.1, 9.1, 3.1, 5.1})->p_value == 0.03125);
  const auto apart = compare_pairs(values, std::array{-1.0, -2.0, -4.0, -9.0});
  REQUIRE(apart);
  CHECK(apart->variance_removed == Approx(-1.0));
  CHECK(apart->correlation == Approx(-1.0));
}

TEST_CASE("equal settings do not differ, and no number of replications would show it", "[statistics]") {
  const std::array values{1.0, 2.0, 4.0, 9.0};
  const auto same = compare_pairs(values, values);
  REQUIRE(same);
  CHECK_FALSE(same->differ());
  CHECK(same->difference.half_width == 0.0);
  CHECK(same->p_value == 1.0);
  CHECK(same->more_replications == std::nullopt);
  CHECK(same->variance_removed == 1.0);
}

TEST_CASE("a setting that never varies has no correlation", "[statistics]") {
  const auto comparison = compare_pairs(std::array{1.0, 2.0, 4.0}, std::array{3.0, 3.0, 3.0});
  REQUIRE(comparison);
  CHECK(comparison->correlation == 0.0);
  CHECK(comparison->variance_removed == Approx(0.0).margin(1e-12));
  const auto neither = compare_pairs(std::array{1.0, 1.0}, std::array{3.0, 3.0});
  REQUIRE(neither);
  CHECK(neither->correlation == 0.0);
  CHECK(neither->variance_removed == 0.0);
  CHECK(neither->p_value == 0.5);
  CHECK_FALSE(neither->differ());
}

TEST_CASE("the correlation is exact however little one setting varies", "[statistics]") {
  const auto comparison = compare_pairs(std::array{1.0, 2.0, 4.0, 9.0}, std::array{1e-12, 2e-12, 4e-12, 9e-12});
  REQUIRE(comparison);
  CHECK(comparison->correlation == Approx(1.0).epsilon(1e-12));
  CHECK(comparison->variance_removed == Approx(0.0).margin(1e-11));
}

TEST_CASE("common random numbers remove most of the variance between two loads of a queue", "[statistics]") {
  const auto at_70 = mean_waits(0.7, 0, 50);
  const auto common = compare_pairs(at_70, mean_waits(0.705, 0, 50));
  const auto independent = compare_pairs(at_70, mean_waits(0.705, 200, 50));
  REQUIRE(common);
  REQUIRE(independent);
  CHECK(common->variance_removed > 0.95);
  CHECK(common->correlation > 0.98);
  CHECK(common->differ());
  CHECK(std::abs(independent->variance_removed) < 0.45);  // three times 1/√50
  CHECK_FALSE(independent->differ());
  CHECK(independent->more_replications > 0);
}

TEST_CASE("the difference is found at 5 percent exactly when the p value says so", "[statistics]") {
  rc::prop("the interval leaves out 0 or p is at least 5 percent", [] {
    const auto first = *rc::gen::container<std::vector<int>>(6, rc::gen::inRange(0, 20));
    const auto second = *rc::gen::container<std::vector<int>>(6, rc::gen::inRange(5, 25));
    const std::vector<double> left(first.begin(), first.end());
    const std::vector<double> right(second.begin(), second.end());
    const auto comparison = compare_pairs(left, right);
    RC_ASSERT(comparison.has_value());
    RC_ASSERT(comparison->differ() == (comparison->p_value < 0.05));
    const auto swapped = compare_pairs(right, left);
    RC_ASSERT(swapped->difference.mean == -comparison->difference.mean);
    RC_ASSERT(swapped->more_replications == comparison->more_replications);
    RC_ASSERT(comparison->variance_removed >= -1.0 - 1e-12);
    RC_ASSERT(comparison->variance_removed <= 1.0);
  });
}

TEST_CASE("pairs that cannot be compared are an error that says why", "[statistics]") {
  CHECK(compare_pairs({}, {}).error().message == "0 sample(s): a confidence interval needs at least 2");
  CHECK(compare_pairs(std::array{1.0}, std::array{1.0}).error().message ==
        "1 sample(s): a confidence interval needs at least 2");
  CHECK(compare_pairs(std::array{1.0, 2.0}, std::array{1.0}).error().message ==
        "2 and 1 values: expected pairs, as many of one as of the other");
  CHECK(
      compare_pairs(std::array{1.0, 2.0}, std::array{1.0, std::numeric_limits<double>::quiet_NaN()}).error().message ==
      "value 2 of 2 is nan: expected a finite number of magnitude at most 1e+100");
  CHECK_FALSE(compare_pairs(std::array{1.0, 2.0}, std::array{1.0, 2.0}, 0.0));
}
