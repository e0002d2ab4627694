#include "libsim/statistics/batch_quantile.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "libsim/random/stream.hpp"

using sim::batch_quantile_interval;

namespace {

using Batches = std::vector<std::vector<double>>;

Batches exponential_batches(std::size_t batches, std::size_t size, sim::RandomStream& stream) {
  Batches samples(batches, std::vector<double>(size));
  for (auto& batch : samples) {
    for (double& sample : batch) {
      sample = stream.standard_exponential();
    }
  }
  return samples;
}

}  // namespace

TEST_CASE("the percentile of three batches is that by hand", "[statistics]") {
  // Medians (the second of four): 2, 4, 9: mean 5, squares 9 + 1 + 16 = 26, standard error √(26 / 2 / 3).
  const Batches batches{{4, 1, 3, 2}, {4, 4, 9, 1}, {9, 10, 0, 11}};
  const auto interval = batch_quantile_interval(batches, 50);
  REQUIRE(interval);
  CHECK(interval->mean == 5.0);
  CHECK(interval->standard_error == Approx(std::sqrt(26.0 / 6.0)));
  CHECK(interval->half_width == Approx(4.302653 * std::sqrt(26.0 / 6.0)));
  CHECK(interval->samples == 3);
}

TEST_CASE("a run is cut into batches after what does not fill them", "[statistics]") {
  const std::vector<double> run{1e6, 1e6, 4, 1, 3, 2, 4, 4, 9, 1, 9, 10, 0, 11};
  const Batches batches{{4, 1, 3, 2}, {4, 4, 9, 1}, {9, 10, 0, 11}};
  for (const double percent : {25.0, 50.0, 75.0}) {
    CHECK(batch_quantile_interval(run, 3, percent) == batch_quantile_interval(batches, percent));
    CHECK(batch_quantile_interval(run, 3, percent).has_value());
  }
}

TEST_CASE("batches of different length count alike", "[statistics]") {
  CHECK(batch_quantile_interval(Batches{{1, 2}, {3, 3, 3, 5, 5, 5}}, 50)->mean == 2.0);
}

TEST_CASE("the 99th percentile of batches of 100 exponential samples has the bias of the 99th of 100", "[statistics]") {
  // The k-th smallest of m exponential samples is 1/m + 1/(m-1) + … + 1/(m-k+1) on average (Rényi 1953): 4.18738 for
  // the 99th of 100, where ln 100 = 4.60517.
  double expected = 0.0;
  for (int i = 2; i <= 100; ++i) {
    expected += 1.0 / i;
  }
  sim::RandomStream stream({.seed = 1, .actor = "quantile", .purpose = "samples"});
  const auto interval = batch_quantile_interval(exponential_batches(20'000, 100, stream), 99);
  REQUIRE(interval);
  CHECK(std::abs(interval->mean - expected) < 3.0 * interval->standard_error);
  CHECK(interval->standard_error < 0.006);
  CHECK_FALSE(interval->contains(std::log(100.0)));
}

TEST_CASE("about 95 of 100 intervals from 20 long batches contain the true percentile", "[statistics][slow]") {
  sim::RandomStream stream({.seed = 1, .actor = "quantile", .purpose = "samples"});
  int containing = 0;
  for (int study = 0; study < 400; ++study) {
    // The bias of 0.0009 is a tenth of the standard error.
    const auto interval = batch_quantile_interval(exponential_batches(20, 5'000, stream), 90);
    containing += interval->contains(std::log(10.0)) ? 1 : 0;
  }
  CHECK(containing >= 367);  // 380 ± three standard deviations of 4.4
  CHECK(containing <= 393);
}

TEST_CASE("batches of one value have a percentile without width", "[statistics]") {
  const auto interval = batch_quantile_interval(Batches(4, std::vector<double>(10, 7.0)), 90);
  REQUIRE(interval);
  CHECK(interval->mean == 7.0);
  CHECK(interval->half_width == 0.0);
}

TEST_CASE("a batch that is too short for a percentile is an error that says so", "[statistics]") {
  CHECK(batch_quantile_interval(Batches(2, std::vector<double>(99, 1.0)), 99).error().message ==
        "batch 0: 99 samples: too few for a percentile of 99");
  CHECK(batch_quantile_interval(Batches(2, std::vector<double>(100, 1.0)), 99));
  CHECK(batch_quantile_interval(Batches(2, std::vector<double>(1'000, 1.0)), 99.9));
  CHECK_FALSE(batch_quantile_interval(Batches(2, std::vector<double>(999, 1.0)), 99.9));
  CHECK(batch_quantile_interval(Batches(2, std::vector<double>(10'000, 1.0)), 99.99));
  CHECK(batch_quantile_interval(Batches(2, std::vector<double>(100, 1.0)), 1));
  CHECK_FALSE(batch_quantile_interval(Batches(2, std::vector<double>(99, 1.0)), 1));
  CHECK(batch_quantile_interval(Batches{{1, 2}, {}}, 50).error().message ==
        "batch 1: 0 samples: too few for a percentile of 50");
  CHECK_FALSE(batch_quantile_interval(std::vector<double>{}, 5, 50));
  CHECK_FALSE(batch_quantile_interval(std::vector<double>(9, 1.0), 5, 50));
  CHECK(batch_quantile_interval(std::vector<double>(10, 1.0), 5, 50));
}

TEST_CASE("a percentile of batches with a wrong setting or value is an error that says why", "[statistics]") {
  const Batches batches(2, std::vector<double>(100, 1.0));
  CHECK(batch_quantile_interval(Batches{}, 50).error().message ==
        "0 sample(s): a confidence interval needs at least 2");
  CHECK(batch_quantile_interval(Batches{{1, 2}}, 50).error().message ==
        "1 sample(s): a confidence interval needs at least 2");
  CHECK(batch_quantile_interval(std::vector<double>(10, 1.0), 1, 50).error().message ==
        "batches 1: expected at least 2");
  CHECK(batch_quantile_interval(batches, 0).error().message ==
        "percentile 0: expected a number strictly between 0 and 100");
  CHECK_FALSE(batch_quantile_interval(batches, 100));
  CHECK_FALSE(batch_quantile_interval(batches, std::numeric_limits<double>::quiet_NaN()));
  CHECK_FALSE(batch_quantile_interval(batches, 50, 1.0));
  CHECK(batch_quantile_interval(Batches{{1, 2}, {1, std::numeric_limits<double>::quiet_NaN()}}, 50).error().message ==
        "batch 1: value 2 of 2 is nan: expected a finite number of magnitude at most 1e+100");
}
