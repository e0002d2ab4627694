#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "actors/load/arrival_process.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

RandomStream stream(std::uint64_t seed) {
  return RandomStream({.seed = seed, .replication = 0, .actor = "load", .incarnation = 0, .purpose = "arrival"});
}

int number(int minimum, int maximum) { return *rc::gen::inRange(minimum, maximum + 1); }

/// Up to six points with rates from 0 to 20 per s, up to 10 s apart; some are jumps.
PiecewiseLinearPoissonArrivals any_profile() {
  PiecewiseLinearPoissonArrivals law{{{0s, static_cast<double>(number(0, 20))}}};
  for (int points = number(0, 5); points > 0; --points) {
    const Duration gap = number(0, 3) == 0 ? Duration(0s) : number(1, 10'000) * Duration(1ms);
    law.points.push_back({law.points.back().at + gap, static_cast<double>(number(0, 20))});
  }
  return law;
}

RecordedArrivals any_recording() {
  RecordedArrivals law;
  for (int count = number(0, 5); count > 0; --count) {
    law.at.push_back((law.at.empty() ? Duration(0s) : law.at.back()) + number(0, 3) * Duration(1s));
  }
  law.time_factor = number(1, 30) / 10.0;
  law.repetitions = static_cast<std::uint32_t>(number(0, 3));
  law.repetition_length = (law.at.empty() ? Duration(0s) : law.at.back()) + Duration(1ms);
  return law;
}

ArrivalProcess::Law any_law() {
  switch (number(0, 6)) {
    case 0:
      return PoissonArrivals{number(1, 1'000) / 10.0};
    case 1:
      return ConstantRateArrivals{number(1, 1'000) / 10.0};
    case 2:
      return any_profile();
    case 3:
      return SinusoidalPoissonArrivals{10.0, number(0, 10) * 1.0, number(1, 100) * Duration(1s)};
    case 4:
      return OnOffArrivals{10.0, exponential(number(1, 10) * Duration(1s)), exponential(number(1, 10) * Duration(1s)),
                           number(0, 1) == 0};
    case 5:
      return RenewalArrivals{uniform(0s, number(1, 10) * Duration(1s))};
    default:
      return any_recording();
  }
}

/// The area under the profile from 0 to `end`, by the trapezoids between its points.
double integral(const PiecewiseLinearPoissonArrivals& law, Duration end) {
  double area = 0.0;
  for (std::size_t index = 0; index < law.points.size(); ++index) {
    const RatePoint& from = law.points[index];
    const RatePoint to = index + 1 < law.points.size() ? law.points[index + 1] : RatePoint{forever, from.rate_per_s};
    const Duration length = std::min(to.at, end) - from.at;
    if (length > 0s) {
      const double slope = (to.rate_per_s - from.rate_per_s) / to_seconds(to.at - from.at);
      area += (from.rate_per_s + slope * to_seconds(length) / 2.0) * to_seconds(length);
    }
  }
  return area;
}

}  // namespace

TEST_CASE("the times of arrivals never go back, and are the same for the same stream", "[arrival_process][property]") {
  REQUIRE(rc::check("order", [] {
    const ArrivalProcess::Config config{any_law(), static_cast<std::uint32_t>(number(1, 3))};
    const Time start = Time{} + number(0, 100) * Duration(1s);
    ArrivalProcess process(config, start);
    ArrivalProcess again(config, start);
    RandomStream random = stream(1);
    RandomStream random_again = stream(1);
    Time last = start;
    bool is_over = false;
    for (int arrival = 0; arrival < 300; ++arrival) {
      const auto next = process.next(random);
      RC_ASSERT(next == again.next(random_again));
      RC_ASSERT((!next || !is_over));
      is_over = !next;
      if (next) {
        RC_ASSERT(*next >= last);
        last = *next;
      }
    }
  }));
}

TEST_CASE("the number of arrivals of a profile is the integral of its rate, up to any time",
          "[arrival_process][property]") {
  REQUIRE(rc::check("integral", [] {
    const PiecewiseLinearPoissonArrivals law = any_profile();
    const Duration end = number(1, 60) * Duration(1s);
    constexpr int runs = 50;
    std::uint64_t count = 0;
    for (std::uint64_t seed = 1; seed <= runs; ++seed) {
      ArrivalProcess process({law});
      RandomStream random = stream(seed);
      for (auto next = process.next(random); next && *next < Time{} + end; next = process.next(random)) {
        ++count;
      }
    }
    // Poisson: the variance is the mean. Beyond 5 standard deviations lies one case in two million.
    const double expected = runs * integral(law, end);
    RC_ASSERT(std::abs(static_cast<double>(count) - expected) <= 5.0 * std::sqrt(expected));
  }));
}
