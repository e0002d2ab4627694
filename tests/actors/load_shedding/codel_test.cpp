#include "actors/load_shedding/codel.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <utility>
#include <vector>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

/// The milliseconds from `from` to `to` at which a request is dropped, when one leaves every millisecond after
/// `waited`.
std::vector<int> drops_ms(CoDel& codel, int from, int to, Duration waited) {
  std::vector<int> drops;
  for (int now_ms = from; now_ms <= to; ++now_ms) {
    if (codel.should_drop(at(now_ms * 1ms), waited, false)) {
      drops.push_back(now_ms);
    }
  }
  return drops;
}

using Drops = std::vector<int>;

}  // namespace

TEST_CASE("drops begin after one interval and come closer with the square root of their number", "[codel]") {
  CoDel codel{{}};
  // 100, then + 100/1, + 100/√2 = 270.7, + 100/√3 = 328.4, + 100/√4 = 378.4, + 100/√5 = 423.2, at the next millisecond
  REQUIRE(drops_ms(codel, 0, 424, 10ms) == Drops{100, 200, 271, 329, 379, 424});
  REQUIRE(codel.statistics() == CoDel::Statistics{425 - 6, 6});
}

TEST_CASE("a wait of exactly the target is too long, a nanosecond less is not", "[codel]") {
  CoDel at_target{{}};
  REQUIRE(drops_ms(at_target, 0, 100, 5ms) == Drops{100});
  CoDel below{{}};
  REQUIRE(drops_ms(below, 0, 1000, 5ms - 1ns).empty());
}

TEST_CASE("one short wait within the interval is enough to drop nothing", "[codel]") {
  CoDel codel{{}};
  REQUIRE(drops_ms(codel, 0, 98, 10ms).empty());
  REQUIRE_FALSE(codel.should_drop(at(99ms), 1ms, false));
  REQUIRE(drops_ms(codel, 100, 200, 10ms) == Drops{200});
}

TEST_CASE("dropping ends with the first wait that is short, and with the last request", "[codel]") {
  for (const bool is_last : {false, true}) {
    CoDel codel{{}};
    drops_ms(codel, 0, 150, 10ms);
    REQUIRE(codel.is_dropping());
    REQUIRE_FALSE(codel.should_drop(at(300ms), is_last ? 10ms : 4ms, is_last));
    REQUIRE_FALSE(codel.is_dropping());
    REQUIRE(drops_ms(codel, 301, 401, 10ms) == Drops{401});
  }
}

TEST_CASE("who begins again soon goes on at the rate that was reached", "[codel]") {
  CoDel codel{{}};
  drops_ms(codel, 0, 329, 10ms);  // 4 drops, the first of which does not count
  REQUIRE_FALSE(codel.should_drop(at(330ms), 1ms, false));
  // 3 are remembered: 431 + 100/√3 = 488.7, + 100/√4 = 538.7
  REQUIRE(drops_ms(codel, 331, 539, 10ms) == Drops{431, 489, 539});
}

TEST_CASE("16 intervals after the last planned drop the rate is forgotten", "[codel]") {
  // The last drop was planned for 270.7 + 57.7 = 328.4 ms.
  for (const auto& [again_ms, second_drop_ms] : {std::pair{1928, 1986}, {1929, 2029}}) {
    CoDel codel{{}};
    drops_ms(codel, 0, 329, 10ms);
    REQUIRE_FALSE(codel.should_drop(at(330ms), 1ms, false));
    REQUIRE(drops_ms(codel, again_ms - 100, second_drop_ms, 10ms) == Drops{again_ms, second_drop_ms});
  }
}

TEST_CASE("overdue drops are made up for at once, until the queue is short", "[codel]") {
  CoDel codel{{}};
  drops_ms(codel, 0, 100, 10ms);
  // Planned for 200, 270.7, 328.4 and 378.4 ms; the next request leaves at 350 ms.
  REQUIRE(codel.should_drop(at(350ms), 10ms, false));
  REQUIRE(codel.should_drop(at(350ms), 10ms, false));
  REQUIRE(codel.should_drop(at(350ms), 10ms, false));
  REQUIRE_FALSE(codel.should_drop(at(350ms), 10ms, false));
}

TEST_CASE("targets as long as the interval and time that goes back are bugs", "[codel]") {
  REQUIRE_THROWS_AS((CoDel{{.target = 1s, .interval = 1s}}), AssertionFailure);
  REQUIRE_THROWS_AS(CoDel{{.target = 0s}}, AssertionFailure);
  CoDel codel{{}};
  REQUIRE_FALSE(codel.should_drop(at(1s), 0s, false));
  REQUIRE_THROWS_AS((void)codel.should_drop(at(0s), 0s, false), AssertionFailure);
}

TEST_CASE("no request is dropped unless all that left in the last interval had waited too long", "[codel][property]") {
  rc::prop("nor one that is the last", [] {
    CoDel codel{{}};
    Time now{};
    Time last_short{};
    bool has_begun = false;
    const auto requests = *rc::gen::inRange(0, 200);
    for (int request = 0; request < requests; ++request) {
      now += *rc::gen::inRange(0, 60) * 1ms;
      const Duration waited = *rc::gen::element(1, 4, 5, 6, 50, 50, 50, 50) * 1ms;
      const bool is_last = *rc::gen::inRange(0, 20) == 0;
      const bool is_short = waited < 5ms || is_last;
      if (is_short || !has_begun) {
        last_short = now;
        has_begun = true;
      }
      const bool drops = codel.should_drop(now, waited, is_last);
      RC_ASSERT((!drops || (!is_short && now - last_short >= 100ms)));
      RC_ASSERT((codel.is_dropping() || !drops));
    }
  });
}
