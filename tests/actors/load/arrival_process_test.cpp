#include "actors/load/arrival_process.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "libsim/failure.hpp"
#include "libsim/statistics/interval.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

RandomStream stream(std::uint64_t seed = 1) {
  return RandomStream({.seed = seed, .replication = 0, .actor = "load", .incarnation = 0, .purpose = "arrival"});
}

std::vector<Duration> first(ArrivalProcess process, std::size_t count, std::uint64_t seed = 1) {
  RandomStream random = stream(seed);
  std::vector<Duration> times;
  while (times.size() < count) {
    const auto next = process.next(random);
    if (!next) {
      break;
    }
    times.push_back(*next - Time{});
  }
  return times;
}

std::vector<Duration> until(ArrivalProcess process, Duration end, std::uint64_t seed = 1) {
  RandomStream random = stream(seed);
  std::vector<Duration> times;
  for (auto next = process.next(random); next && *next < at(end); next = process.next(random)) {
    times.push_back(*next - Time{});
  }
  return times;
}

using Durations = std::vector<Duration>;

}  // namespace

TEST_CASE("arrivals at a constant rate begin at the start and keep equal gaps", "[arrival_process]") {
  REQUIRE(first(ArrivalProcess{{ConstantRateArrivals{4.0}}}, 4) == Durations{0s, 250ms, 500ms, 750ms});
  REQUIRE(first(ArrivalProcess{{ConstantRateArrivals{4.0}}, at(100s)}, 2) == Durations{100s, 100s + 250ms});
}

