#include "libsim/statistics/sample_summary.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "libsim/failure.hpp"

TEST_CASE("samples in any order have a mean, a least, a largest and nearest-rank percentiles", "[statistics]") {
  const std::vector<double> samples = {4, 1, 3, 2};
  CHECK(sim::mean_of(samples) == 2.5);  // 10 / 4
  CHECK(sim::smallest_of(samples) == 1);
  CHECK(sim::largest_of(samples) == 4);
  CHECK(sim::percentile_of(samples, 25) == 1);    // ceil(1.0) = 1
  CHECK(sim::percentile_of(samples, 25.1) == 2);  // ceil(1.004) = 2
  CHECK(sim::percentile_of(samples, 100) == 4);
}

TEST_CASE("the largest of negative samples is negative", "[statistics]") {
  CHECK(sim::largest_of(std::vector<double>{-2, -1}) == -1);
}

TEST_CASE("without samples nothing was measured, which is no number", "[statistics]") {
  CHECK(std::isnan(sim::nothing_measured));
  CHECK(std::isnan(sim::mean_of({})));
  CHECK(std::isnan(sim::smallest_of({})));
  CHECK(std::isnan(sim::largest_of({})));
  CHECK(std::isnan(sim::percentile_of({}, 50)));
}

TEST_CASE("a percentile of samples that is out of range is refused", "[statistics]") {
  CHECK_THROWS_AS(sim::percentile_of({1}, 101), sim::AssertionFailure);
}
