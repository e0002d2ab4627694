#include "libsim/statistics/littles_law.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "libsim/random/stream.hpp"
#include "libsim/statistics/moments.hpp"
#include "libsim/statistics/time_weighted.hpp"

using sim::littles_law;

namespace {

struct Stay {
  double from = 0.0;
  double to = 0.0;
};

/// The stays in M/M/1 with service rate 1 and arrival rate 0.5 of those who arrive before `end`, begun empty.
std::vector<Stay> queue_until(double end, std::uint32_t replication) {
  sim::RandomStream stream({.seed = 1, .replication = replication, .actor = "queue", .purpose = "draws"});
  std::vector<Stay> stays;
  double arrival = 2.0 * stream.standard_exponential();
  double free_at = 0.0;
  while (arrival < end) {
    free_at = std::max(arrival, free_at) + stream.standard_exponential();
    stays.push_back({arrival, free_at});
    arrival += 2.0 * stream.standard_exponential();
  }
  return stays;
}

struct Observed {
  std::vector<double> numbers;
  std::vector<double> rates;
  std::vector<double> times;
};

/// What is seen of the queue from its begin until `end` in each of 30 replications.
Observed observe(double end) {
  Observed observed;
  for (std::uint32_t replication = 0; replication < 30; ++replication) {
    double area = 0.0;
    sim::Moments times;
    for (const Stay& stay : queue_until(end, replication)) {
      area += std::min(stay.to, end) - stay.from;
      if (stay.to < end) {
        times.add(stay.to - stay.from);
      }
    }
    observed.numbers.push_back(area / end);
    observed.rates.push_back(static_cast<double>(times.count()) / end);
    observed.times.push_back(times.mean());
  }
  return observed;
}

}  // namespace

TEST_CASE("the gap of Little's law is that by hand", "[statistics]") {
  // 10 - 2·4.9 = 0.2 and 12 - 3·4.2 = -0.6: mean -0.2, deviation 0.8/√2, standard error 0.4.
  const auto law = littles_law(std::array{10.0, 12.0}, std::array{2.0, 3.0}, std::array{4.9, 4.2});
  REQUIRE(law);
  CHECK(law->number.mean == 11.0);
  CHECK(law->gap.mean == Approx(-0.2));
  CHECK(law->gap.standard_error == Approx(0.4));
  CHECK(law->gap_share == Approx(-0.2 / 11.0));
  CHECK(law->holds);
}

