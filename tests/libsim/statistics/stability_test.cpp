#include "libsim/statistics/stability.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "libsim/random/stream.hpp"

using sim::growth_of_replications;
using sim::growth_of_run;
using sim::Load;

namespace {

/// Mean waits over equal windows of customers of M/M/1 with service rate 1 by Lindley's recursion, begun empty.
std::vector<double> waits_by_window(double utilisation, std::size_t windows, int customers, std::uint64_t seed,
                                    std::uint32_t replication = 0) {
  sim::RandomStream stream({.seed = seed, .replication = replication, .actor = "queue", .purpose = "draws"});
  std::vector<double> means;
  double wait = 0.0;
  while (means.size() < windows) {
    double waits = 0.0;
    for (int customer = 0; customer < customers; ++customer) {
      waits += wait;
      wait = std::max(0.0, wait + stream.standard_exponential() - stream.standard_exponential() / utilisation);
    }
    means.push_back(waits / customers);
  }
  return means;
}

int growing_runs(double utilisation, std::uint64_t seeds) {
  int growing = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    growing += growth_of_run(waits_by_window(utilisation, 100, 500, seed))->growing ? 1 : 0;
  }
  return growing;
}

int growing_studies(double utilisation, std::uint64_t seeds) {
  int growing = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    std::vector<std::vector<double>> replications;
    for (std::uint32_t replication = 0; replication < 5; ++replication) {
      replications.push_back(waits_by_window(utilisation, 20, 500, seed, replication));
    }
    growing += growth_of_replications(replications)->growing ? 1 : 0;
  }
  return growing;
}

}  // namespace

TEST_CASE("the trend of two replications is that by hand", "[statistics]") {
  // Slopes (−1·1 + 1·5)/2 = 2 and (−1·2 + 1·10)/2 = 4: mean 3, deviation √2, standard error 1; t(0.975; 1) = 12.706.
  const auto growth = growth_of_replications(std::vector<std::vector<double>>{{1, 3, 5}, {2, 6, 10}});
  REQUIRE(growth);
  CHECK(growth->slope.mean == Approx(3.0));
  CHECK(growth->slope.standard_error == Approx(1.0));
  CHECK(growth->slope.half_width == Approx(12.7062).margin(1e-4));
  CHECK(growth->mean_level == Approx(4.5));
  CHECK(growth->share == Approx(2.0));  // 3 · 3 / 4.5
  CHECK_FALSE(growth->growing);         // two replications cannot be sure
  CHECK(growth_of_replications(std::vector<std::vector<double>>{{1, 3, 5}, {2, 6, 10}}, {.confidence = 0.7})->growing);
}

TEST_CASE("the trend of a run is the regression through its batch means", "[statistics]") {
  // Batch means of two: 1, 3, 2, 4, 5. Σ(x - 2)(y - 3) = 4 + 0 + 0 + 1 + 4 = 9 over 10: slope 0.9 per batch.
  // Residuals -0.2, 0.9, -1, 0.1, 0.2: squares 1.9; standard error √(1.9 / 3 / 10) = 0.25166; t(0.975; 3) = 3.182446.
  const std::array<double, 11> windows{1e6, 1, 1, 2, 4, 3, 1, 4, 4, 4, 6};
  const auto growth = growth_of_run(windows, {.batches = 5});
  REQUIRE(growth);
  CHECK(growth->slope.mean == Approx(0.45));
  CHECK(growth->slope.standard_error == Approx(std::sqrt(1.9 / 30.0) / 2.0));
  CHECK(growth->slope.half_width == Approx(3.182446 * std::sqrt(1.9 / 30.0) / 2.0));
  CHECK(growth->slope.samples == 5);
  CHECK(growth->mean_level == Approx(3.0));
  CHECK(growth->share == Approx(1.5));  // 0.45 · 10 / 3
  CHECK(growth->growing);               // 0.9 - 0.80 > 0
  CHECK_FALSE(growth_of_run(windows, {.confidence = 0.99, .batches = 5})->growing);
}

TEST_CASE("growth that is certain but small is not called growing", "[statistics]") {
  std::vector<double> windows;
  for (int i = 0; i < 100; ++i) {
    windows.push_back(100.0 + 0.4 * i);  // from 100 to 140, a third of the mean level of 119.8
  }
  const auto growth = growth_of_run(windows);
  REQUIRE(growth);
  CHECK(growth->slope.lower() > 0.399);
  CHECK(growth->share == Approx(40.0 / 119.8));
  CHECK_FALSE(growth->growing);
  CHECK(growth_of_run(windows, {.relevant_share = 0.3})->growing);
}

TEST_CASE("a level that grows from nothing along a line has a share of two", "[statistics]") {
  std::vector<double> windows;
  for (int i = 0; i < 100; ++i) {
    windows.push_back(i + 0.5);
  }
  const auto growth = growth_of_run(windows);
  REQUIRE(growth);
  CHECK(growth->share == Approx(2.0));
  CHECK(growth->growing);
}

