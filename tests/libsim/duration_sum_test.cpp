#include "libsim/duration_sum.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using sim::Duration;
using sim::DurationSum;

TEST_CASE("a sum of durations counts on where a duration ends", "[time]") {
  DurationSum sum;
  for (int century = 0; century < 10; ++century) {
    sum += 100 * 365 * 24h;
  }
  CHECK(to_seconds(sum) == Approx(1000.0 * 365 * 86'400).epsilon(1e-12));
  CHECK(sum.nearest() == sim::forever);
  CHECK(sum / 10 == 100 * 365 * 24h);
}

TEST_CASE("within the range of a duration its sum gives the same seconds to the last bit", "[time]") {
  DurationSum sum = 1ns;
  sum += 6'123'456'789'012'345'678ns;
  CHECK(sum.nearest() == Duration(6'123'456'789'012'345'679));
  CHECK(to_seconds(sum) == sim::to_seconds(sum.nearest()));
  CHECK(sum == Duration(6'123'456'789'012'345'679));
}

TEST_CASE("a duration counts for each of those who spent it", "[time]") {
  DurationSum sum;
  sum.add(200 * 365 * 24h, 1'000);
  CHECK(to_seconds(sum) == Approx(200'000.0 * 365 * 86'400).epsilon(1e-12));
}
