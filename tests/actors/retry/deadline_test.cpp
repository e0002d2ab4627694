#include "actors/retry/deadline.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

using namespace sim;
using namespace sim::policies;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

}  // namespace

TEST_CASE("at the deadline it is too late", "[deadline]") {
  const Deadline deadline = Deadline::after(at(1s), 2s);
  REQUIRE(deadline.at() == at(3s));
  REQUIRE_FALSE(deadline.is_expired(at(3s) - 1ns));
  REQUIRE(deadline.remaining(at(3s) - 1ns) == 1ns);
  REQUIRE(deadline.is_expired(at(3s)));
  REQUIRE(deadline.remaining(at(3s)) == 0s);
  REQUIRE(deadline.remaining(at(1h)) == 0s);
}

TEST_CASE("without a deadline there is always time", "[deadline]") {
  const Deadline none;
  REQUIRE(none.is_infinite());
  REQUIRE_FALSE(none.is_expired(at(24h * 36'525)));
  REQUIRE(none.remaining(at(1h)) == forever);
  REQUIRE(Deadline::after(at(1s), forever) == none);
  REQUIRE(Deadline::after(at(1h), forever - 1min) == none);
  REQUIRE_FALSE(Deadline::after(at(1h), forever - 2h).is_infinite());
}

TEST_CASE("a call made on behalf of another ends no later than that one", "[deadline]") {
  const Deadline parent = Deadline::after(at(0s), 10s);
  REQUIRE(parent.child(at(4s), 3s).at() == at(7s));
  REQUIRE(parent.child(at(8s), 3s) == parent);
  REQUIRE(parent.child(at(8s), forever) == parent);
  REQUIRE(Deadline{}.child(at(8s), 3s).at() == at(11s));
  REQUIRE(Deadline{}.child(at(8s), forever).is_infinite());
}

TEST_CASE("however calls are nested, no deadline is later than that of the first caller", "[deadline][property]") {
  rc::prop("nor than its own timeout", [] {
    Time now{};
    const Deadline first = Deadline::after(now, *rc::gen::inRange(1, 1000) * 1ms);
    Deadline deadline = first;
    for (int hop = 0; hop < 5; ++hop) {
      now += *rc::gen::inRange(0, 300) * 1ms;
      const Duration timeout = *rc::gen::inRange(0, 1000) * 1ms;
      const Deadline child = deadline.child(now, timeout);
      RC_ASSERT(child.at() <= deadline.at());
      RC_ASSERT(child.at() <= now + timeout);
      RC_ASSERT((child == deadline || child.at() == now + timeout));
      RC_ASSERT(child.remaining(now) <= timeout);
      deadline = child;
    }
    RC_ASSERT(deadline.at() <= first.at());
  });
}

TEST_CASE("work that finishes at the deadline or after it is wasted", "[deadline]") {
  WastedWork work;
  work.on_finished(Deadline{at(10s)}, at(4s), at(10s) - 1ns);
  work.on_finished(Deadline{at(10s)}, at(6s), at(10s));
  work.on_finished(Deadline{at(10s)}, at(7s), at(15s));
  work.on_finished(Deadline{at(10s)}, at(12s), at(14s));  // begun although it was too late
  work.on_finished(Deadline{}, at(0s), at(2s) + 1ns);
  REQUIRE(work.statistics() == WastedWork::Statistics{.useful_count = 2,
                                                      .wasted_count = 3,
                                                      .spared_count = 0,
                                                      .useful_time = 8s,
                                                      .wasted_time = 4s + 8s + 2s,
                                                      .after_deadline_time = 0s + 5s + 2s});
  REQUIRE(work.wasted_share() == Approx(14.0 / 22.0));
}

TEST_CASE("who checks the deadline first spares the work", "[deadline]") {
  WastedWork work;
  REQUIRE(work.wasted_share() == 0);
  REQUIRE(work.should_start(Deadline{at(10s)}, at(10s) - 1ns));
  REQUIRE_FALSE(work.should_start(Deadline{at(10s)}, at(10s)));
  REQUIRE(work.should_start(Deadline{}, at(10s)));
  REQUIRE(work.statistics().spared_count == 1);
  REQUIRE_THROWS_AS(work.on_finished(Deadline{}, at(1s), at(0s)), AssertionFailure);
}