TEST_CASE("Little's law holds for M/M/1 over a window of 1000 times the mean time", "[statistics]") {
  const Observed observed = observe(2'000.0);  // the mean time is 1 / (1 - 0.5) = 2
  const auto law = littles_law(observed.numbers, observed.rates, observed.times);
  REQUIRE(law);
  CHECK(law->holds);
  CHECK(law->number.contains(1.0));  // ρ / (1 - ρ)
  CHECK(law->gap_share < 0.005);
}

TEST_CASE("Little's law finds that every twentieth is counted twice", "[statistics]") {
  Observed observed = observe(2'000.0);
  for (double& rate : observed.rates) {
    rate *= 1.05;
  }
  const auto law = littles_law(observed.numbers, observed.rates, observed.times);
  REQUIRE(law);
  CHECK_FALSE(law->holds);
  CHECK(law->gap_share == Approx(-0.05).margin(0.005));
}

TEST_CASE("Little's law finds times that leave out a part of the stay", "[statistics]") {
  Observed observed = observe(2'000.0);
  for (double& time : observed.times) {
    time -= 0.1;
  }
  CHECK_FALSE(littles_law(observed.numbers, observed.rates, observed.times)->holds);
}

TEST_CASE("a window that begins empty and is short leaves a positive gap in Little's law", "[statistics]") {
  // Whoever is still there at the end counts for the number only.
  const Observed observed = observe(20.0);
  const auto law = littles_law(observed.numbers, observed.rates, observed.times);
  REQUIRE(law);
  CHECK(law->gap_share > 0.02);
  CHECK(*std::min_element(observed.numbers.begin(), observed.numbers.end()) > 0.0);
  CHECK_FALSE(law->holds);
  CHECK(littles_law(observed.numbers, observed.rates, observed.times, 0.95, 0.5)->holds);
}

TEST_CASE("an empty system that nothing passes through keeps Little's law", "[statistics]") {
  const std::array<double, 3> nothing{};
  const auto law = littles_law(nothing, nothing, nothing);
  REQUIRE(law);
  CHECK(law->holds);
  CHECK(law->gap_share == 0.0);
  const std::array same{2.0, 2.0};
  CHECK_FALSE(littles_law(same, same, same)->holds);  // 2 ≠ 2 · 2, in each replication alike
  CHECK(littles_law(same, std::array{1.0, 1.0}, same)->holds);
}

TEST_CASE("from empty to empty the area under the number is the sum of the times", "[statistics]") {
  using std::chrono::seconds;
  sim::TimeWeighted number(sim::Time{});
  number.set(sim::Time{seconds(1)}, 1.0);  // stays 1-4, 2-5 and 3-10: 3 + 3 + 7 = 13
  number.set(sim::Time{seconds(2)}, 2.0);
  number.set(sim::Time{seconds(3)}, 3.0);
  number.set(sim::Time{seconds(4)}, 2.0);
  number.set(sim::Time{seconds(5)}, 1.0);
  number.set(sim::Time{seconds(10)}, 0.0);
  CHECK(number.integral(sim::Time{seconds(20)}) == 13.0);
  CHECK(sim::holds_from_empty_to_empty(number.integral(sim::Time{seconds(20)}), 13.0));
  CHECK_FALSE(sim::holds_from_empty_to_empty(number.integral(sim::Time{seconds(20)}), 13.000001));
}

TEST_CASE("the area under the number of a queue that runs empty is the sum of its times, to rounding", "[statistics]") {
  double sum = 0.0;
  const auto stays = queue_until(10'000.0, 1);
  std::vector<Stay> steps;  // at, by
  for (const Stay& stay : stays) {
    sum += stay.to - stay.from;
    steps.push_back({stay.from, 1.0});
    steps.push_back({stay.to, -1.0});
  }
  std::sort(steps.begin(), steps.end(), [](const Stay& left, const Stay& right) { return left.from < right.from; });
  sim::TimeWeighted number(sim::Time{});
  for (const Stay& step : steps) {
    number.set(sim::Time{sim::from_seconds(step.from)}, number.value() + step.to);
  }
  CHECK(number.value() == 0.0);
  const double area = number.integral(sim::Time{sim::from_seconds(steps.back().from)});
  CHECK(sim::holds_from_empty_to_empty(area, sum));
  CHECK_FALSE(sim::holds_from_empty_to_empty(area, sum - (stays.back().to - stays.back().from)));
}

TEST_CASE("nothing that is not a number holds from empty to empty", "[statistics]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(sim::holds_from_empty_to_empty(0.0, 0.0));
  CHECK_FALSE(sim::holds_from_empty_to_empty(0.0, 1e-30));
  CHECK_FALSE(sim::holds_from_empty_to_empty(nan, 1.0));
  CHECK_FALSE(sim::holds_from_empty_to_empty(1.0, nan));
  CHECK_FALSE(sim::holds_from_empty_to_empty(nan, nan));
}

TEST_CASE("Little's law of wrong samples is an error that says why", "[statistics]") {
  const std::array two{1.0, 2.0};
  CHECK(littles_law({}, {}, {}).error().message == "0 sample(s): a confidence interval needs at least 2");
  CHECK(littles_law(std::array{1.0}, std::array{1.0}, std::array{1.0}).error().message ==
        "1 sample(s): a confidence interval needs at least 2");
  CHECK(littles_law(two, two, std::array{1.0}).error().message ==
        "2 numbers, 2 rates and 1 times: expected one of each per replication");
  CHECK(littles_law(two, two, std::array{1.0, std::numeric_limits<double>::quiet_NaN()}).error().message ==
        "value 2 of 2 is nan: expected a finite number of magnitude at most 1e+100");
  CHECK_FALSE(littles_law(two, std::array{1e99, 1e99}, std::array{1e99, 1e99}));
  CHECK(littles_law(two, two, two, 0.95, 1.0).error().message ==
        "edge_share 1: expected a number from 0 to below 1, such as 0.01");
  CHECK_FALSE(littles_law(two, two, two, 1.0));
}