TEST_CASE("a gap that is no whole number of nanoseconds does not add up to a drift", "[arrival_process]") {
  const Durations times = first(ArrivalProcess{{ConstantRateArrivals{3.0}}}, 300'001);
  REQUIRE(times[1] == 333'333'333ns);
  REQUIRE(times[2] == 666'666'667ns);
  REQUIRE(times[300'000] == 100'000s);
}

TEST_CASE("a batch brings so many arrivals at each time of the law", "[arrival_process]") {
  REQUIRE(first(ArrivalProcess{{ConstantRateArrivals{1.0}, 3}}, 7) == Durations{0s, 0s, 0s, 1s, 1s, 1s, 2s});
}

TEST_CASE("renewal arrivals come after one gap each", "[arrival_process]") {
  REQUIRE(first(ArrivalProcess{{RenewalArrivals{constant(2s)}}}, 3) == Durations{2s, 4s, 6s});
}

TEST_CASE("a gap without end ends the arrivals", "[arrival_process]") {
  ArrivalProcess process{{RenewalArrivals{constant(forever)}, 2}};
  RandomStream random = stream();
  REQUIRE_FALSE(process.next(random));
  REQUIRE_FALSE(process.next(random));
}

TEST_CASE("recorded arrivals are scaled in time and repeated", "[arrival_process]") {
  const Durations recorded{0s, 1s, 3s};
  REQUIRE(first(ArrivalProcess{{RecordedArrivals{recorded}}}, 9) == recorded);
  REQUIRE(first(ArrivalProcess{{RecordedArrivals{recorded, 0.5}}}, 9) == Durations{0s, 500ms, 1500ms});
  // A repetition every 4 s, twice as slow: 0, 1, 3, 4, 5, 7 times 2.
  REQUIRE(first(ArrivalProcess{{RecordedArrivals{recorded, 2.0, 2, 4s}}}, 9) == Durations{0s, 2s, 6s, 8s, 10s, 14s});
  // For ever: arrival 3,000 is the first of the repetition after a thousand.
  REQUIRE(first(ArrivalProcess{{RecordedArrivals{recorded, 1.0, 0, 4s}}}, 3'001).back() == 4'000s);
}

TEST_CASE("a recording without arrivals has none, however often it is repeated", "[arrival_process]") {
  REQUIRE(first(ArrivalProcess{{RecordedArrivals{{}, 1.0, 0, 0s}}}, 1).empty());
}

TEST_CASE("a recording that is repeated for ever ends with the virtual clock", "[arrival_process]") {
  const Duration century = 876'000h;
  REQUIRE(first(ArrivalProcess{{RecordedArrivals{{0s}, 1.0, 0, century}}}, 9) ==
          Durations{0s, century, 2 * century});  // the clock ends after 292 years
}

TEST_CASE("Poisson arrivals have exponential gaps of the given mean", "[arrival_process]") {
  const Durations times = first(ArrivalProcess{{PoissonArrivals{5.0}}}, 100'000);
  Moments gaps;
  Moments squares;
  for (std::size_t index = 1; index < times.size(); ++index) {
    const double gap_s = to_seconds(times[index] - times[index - 1]);
    gaps.add(gap_s);
    squares.add(gap_s * gap_s);
  }
  REQUIRE(std::abs(z_score(*mean_interval(gaps), 0.2)) < 4.0);
  REQUIRE(std::abs(z_score(*mean_interval(squares), 0.08)) < 4.0);  // 2 / 5²
}

TEST_CASE("a rate profile is a line from point to point, jumps where two share a time, and stays at the last",
          "[arrival_process]") {
  const PiecewiseLinearPoissonArrivals law{{{0s, 0.0}, {10s, 20.0}, {10s, 4.0}, {20s, 2.0}}};
  REQUIRE(rate_per_s_at(law, 0s) == 0.0);
  REQUIRE(rate_per_s_at(law, 2500ms) == 5.0);
  REQUIRE(rate_per_s_at(law, 10s) == 4.0);
  REQUIRE(rate_per_s_at(law, 15s) == 3.0);
  REQUIRE(rate_per_s_at(law, 20s) == 2.0);
  REQUIRE(rate_per_s_at(law, 1h) == 2.0);
}

TEST_CASE("nothing arrives while the rate is 0, and a last rate of 0 ends the arrivals", "[arrival_process]") {
  const ArrivalProcess process{
      {PiecewiseLinearPoissonArrivals{{{0s, 0.0}, {10s, 0.0}, {10s, 5.0}, {20s, 5.0}, {20s, 0.0}}}}};
  const Durations times = first(process, 1'000);
  REQUIRE(times.size() > 20);  // 50 on average, with a standard deviation of 7
  REQUIRE(times.size() < 80);
  REQUIRE(times.front() >= 10s);
  REQUIRE(times.back() < 20s);
}

TEST_CASE("the mean number of arrivals is the integral of the rate, in each part of the profile", "[arrival_process]") {
  // 0 to 20 per s in 10 s: 100 arrivals, 25 of them in the first half. Then 5 s at 4 per s: 20.
  const PiecewiseLinearPoissonArrivals law{{{0s, 0.0}, {10s, 20.0}, {10s, 4.0}}};
  Moments first_half;
  Moments second_half;
  Moments level;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    std::array<double, 3> counts{};
    for (const Duration time : until(ArrivalProcess{{law}}, 15s, seed)) {
      ++counts.at(static_cast<std::size_t>(time / 5s));
    }
    first_half.add(counts[0]);
    second_half.add(counts[1]);
    level.add(counts[2]);
  }
  REQUIRE(std::abs(z_score(*mean_interval(first_half), 25.0)) < 4.0);
  REQUIRE(std::abs(z_score(*mean_interval(second_half), 75.0)) < 4.0);
  REQUIRE(std::abs(z_score(*mean_interval(level), 20.0)) < 4.0);
}

TEST_CASE("a sinusoidal rate agrees with the sine of the C library", "[arrival_process]") {
  const SinusoidalPoissonArrivals law{1.0, 1.0, 1s};
  const double two_pi = 2.0 * std::acos(-1.0);
  for (int millisecond = 0; millisecond <= 2'000; ++millisecond) {
    INFO(millisecond << " ms");
    const double expected = 1.0 + std::sin(two_pi * (millisecond % 1'000) / 1'000.0);
    REQUIRE(std::abs(rate_per_s_at(law, millisecond * 1ms) - expected) < 2e-15);
  }
}

TEST_CASE("a sinusoidal rate brings more arrivals in the first half of its period", "[arrival_process]") {
  // Per period of 10 s: 200, and 10 × 10 / π = 31.83 more than half of that in the first half.
  Moments first_half;
  Moments second_half;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    std::array<double, 2> counts{};
    for (const Duration time : until(ArrivalProcess{{SinusoidalPoissonArrivals{20.0, 10.0, 10s}}}, 10s, seed)) {
      ++counts.at(static_cast<std::size_t>(time / 5s));
    }
    first_half.add(counts[0]);
    second_half.add(counts[1]);
  }
  REQUIRE(std::abs(z_score(*mean_interval(first_half), 100.0 + 100.0 / std::acos(-1.0))) < 4.0);
  REQUIRE(std::abs(z_score(*mean_interval(second_half), 100.0 - 100.0 / std::acos(-1.0))) < 4.0);
}

TEST_CASE("bursts: arrivals come while on, none while off", "[arrival_process]") {
  const OnOffArrivals law{100.0, constant(1s), constant(10s), true};
  const Durations times = until(ArrivalProcess{{law}}, 110s);
  for (const Duration time : times) {
    REQUIRE(time % 11s < 1s);
  }
  REQUIRE(times.size() > 840);  // 10 bursts of 100, with a standard deviation of 32
  REQUIRE(times.size() < 1'160);
  OnOffArrivals later = law;
  later.starts_on = false;
  for (const Duration time : until(ArrivalProcess{{later}}, 110s)) {
    REQUIRE(time % 11s >= 10s);
  }
}

TEST_CASE("bursts with exponential periods have the mean rate of their share of time", "[arrival_process]") {
  // On 2 s, off 4 s on average, 3 per s while on: 1 per s. A run of 6,000 s has about 1,000 bursts.
  Moments rates;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const OnOffArrivals law{3.0, exponential(2s), exponential(4s), true};
    rates.add(static_cast<double>(until(ArrivalProcess{{law}}, 6'000s, seed).size()) / 6'000.0);
  }
  REQUIRE(std::abs(z_score(*mean_interval(rates), 1.0)) < 4.0);
}

TEST_CASE("a burst that never ends goes on, and a pause that never ends is the end", "[arrival_process]") {
  REQUIRE(first(ArrivalProcess{{OnOffArrivals{1.0, constant(forever), constant(1s), true}}}, 1'000).size() == 1'000);
  REQUIRE(until(ArrivalProcess{{OnOffArrivals{5.0, constant(1s), constant(forever), true}}}, forever).size() < 20);
}

TEST_CASE("the thousandth arrival of a stream is the same with every compiler", "[arrival_process]") {
  const auto thousandth = [](const ArrivalProcess::Law& law) { return first(ArrivalProcess{{law}}, 1'000).back(); };
  REQUIRE(thousandth(PoissonArrivals{5.0}) == 196'958'414'184ns);
  REQUIRE(thousandth(PiecewiseLinearPoissonArrivals{{{0s, 0.0}, {10s, 20.0}, {1'000s, 5.0}}}) == 56'266'143'618ns);
  REQUIRE(thousandth(SinusoidalPoissonArrivals{20.0, 10.0, 10s}) == 52'131'264'465ns);
  REQUIRE(thousandth(OnOffArrivals{3.0, exponential(2s), exponential(4s), true}) == 1'063'130'656'980ns);
}

TEST_CASE("wrong settings of arrivals are refused", "[arrival_process]") {
  const auto refused = [](const ArrivalProcess::Config& config) {
    REQUIRE_THROWS_AS(ArrivalProcess(config), AssertionFailure);
  };
  refused({PoissonArrivals{0.0}});
  refused({ConstantRateArrivals{-1.0}});
  refused({PoissonArrivals{1.0}, 0});
  refused({PiecewiseLinearPoissonArrivals{{}}});
  refused({PiecewiseLinearPoissonArrivals{{{1s, 1.0}}}});
  refused({PiecewiseLinearPoissonArrivals{{{0s, 1.0}, {2s, 1.0}, {1s, 1.0}}}});
  refused({PiecewiseLinearPoissonArrivals{{{0s, -1.0}}}});
  refused({SinusoidalPoissonArrivals{1.0, 1.5, 1s}});
  refused({SinusoidalPoissonArrivals{1.0, 0.5, 0s}});
  refused({OnOffArrivals{0.0}});
  refused({OnOffArrivals{1.0, constant(0s)}});
  refused({RenewalArrivals{constant(0s)}});
  refused({RecordedArrivals{{2s, 1s}}});
  refused({RecordedArrivals{{1s}, 0.0}});
  refused({RecordedArrivals{{0s, 5s}, 1.0, 2, 4s}});
}