TEST_CASE("a level that falls or never changes is not growing", "[statistics]") {
  std::vector<double> windows;
  for (int i = 0; i < 100; ++i) {
    windows.push_back(100.0 - i);
  }
  const auto falling = growth_of_run(windows);
  REQUIRE(falling);
  CHECK(falling->slope.mean == Approx(-1.0));
  CHECK(falling->share < -1.9);
  CHECK_FALSE(falling->growing);
  for (const double level : {0.0, 7.0}) {
    const auto still = growth_of_run(std::vector<double>(100, level));
    REQUIRE(still);
    CHECK(still->slope.mean == Approx(0.0).margin(1e-12));
    CHECK(still->share == Approx(0.0).margin(1e-12));
    CHECK_FALSE(still->growing);
    CHECK_FALSE(growth_of_replications(std::vector<std::vector<double>>(3, std::vector<double>(5, level)))->growing);
  }
}

TEST_CASE("the queue of M/M/1 at utilisation 0.9 is hardly ever called growing", "[statistics][slow]") {
  CHECK(growing_runs(0.9, 300) <= 9);
  CHECK(growing_studies(0.9, 300) <= 9);
}

TEST_CASE("the queue of M/M/1 at utilisation 1.05 is nearly always found growing", "[statistics][slow]") {
  CHECK(growing_runs(1.05, 300) >= 291);
  CHECK(growing_studies(1.05, 300) >= 291);
}

TEST_CASE("the slopes of ten replications in equilibrium contain no trend in about 95 of 100 studies", "[statistics]") {
  int containing = 0;
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    sim::RandomStream stream({.seed = seed, .actor = "level", .purpose = "noise"});
    std::vector<std::vector<double>> replications(10, std::vector<double>(8));
    for (auto& windows : replications) {
      for (double& window : windows) {
        window = 10.0 + stream.standard_normal();
      }
    }
    containing += growth_of_replications(replications)->slope.contains(0.0) ? 1 : 0;
  }
  CHECK(containing >= 930);
  CHECK(containing <= 970);
}

TEST_CASE("the slope of a run of independent windows contains no trend in about 95 of 100 runs", "[statistics]") {
  sim::RandomStream stream({.seed = 1, .actor = "level", .purpose = "noise"});
  int containing = 0;
  for (int run = 0; run < 1'000; ++run) {
    std::vector<double> windows(40);
    for (double& window : windows) {
      window = 10.0 + stream.standard_normal();
    }
    containing += growth_of_run(windows)->slope.contains(0.0) ? 1 : 0;
  }
  CHECK(containing >= 930);
  CHECK(containing <= 970);
}

TEST_CASE("a load is judged by both ends of its interval", "[statistics]") {
  const auto load = [](double mean, double half_width) {
    sim::Interval interval;
    interval.mean = mean;
    interval.half_width = half_width;
    return sim::judge_load(interval);
  };
  CHECK(load(0.9, 0.05) == Load::below_capacity);
  CHECK(load(0.9, 0.2) == Load::unclear);
  CHECK(load(1.1, 0.2) == Load::unclear);
  CHECK(load(1.1, 0.05) == Load::at_capacity);
  CHECK(load(1.0, 0.0) == Load::at_capacity);  // servers that were never idle
  CHECK(load(0.5, 0.5) == Load::unclear);
  CHECK(load(std::numeric_limits<double>::quiet_NaN(), 0.1) == Load::unclear);
}

TEST_CASE("a trend that cannot be found is an error that says why", "[statistics]") {
  using Replications = std::vector<std::vector<double>>;
  CHECK(growth_of_replications({}).error().message == "0 sample(s): a confidence interval needs at least 2");
  CHECK(growth_of_replications(Replications{{1, 2, 3}}).error().message ==
        "1 sample(s): a confidence interval needs at least 2");
  CHECK(growth_of_replications(Replications{{1, 2}, {1, 2}}).error().message == "2 windows: a trend needs at least 3");
  CHECK(growth_of_replications(Replications{{1, 2, 3}, {1, 2, 3, 4}}).error().message ==
        "replication 1 has 4 windows, replication 0 has 3: expected as many");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(growth_of_replications(Replications{{1, 2, 3}, {1, nan, 3}}).error().message ==
        "replication 1: value 2 of 3 is nan: expected a finite number of magnitude at most 1e+100");
  CHECK(growth_of_run({}).error().message == "0 windows: too few for 10 batches");
  CHECK(growth_of_run(std::vector<double>(9, 1.0)).error().message == "9 windows: too few for 10 batches");
  CHECK(growth_of_run(std::vector<double>(10, 1.0)));
  CHECK_FALSE(growth_of_run(std::vector<double>(10, nan)));
  const std::vector<double> run(20, 1.0);
  CHECK(growth_of_run(run, {.batches = 3}).error().message == "batches 3: expected at least 4");
  CHECK(growth_of_run(run, {.relevant_share = 0.0}).error().message ==
        "relevant_share 0: expected a positive number, such as 0.5");
  CHECK_FALSE(growth_of_run(run, {.confidence = 1.0}));
}
