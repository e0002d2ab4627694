#include "libsim/statistics/warm_up.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "libsim/random/stream.hpp"

using sim::average_of_replications;
using sim::mser5;

namespace {

/// Each value five times in a row: a run whose batch means are the values.
std::vector<double> run_of_batches(const std::vector<double>& means) {
  std::vector<double> run;
  for (const double mean : means) {
    run.insert(run.end(), 5, mean);
  }
  return run;
}

/// x_i = correlation · x_{i-1} + noise, with mean 0, begun at `start`.
std::vector<double> process_from(double start, double correlation, std::size_t count, std::uint64_t seed) {
  sim::RandomStream stream({.seed = seed, .actor = "process", .purpose = "noise"});
  std::vector<double> values;
  double value = start;
  for (std::size_t i = 0; i < count; ++i) {
    value = correlation * value + stream.standard_normal();
    values.push_back(value);
  }
  return values;
}

double mean_from(const std::vector<double>& values, std::size_t first) {
  return std::accumulate(values.begin() + static_cast<std::ptrdiff_t>(first), values.end(), 0.0) /
         static_cast<double>(values.size() - first);
}

}  // namespace

TEST_CASE("the warm-up of twelve batches is cut where it is by hand", "[statistics]") {
  // Σ(y - mean)² / kept², by number of dropped batches:
  // 0: (81 + 25 + 10 - 14²/12) / 144 = 0.692; 1: (25 + 10 - 5²/11) / 121 = 0.270; 2: 10 / 100 = 0.1;
  // 3: (9 - 1/9) / 81 = 0.110; 4: 8 / 64 = 0.125; later ones more.
  const auto warm_up = mser5(run_of_batches({9, 5, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1}));
  REQUIRE(warm_up);
  CHECK(warm_up->observations == 60);
  CHECK(warm_up->dropped == 10);
  CHECK(warm_up->statistic == Approx(0.1));
  CHECK_FALSE(warm_up->run_too_short());
}

TEST_CASE("the warm-up rule looks at means of five observations", "[statistics]") {
  // Each batch of five has mean 7: as equal as can be, although no two neighbours are.
  std::vector<double> run;
  for (int batch = 0; batch < 10; ++batch) {
    run.insert(run.end(), {5.0, 9.0, 7.0, 3.0, 11.0});
  }
  const auto warm_up = mser5(run);
  REQUIRE(warm_up);
  CHECK(warm_up->dropped == 0);
  CHECK(warm_up->statistic == 0.0);
}

TEST_CASE("a run that never changes has no warm-up", "[statistics]") {
  const auto warm_up = mser5(std::vector<double>(500, 0.1));
  REQUIRE(warm_up);
  CHECK(warm_up->dropped == 0);
  CHECK(warm_up->statistic == 0.0);
  CHECK_FALSE(warm_up->run_too_short());
}

TEST_CASE("what does not fill a batch of five at the end is not looked at by the warm-up rule", "[statistics]") {
  auto run = run_of_batches({9, 5, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1});
  run.insert(run.end(), 4, 1e6);
  const auto warm_up = mser5(run);
  REQUIRE(warm_up);
  CHECK(warm_up->observations == 64);
  CHECK(warm_up->dropped == 10);
}

TEST_CASE("the warm-up rule is not led by a few equal values at the end", "[statistics]") {
  // The last four batches alone would have the statistic 0.
  std::vector<double> means;
  for (int i = 0; i < 20; ++i) {
    means.push_back(i < 16 ? (i % 2 == 0 ? 1.0 : -1.0) : 3.0);
  }
  const auto warm_up = mser5(run_of_batches(means));
  REQUIRE(warm_up);
  CHECK(warm_up->dropped == 0);
}

