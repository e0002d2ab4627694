#include "libsim/kernel/event_set.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <map>
#include <set>
#include <vector>

namespace {

using sim::Duration;
using sim::Time;
using sim::detail::Event;
using sim::detail::EventSet;

/// The obvious second implementation: an ordered map from (time, sequence).
using Model = std::map<std::pair<Time, std::uint64_t>, const Event*>;

}  // namespace

TEST_CASE("events come out by time, and at equal times in the order they went in", "[kernel]") {
  rc::check([](const std::vector<std::uint8_t>& steps) {
    EventSet set;
    Model model;
    std::vector<Event> events(steps.size());
    Time now{};
    std::uint64_t sequence = 0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (steps[i] % 3 == 0) {
        const auto next = set.peek(now);
        RC_ASSERT((next.event == nullptr) == model.empty());
        if (next.event != nullptr) {
          RC_ASSERT(next.at == model.begin()->first.first);
          RC_ASSERT(next.event == model.begin()->second);
          model.erase(model.begin());
          set.pop(next);
          now = next.at;
        }
      } else {
        const Duration delay{steps[i] / 16};
        if (delay.count() == 0) {
          set.push_now(sequence, &events[i]);
        } else {
          set.push_later(now + delay, sequence, &events[i]);
        }
        model.emplace(std::pair{now + delay, sequence++}, &events[i]);
      }
      RC_ASSERT(set.size() == model.size());
      RC_ASSERT(set.empty() == model.empty());
    }
  });
}

TEST_CASE("removing dead events keeps the order of the others", "[kernel]") {
  EventSet set;
  std::vector<Event> events(1000);
  for (std::uint64_t i = 0; i < events.size(); ++i) {
    set.push_later(Time{Duration{1 + static_cast<std::int64_t>(i * 7919 % 1000)}}, i, &events[i]);
  }
  set.remove_later_if([&](const Event& event) { return (&event - events.data()) % 2 == 0; });
  REQUIRE(set.size() == 500);
  Time last{};
  for (int i = 0; i < 500; ++i) {
    const auto next = set.peek(last);
    REQUIRE(next.event != nullptr);
    REQUIRE((next.event - events.data()) % 2 == 1);
    REQUIRE(next.at > last);  // 7919 and 1000 have no common factor: all times differ
    last = next.at;
    set.pop(next);
  }
  REQUIRE(set.empty());
}

TEST_CASE("sequence numbers order events beyond 32 bits", "[kernel]") {
  EventSet set;
  Event first;
  Event second;
  const std::uint64_t wide = (std::uint64_t{1} << 32) + 1;
  set.push_later(Time{Duration{5}}, wide, &second);
  set.push_later(Time{Duration{5}}, 7, &first);
  const EventSet::Entry next = set.peek(Time{});
  REQUIRE(next.event == &first);
  set.pop(next);
  REQUIRE(set.peek(Time{}).event == &second);
}
