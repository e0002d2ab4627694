#include "libsim/ticks.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <limits>
#include <type_traits>

#include "libsim/time.hpp"

using namespace std::chrono_literals;
using sim::Duration;
using sim::Ticks;
using sim::Time;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

__extension__ typedef __int128 Wide;

/// What arithmetic without limits gives, brought to the nearest limit.
std::int64_t nearest(Wide exact) {
  return exact > most ? most : exact < least ? least : static_cast<std::int64_t>(exact);
}

rc::Gen<std::int64_t> any_count() {
  return rc::gen::oneOf(rc::gen::arbitrary<std::int64_t>(),
                        rc::gen::element<std::int64_t>(0, 1, -1, 2, most, most - 1, least, least + 1, most / 2));
}

}  // namespace

// That this compiles proves it: what overflows is no constant expression.
static_assert(sim::forever + 1h == sim::forever);
static_assert(Time::max() - 1ns + 1h == Time::max());
static_assert(Duration::min() - 1ns == Duration::min());
static_assert(sim::forever * 2 == sim::forever && sim::forever * -2 == Duration::min());
static_assert(Duration(std::chrono::hours(24 * 365'000)) == sim::forever);
static_assert(Duration(std::numeric_limits<std::uint64_t>::max()) == sim::forever);

static_assert(std::is_trivially_copyable_v<Duration> && sizeof(Duration) == sizeof(std::int64_t));

TEST_CASE("sums, differences and products of times end at the limits of time and never wrap around", "[time]") {
  REQUIRE(rc::check("as in arithmetic without limits", [] {
    const std::int64_t one = *any_count();
    const std::int64_t other = *any_count();
    RC_ASSERT((Duration(one) + Duration(other)).count() == nearest(Wide{one} + other));
    RC_ASSERT((Duration(one) - Duration(other)).count() == nearest(Wide{one} - other));
    RC_ASSERT((Duration(one) * other).count() == nearest(Wide{one} * other));
    RC_ASSERT((Time(Duration(one)) + Duration(other)).time_since_epoch().count() == nearest(Wide{one} + other));
    RC_ASSERT((-Duration(one)).count() == nearest(-Wide{one}));
    if (other != 0) {
      RC_ASSERT((Duration(one) / other).count() == nearest(Wide{one} / other));
      RC_ASSERT((Duration(one) % Duration(other)).count() == nearest(Wide{one} % other));
    }
  }));
}

TEST_CASE("a count of ticks reads as a whole number, and a larger one as the largest", "[time]") {
  const std::int64_t count = Duration(5ms).count();
  CHECK(count == 5'000'000);
  CHECK(7s / 2s == 3);
  CHECK(Duration(7s) % Duration(2s) == 1s);
  CHECK(Duration(1s) * std::uint64_t{3} == 3s);
  CHECK(Duration(1s) * std::numeric_limits<std::uint64_t>::max() == sim::forever);
  CHECK((Duration(1s) * 1.5).count() == 1.5e9);
}
