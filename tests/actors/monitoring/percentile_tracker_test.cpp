#include "actors/monitoring/percentile_tracker.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

}  // namespace

TEST_CASE("percentiles are nearest rank", "[percentile_tracker]") {
  PercentileTracker tracker{{}};
  for (int value = 10; value >= 1; --value) {
    tracker.record(at(0s), value);
  }
  // ranks ceil(5), ceil(9.5), ceil(9.9), ceil(0.1), and 1 for percent 0
  REQUIRE(tracker.percentile(at(0s), 50) == 5);
  REQUIRE(tracker.percentile(at(0s), 50.1) == 6);
  REQUIRE(tracker.percentile(at(0s), 95) == 10);
  REQUIRE(tracker.percentile(at(0s), 1) == 1);
  REQUIRE(tracker.percentile(at(0s), 0) == 1);
  REQUIRE(tracker.percentile(at(0s), 100) == 10);
  REQUIRE(tracker.mean(at(0s)) == 5.5);
}

TEST_CASE("without values there is no percentile and no mean", "[percentile_tracker]") {
  PercentileTracker tracker{{.window = 10s}};
  REQUIRE_FALSE(tracker.percentile(at(0s), 50));
  tracker.record(at(0s), 1);
  REQUIRE_FALSE(tracker.percentile(at(10s), 50));
  REQUIRE_FALSE(tracker.mean(at(10s)));
}

TEST_CASE("a value counts until its time is over, and not at that moment", "[percentile_tracker]") {
  PercentileTracker tracker{{.window = 60s}};
  tracker.record(at(0s), 100);
  tracker.record(at(1s), 1);
  REQUIRE(tracker.percentile(at(60s) - 1ns, 99) == 100);
  REQUIRE(tracker.percentile(at(60s), 99) == 1);
  REQUIRE(tracker.count() == 1);
  REQUIRE(tracker.statistics().expired_count == 1);
}

TEST_CASE("beyond samples_max the oldest value leaves early and is counted", "[percentile_tracker]") {
  PercentileTracker tracker{{.window = forever, .samples_max = 3}};
  for (const double value : {9.0, 1.0, 2.0}) {
    tracker.record(at(0s), value);
  }
  REQUIRE(tracker.percentile(at(0s), 100) == 9);
  REQUIRE(tracker.statistics().displaced_count == 0);
  tracker.record(at(0s), 3);
  REQUIRE(tracker.percentile(at(0s), 100) == 3);
  REQUIRE(tracker.percentile(at(24h * 365), 1) == 1);
  REQUIRE(tracker.statistics() == PercentileTracker::Statistics{4, 0, 1});
}

TEST_CASE("a value recorded after a query changes the next answer", "[percentile_tracker]") {
  PercentileTracker tracker{{}};
  tracker.record(at(0s), 1);
  REQUIRE(tracker.percentile(at(0s), 100) == 1);
  tracker.record(at(0s), 2);
  REQUIRE(tracker.percentile(at(0s), 100) == 2);
}

TEST_CASE("wrong settings of a percentile tracker and wrong values are bugs", "[percentile_tracker]") {
  REQUIRE_THROWS_AS(PercentileTracker{{.window = 0s}}, AssertionFailure);
  REQUIRE_THROWS_AS(PercentileTracker{{.samples_max = 0}}, AssertionFailure);
  PercentileTracker tracker{{}};
  tracker.record(at(1s), 1);
  REQUIRE_THROWS_AS(tracker.record(at(0s), 1), AssertionFailure);
  REQUIRE_THROWS_AS(tracker.record(at(1s), std::numeric_limits<double>::infinity()), AssertionFailure);
  REQUIRE_THROWS_AS(tracker.percentile(at(1s), 100.1), AssertionFailure);
}

TEST_CASE("the tracker agrees with one that keeps everything and sorts it each time",
          "[percentile_tracker][property]") {
  REQUIRE(rc::check("same as the naive tracker", [](const std::vector<std::pair<std::uint8_t, std::int8_t>>& steps) {
    const auto window = *rc::gen::element<Duration>(100ms, 1s, forever);
    const auto samples_max = *rc::gen::inRange<std::uint32_t>(1, 12);
    const auto percent = *rc::gen::element(0.0, 10.0, 50.0, 90.0, 99.9, 100.0);
    PercentileTracker tracker{{.window = window, .samples_max = samples_max}};
    std::vector<std::pair<Time, double>> all;
    Time now{};
    for (const auto& [pause, value] : steps) {
      now += pause * 1ms;
      if (value % 4 != 0) {
        tracker.record(now, value);
        all.emplace_back(now, value);
        std::erase_if(all, [&](const auto& sample) { return now - sample.first >= window; });
        if (all.size() > samples_max) {
          all.erase(all.begin());
        }
        continue;
      }
      std::vector<double> values;
      for (const auto& [at, kept] : all) {
        if (now - at < window) {
          values.push_back(kept);
        }
      }
      std::sort(values.begin(), values.end());
      const auto told = tracker.percentile(now, percent);
      RC_ASSERT(told.has_value() == !values.empty());
      if (told) {
        const double rank = std::max(1.0, std::ceil(percent * 10 * static_cast<double>(values.size()) / 1000));
        RC_ASSERT(*told == values[static_cast<std::size_t>(rank) - 1]);
      }
    }
    const auto& counts = tracker.statistics();
    RC_ASSERT(counts.recorded_count == counts.expired_count + counts.displaced_count + tracker.count());
  }));
}
