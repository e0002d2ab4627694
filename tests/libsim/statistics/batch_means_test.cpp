#include "libsim/statistics/batch_means.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "libsim/random/stream.hpp"

using sim::batch_means;
using sim::BatchMeans;

namespace {

/// x_i = correlation · x_{i-1} + noise, with mean 0, started in equilibrium.
std::vector<double> autoregressive_process(double correlation, std::size_t count, std::uint64_t seed) {
  sim::RandomStream stream({.seed = seed, .actor = "process", .purpose = "noise"});
  std::vector<double> values;
  values.reserve(count);
  double value = stream.standard_normal() / std::sqrt(1.0 - correlation * correlation);
  for (std::size_t i = 0; i < count; ++i) {
    value = correlation * value + stream.standard_normal();
    values.push_back(value);
  }
  return values;
}

BatchMeans online(const std::vector<double>& values) {
  BatchMeans batches;
  for (const double value : values) {
    batches.add(value);
  }
  return batches;
}

}  // namespace

TEST_CASE("three batches of two are analysed as by hand", "[statistics]") {
  const std::array<double, 6> run{1, 3, 2, 4, 6, 8};  // batch means 2, 3, 7: mean 4, squares 4+1+9 = 14
  const auto result = batch_means(run, {.batches = 3});
  REQUIRE(result);
  CHECK(result->interval.mean == 4.0);
  CHECK(result->interval.standard_error == Approx(std::sqrt(14.0 / 2.0 / 3.0)));
  CHECK(result->interval.half_width == Approx(4.302653 * std::sqrt(7.0 / 3.0)));  // t(0.975; 2) = 4.302653
  CHECK(result->interval.samples == 3);
  CHECK(result->batch_size == 2);
  CHECK(result->dropped == 0);
  CHECK(result->lag1_autocorrelation == Approx(-1.0 / 14.0));  // (-2)(-1) + (-1)(3) = -1, over 14
}

TEST_CASE("the warm-up and what does not fill the batches are dropped at the front", "[statistics]") {
  const std::array<double, 9> run{900, 800, 700, 1, 3, 2, 4, 6, 8};
  const auto by_count = batch_means(run, {.batches = 3, .warm_up_observations = 2});
  REQUIRE(by_count);
  CHECK(by_count->interval.mean == 4.0);  // 7 are left, 3 batches of 2 take the last 6
  CHECK(by_count->dropped == 3);
  const auto by_share = batch_means(run, {.batches = 3, .warm_up_share = 0.25});  // ceil(2.25) = 3
  CHECK(by_share == by_count);
}

