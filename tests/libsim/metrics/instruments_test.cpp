#include <catch2/catch.hpp>
#include <limits>
#include <type_traits>

#include "libsim/failure.hpp"
#include "libsim/metrics/counter.hpp"
#include "libsim/metrics/gauge.hpp"
#include "libsim/metrics/series.hpp"

using namespace std::chrono_literals;
using sim::Counter;
using sim::Gauge;
using sim::Series;
using sim::Time;

// A copy made by mistake (`auto g = ctx.gauge("depth")`) would silently measure nothing.
static_assert(!std::is_copy_constructible_v<Counter>);
static_assert(!std::is_copy_constructible_v<Gauge>);
static_assert(!std::is_copy_constructible_v<Series>);

TEST_CASE("a counter adds one unless told how many, until it is reset", "[metrics]") {
  Counter counter;
  counter.add();
  counter.add(41);
  CHECK(counter.value() == 42);
  counter.reset_statistics();
  CHECK(counter.value() == 0);
}

TEST_CASE("a gauge starts at zero when it is created, and weighs levels with the time of its clock", "[metrics]") {
  Time now{5s};
  Gauge gauge(&now);
  now = Time{7s};
  gauge.set(3.0);
  now = Time{11s};
  gauge.add(-2.0);
  now = Time{15s};
  CHECK(gauge.value() == 1.0);
  CHECK(gauge.integral() == 16.0);  // 0·2 + 3·4 + 1·4
  CHECK(gauge.mean() == 1.6);       // 16 / 10
  CHECK(gauge.min() == 0.0);
  CHECK(gauge.max() == 3.0);
  CHECK(gauge.changes() == 2);
  CHECK(gauge.observed() == 10s);
}

TEST_CASE("a gauge whose statistics are reset keeps its level", "[metrics]") {
  Time now{};
  Gauge gauge(&now);
  gauge.set(8.0);
  now = Time{10s};
  gauge.set(2.0);
  gauge.reset_statistics();
  CHECK(gauge.value() == 2.0);
  now = Time{13s};
  gauge.set(6.0);
  now = Time{14s};
  CHECK(gauge.mean() == 3.0);  // (2·3 + 6·1) / 4
  CHECK(gauge.max() == 6.0);
  CHECK(gauge.min() == 2.0);
  CHECK(gauge.changes() == 1);
}

TEST_CASE("a series keeps values with the time of its clock", "[metrics]") {
  Time now{};
  Series series(&now);
  series.add(1.5);
  now = Time{2s};
  series.add(2.5);
  REQUIRE(series.points().size() == 2);
  CHECK(series.points()[0] == Series::Point{Time{}, 1.5});
  CHECK(series.points()[1] == Series::Point{Time{2s}, 2.5});
  CHECK(series.stride() == 1);
}

TEST_CASE("a full series keeps every second point and from then on every second value", "[metrics]") {
  Time now{};
  Series series(&now, 4);
  for (int i = 0; i < 9; ++i) {
    now = Time{i * 1s};
    series.add(i);
  }
  // 0 1 2 3 | 4 arrives: 0 2 4, then 6 | 8 arrives: 0 4 8
  REQUIRE(series.points().size() == 3);
  CHECK(series.points()[0] == Series::Point{Time{0s}, 0.0});
  CHECK(series.points()[1] == Series::Point{Time{4s}, 4.0});
  CHECK(series.points()[2] == Series::Point{Time{8s}, 8.0});
  CHECK(series.stride() == 4);
  CHECK(series.count() == 9);
}

TEST_CASE("a series never holds more points than its limit, evenly spaced from the first", "[metrics]") {
  Time now{};
  Series series(&now);
  for (int i = 0; i < 1'000'000; ++i) {
    series.add(i);
  }
  CHECK(series.stride() == 16);  // 1'000'000 / 16 = 62'500; / 8 would be 125'000
  REQUIRE(series.points().size() == 62'500);
  CHECK(series.points().front().value == 0.0);
  CHECK(series.points()[1].value == 16.0);
  CHECK(series.points().back().value == 999'984.0);
}

TEST_CASE("a series refuses an odd limit and values that are no numbers", "[metrics]") {
  Time now{};
  CHECK_THROWS_AS(Series(&now, 3), sim::AssertionFailure);
  CHECK_THROWS_AS(Series(&now, 0), sim::AssertionFailure);
  Series series(&now);
  CHECK_THROWS_AS(series.add(std::numeric_limits<double>::quiet_NaN()), sim::AssertionFailure);
  CHECK(series.points().empty());
}