TEST_CASE("a run that never settles is said to be too short for its warm-up", "[statistics]") {
  std::vector<double> rising(1'000);
  std::iota(rising.begin(), rising.end(), 0.0);
  const auto ramp = mser5(rising);
  REQUIRE(ramp);
  // The sum of squares of a line through n points is n(n² - 1)/12, and that over n² falls with n: keep least.
  CHECK(ramp->dropped == 975);
  CHECK(ramp->run_too_short());
  // A step is found exactly: 6 of 10 batches before it are too many, 5 are not.
  CHECK(mser5(run_of_batches({9, 9, 9, 9, 9, 1, 1, 1, 1, 1}))->dropped == 25);
  CHECK_FALSE(mser5(run_of_batches({9, 9, 9, 9, 9, 1, 1, 1, 1, 1}))->run_too_short());
  CHECK(mser5(run_of_batches({9, 9, 9, 9, 9, 9, 1, 1, 1, 1, 1}))->run_too_short());
}

TEST_CASE("the warm-up of an autoregressive process begun far off is found", "[statistics]") {
  // The start of 100 is below the standard deviation of 2.3 after log(100/2.3)/-log(0.9) = 36 observations.
  int found = 0;
  double error_before = 0.0;
  double error_after = 0.0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const auto run = process_from(100.0, 0.9, 2'000, seed);
    const auto warm_up = mser5(run);
    REQUIRE(warm_up);
    found += warm_up->dropped >= 25 && warm_up->dropped <= 100 ? 1 : 0;
    error_before += mean_from(run, 0) / 200;
    error_after += mean_from(run, warm_up->dropped) / 200;
  }
  CHECK(found >= 190);
  CHECK(error_before == Approx(0.9 * 100 / 0.1 / 2'000).margin(0.06));  // Σ 0.9^i · 100 over 2000 values: 0.45
  CHECK(std::abs(error_after) < 0.06);  // three standard errors of the mean of 200 runs: 3 · 10/√(2000 · 200)
}

TEST_CASE("a process begun in equilibrium rarely loses much of a run as warm-up", "[statistics]") {
  int more_than_half = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    more_than_half += mser5(process_from(0.0, 0.5, 2'000, seed))->run_too_short() ? 1 : 0;
  }
  CHECK(more_than_half <= 20);
}

TEST_CASE("the average over replications shows a warm-up that single runs hide", "[statistics]") {
  // Begun two standard deviations off, with 50 observations to forget it: the mean of 100 runs has a tenth of the
  // noise.
  std::vector<std::vector<double>> replications;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    replications.push_back(process_from(14.0, 0.98, 2'000, seed));
  }
  const auto averages = average_of_replications(replications);
  REQUIRE(averages);
  const auto warm_up = mser5(*averages);
  REQUIRE(warm_up);
  CHECK(warm_up->dropped >= 75);
  CHECK(warm_up->dropped <= 400);
}

TEST_CASE("replications are averaged value by value as far as the shortest reaches", "[statistics]") {
  const std::vector<std::vector<double>> replications{{1, 2, 3, 100}, {3, 4, 8}, {5, 9, 1, 7, 7}};
  CHECK(average_of_replications(replications) == std::vector<double>{3, 5, 4});
  CHECK(average_of_replications(std::vector<std::vector<double>>{{1, 2}}) == std::vector<double>{1, 2});
}

TEST_CASE("a warm-up that cannot be found is an error that says why", "[statistics]") {
  CHECK(mser5({}).error().message == "0 observations: MSER-5 needs at least 50");
  CHECK(mser5(std::vector<double>(49, 1.0)).error().message == "49 observations: MSER-5 needs at least 50");
  CHECK(mser5(std::vector<double>(50, 1.0)));
  std::vector<double> run(60, 1.0);
  run[2] = std::numeric_limits<double>::quiet_NaN();
  CHECK(mser5(run).error().message == "value 3 of 60 is nan: expected a finite number of magnitude at most 1e+100");
  CHECK(average_of_replications({}).error().message == "no replications: expected at least one");
  CHECK(average_of_replications(std::vector<std::vector<double>>{{1.0}, {}}).error().message ==
        "replication 1 has no values: expected at least one");
  CHECK(average_of_replications(std::vector<std::vector<double>>{{1.0}, run}).error().message ==
        "replication 1: value 3 of 60 is nan: expected a finite number of magnitude at most 1e+100");
}