TEST_CASE("batch means detect that batches are too short for the correlation of a run", "[statistics]") {
  // Correlation 0.99 reaches over about 100 observations, just the length of a batch.
  const auto result = batch_means(autoregressive_process(0.99, 3'000, 1));
  REQUIRE(result);
  CHECK(result->batch_size == 100);
  CHECK(result->lag1_autocorrelation > 0.3);
  CHECK_FALSE(result->independent);
}

TEST_CASE("batch means accept long batches of a correlated run, and the interval contains the mean", "[statistics]") {
  const auto result = batch_means(autoregressive_process(0.9, 300'000, 2));
  REQUIRE(result);
  CHECK(result->batch_size == 10'000);
  CHECK(std::abs(result->lag1_autocorrelation) < 0.3);
  CHECK(result->independent);
  CHECK(result->interval.contains(0.0));
  // The variance constant of the process is 1 / (1 - 0.9)² = 100: standard error √(100 / 300'000) = 0.018.
  CHECK(result->interval.standard_error == Approx(0.018).epsilon(0.4));
}

TEST_CASE("independent batches are refused about as often as the level of the test says", "[statistics]") {
  int refused = 0;
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    refused += batch_means(autoregressive_process(0.0, 20, seed), {.batches = 10})->independent ? 0 : 1;
  }
  // 100 ± three standard deviations of 9.7. Ten batches, because the estimate of the correlation is biased by -1/10,
  // for which the test has to make up.
  CHECK(refused >= 71);
  CHECK(refused <= 129);
}

TEST_CASE("a run that never changes has an interval without width and no correlation", "[statistics]") {
  const auto result = batch_means(std::vector<double>(60, 5.0));
  REQUIRE(result);
  CHECK(result->interval.half_width == 0.0);
  CHECK(result->lag1_autocorrelation == 0.0);
  CHECK(result->independent);
}

TEST_CASE("batches that alternate have a negative correlation and are not refused", "[statistics]") {
  const std::array<double, 4> run{1, -1, 1, -1};
  CHECK(sim::lag1_autocorrelation(run) == -0.75);  // three products of -1, over 4
  CHECK(batch_means(run, {.batches = 4})->independent);
}

TEST_CASE("too few observations for the batches are an error that counts them", "[statistics]") {
  CHECK(batch_means(std::vector<double>(29, 1.0)).error().message ==
        "29 observations with a warm-up of 0: too few for 30 batches");
  CHECK(batch_means(std::vector<double>(100, 1.0), {.warm_up_observations = 71}).error().message ==
        "100 observations with a warm-up of 71: too few for 30 batches");
  CHECK(batch_means(std::vector<double>(100, 1.0), {.warm_up_observations = 70}));
  CHECK_FALSE(batch_means(std::vector<double>(100, 1.0), {.warm_up_observations = 1'000}));
  CHECK_FALSE(BatchMeans{}.result());
}

TEST_CASE("a wrong setting of batch means is an error that names it", "[statistics]") {
  const std::vector<double> run(100, 1.0);
  CHECK(batch_means(run, {.batches = 2}).error().message == "batches 2: expected at least 3");
  CHECK(batch_means(run, {.warm_up_share = 1.0}).error().message ==
        "warm_up_share 1: expected a number from 0 to below 1, such as 0.1");
  CHECK_FALSE(batch_means(run, {.confidence = 0.0}));
  CHECK(online(run).result({.batches = 513}).error().message == "batches 513: expected at most 512");
}

TEST_CASE("batch means in constant memory equal those of the stored run while groups hold one observation",
          "[statistics]") {
  const auto run = autoregressive_process(0.5, BatchMeans::groups_max - 1, 3);
  CHECK(online(run).result({.warm_up_share = 0.1}) == batch_means(run, {.warm_up_share = 0.1}));
}

TEST_CASE("batch means in constant memory equal those of the stored run when the batches are whole groups",
          "[statistics]") {
  // 4096 whole numbers end as 512 groups of 8. 30 batches take 17 groups = 136 observations each: 16 are dropped.
  std::vector<double> run;
  for (int i = 0; i < 4'096; ++i) {
    run.push_back(i * 37 % 1'001);
  }
  const auto result = online(run).result();
  REQUIRE(result);
  CHECK(result->batch_size == 136);
  CHECK(result->dropped == 16);
  const auto stored = batch_means(run);
  CHECK(result->interval.mean == Approx(stored->interval.mean));
  CHECK(result->interval.half_width == Approx(stored->interval.half_width));
  CHECK(result->lag1_autocorrelation == Approx(stored->lag1_autocorrelation));
}

TEST_CASE("batch means in constant memory drop less than 7 percent of a long run", "[statistics]") {
  BatchMeans batches;
  const auto observations = GENERATE(2'048, 3'000, 5'555, 65'535, 100'000);
  for (int i = 0; i < observations; ++i) {
    batches.add(1.0);
  }
  CHECK(batches.count() == static_cast<std::uint64_t>(observations));
  CHECK(static_cast<double>(batches.result()->dropped) < 0.07 * observations);
}

TEST_CASE("a warm-up in constant memory is rounded up to whole groups", "[statistics]") {
  BatchMeans batches;
  for (int i = 0; i < 4'096; ++i) {
    batches.add(i < 129 ? 1e6 : 5.0);  // 512 groups of 8: the 17th holds the last observation of the warm-up
  }
  const auto result = batches.result({.batches = 16, .warm_up_observations = 129});
  REQUIRE(result);
  CHECK(result->interval.mean == 5.0);
  CHECK(result->batch_size == 240);  // 495 groups are left, 30 for each batch
}

TEST_CASE("batch means refuse what is not a finite number", "[statistics]") {
  BatchMeans batches;
  CHECK_THROWS_AS(batches.add(std::numeric_limits<double>::quiet_NaN()), sim::AssertionFailure);
  CHECK_THROWS_AS(batch_means(std::vector<double>(60, std::numeric_limits<double>::infinity())), sim::AssertionFailure);
}
