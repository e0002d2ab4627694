#include "actors/rate_limit/permit_rate.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <cmath>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

TEST_CASE("a rate of permits keeps every decimal", "[permit_rate][field]") {
  CHECK(permit_rate(2) == PermitRate{1, 500ms});
  CHECK(permit_rate(0.5) == PermitRate{1, 2s});
  CHECK(permit_rate(0.00138889) == PermitRate{138'889, 100'000'000s});
  CHECK(permit_rate(1000.0005) == PermitRate{2'000'001, 2000s});
  CHECK(permit_rate(1e-9) == PermitRate{1, 1'000'000'000s});
  CHECK(permit_rate(1e6) == PermitRate{1, 1us});
  CHECK(permit_rate(4e9) == PermitRate{4, 1ns});
}

TEST_CASE("a rate that no double is exactly is kept to the last nanosecond of many permits", "[permit_rate][field]") {
  const PermitRate five_per_hour = permit_rate(1.0 / 720);
  CHECK(five_per_hour.permits == 1'388'888);
  CHECK(720s * 1'388'888 - five_per_hour.period == 80ns);  // 0.001388888888888889 is a little more than 1/720
  const PermitRate third = permit_rate(1.0 / 3);
  CHECK(third.period - 3s * third.permits == 100ns);
}

TEST_CASE("no rate is wrong by a billionth", "[permit_rate][field]") {
  REQUIRE(rc::check("permit_rate", [] {
    const double exponent = *rc::gen::inRange(-9, 9);
    const double rate = (1 + *rc::gen::inRange(0, 1'000'000'000) / 1e9 * 3) * std::pow(10.0, exponent);
    const PermitRate kept = permit_rate(rate);
    const double again = kept.permits / to_seconds(kept.period);
    RC_ASSERT(std::abs(again / rate - 1) < 1e-9);
    RC_ASSERT(kept.period <= 1'000'000'000s);
  }));
}

TEST_CASE("a rate of nothing or of too much is a bug", "[permit_rate][field]") {
  CHECK_THROWS_AS(permit_rate(0), AssertionFailure);
  CHECK_THROWS_AS(permit_rate(9e-10), AssertionFailure);
  CHECK_THROWS_AS(permit_rate(5e9), AssertionFailure);
}
