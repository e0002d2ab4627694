#include "actors/load_shedding/bulkhead.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "libsim/failure.hpp"
#include "libsim/text/csv_file.hpp"

using namespace sim;
using namespace sim::policies;
using Entry = Bulkhead::Entry;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

struct Call {
  Time submitted{};
  Duration latency{};
  std::string result;
  Time started{};
  Time ended{};
};

/// The calls of a recorded trajectory, by number.
std::vector<Call> recorded_calls() {
  auto csv = CsvFile::open(LIBSIM_TEST_DATA "/data/bulkhead/cockatiel_bulkhead_2_3.csv", 1 << 20);
  REQUIRE(csv);
  const auto time_ms = [&](std::size_t column) {
    return csv->field(column).empty() ? Time{} : at(csv->whole_number(column).value() * 1ms);
  };
  std::vector<Call> calls;
  while (csv->next_row().value()) {
    calls.push_back(
        {time_ms(1), csv->whole_number(2).value() * 1ms, std::string(csv->field(3)), time_ms(4), time_ms(5)});
  }
  return calls;
}

/// Runs calls through a bulkhead; where two things happen at once, ends come first.
class Replay {
 public:
  Replay(Bulkhead::Config config, const std::vector<Call>& calls) : bulkhead_(config), calls_(calls) {
    for (std::size_t number = 0; number < calls_.size(); ++number) {
      end_until(calls_[number].submitted);
      const Time now = calls_[number].submitted;
      switch (bulkhead_.enter(now, Permit{number})) {
        case Entry::accepted:
          start(now, Permit{number});
          break;
        case Entry::waiting:
          calls_[number].result = "waiting";
          break;
        case Entry::rejected:
          calls_[number].result = "rejected";
          calls_[number].ended = now;
      }
    }
    end_until(Time::max());
  }

  const std::vector<Call>& calls() const { return calls_; }
  const Bulkhead& bulkhead() const { return bulkhead_; }

 private:
  void start(Time now, Permit permit) {
    Call& call = calls_[static_cast<std::size_t>(permit)];
    call.result = "ok";
    call.started = now;
    call.ended = now + call.latency;
    ends_.emplace(call.ended, permit);
  }

  void end_until(Time now) {
    while (!ends_.empty() && ends_.begin()->first <= now) {
      const Time ended = ends_.begin()->first;
      ends_.erase(ends_.begin());
      if (const auto next = bulkhead_.leave(ended)) {
        start(ended, *next);
      }
    }
  }

  Bulkhead bulkhead_;
  std::vector<Call> calls_;
  std::set<std::pair<Time, Permit>> ends_;
};

}  // namespace

TEST_CASE("the bulkhead does what that of cockatiel did, call by call", "[bulkhead][trajectory]") {
  const std::vector<Call> expected = recorded_calls();
  REQUIRE(expected.size() == 200);
  std::vector<Call> submitted = expected;
  for (Call& call : submitted) {
    call = {call.submitted, call.latency, "", Time{}, Time{}};
  }
  const Replay replay(Bulkhead::cockatiel(2, 3), submitted);
  for (std::size_t number = 0; number < expected.size(); ++number) {
    INFO("call " << number);
    REQUIRE(replay.calls()[number].result == expected[number].result);
    REQUIRE(replay.calls()[number].started == expected[number].started);
    REQUIRE(replay.calls()[number].ended == expected[number].ended);
  }
  REQUIRE(replay.bulkhead().statistics().accepted_count == 144);
  REQUIRE(replay.bulkhead().statistics().rejected_count == 56);
}

TEST_CASE("nobody waits in a bulkhead by default", "[bulkhead]") {
  Bulkhead bulkhead{Bulkhead::resilience4j()};
  for (std::uint64_t call = 0; call < 25; ++call) {
    REQUIRE(bulkhead.enter(at(0s), Permit{call}) == Entry::accepted);
  }
  REQUIRE(bulkhead.enter(at(0s), Permit{25}) == Entry::rejected);
  REQUIRE_FALSE(bulkhead.leave(at(1s)));
  REQUIRE(bulkhead.enter(at(1s), Permit{26}) == Entry::accepted);
  REQUIRE(bulkhead.active() == 25);
}

TEST_CASE("a wait ends after its limit, a place that becomes free at that instant comes too late", "[bulkhead]") {
  Bulkhead bulkhead{{.max_concurrent_calls = 1, .max_wait_duration = 2s}};
  bulkhead.enter(at(0s), Permit{1});
  REQUIRE(bulkhead.enter(at(1s), Permit{2}) == Entry::waiting);
  REQUIRE(bulkhead.enter(at(2s), Permit{3}) == Entry::waiting);
  REQUIRE(bulkhead.next_timeout_at() == at(3s));
  REQUIRE(bulkhead.leave(at(3s)) == Permit{3});
  REQUIRE(bulkhead.take_timed_out() == std::vector{Permit{2}});
  REQUIRE(bulkhead.take_timed_out().empty());
  REQUIRE_FALSE(bulkhead.next_timeout_at());
  REQUIRE(bulkhead.statistics() == Bulkhead::Statistics{.accepted_count = 2, .timed_out_count = 1, .waited = 1s});
}

TEST_CASE("who has waited a nanosecond less gets the place", "[bulkhead]") {
  Bulkhead bulkhead{{.max_concurrent_calls = 1, .max_wait_duration = 2s}};
  bulkhead.enter(at(0s), Permit{1});
  bulkhead.enter(at(0s), Permit{2});
  REQUIRE(bulkhead.leave(at(2s) - 1ns) == Permit{2});
  REQUIRE(bulkhead.statistics().waited == 2s - 1ns);
}

TEST_CASE("a wait that ends frees its place in the line", "[bulkhead]") {
  Bulkhead bulkhead{{.max_concurrent_calls = 1, .max_wait_duration = 2s, .max_waiting_calls = 1}};
  bulkhead.enter(at(0s), Permit{1});
  REQUIRE(bulkhead.enter(at(0s), Permit{2}) == Entry::waiting);
  REQUIRE(bulkhead.enter(at(1s), Permit{3}) == Entry::rejected);
  REQUIRE(bulkhead.enter(at(2s), Permit{4}) == Entry::waiting);
  REQUIRE(bulkhead.waiting() == 1);
}

TEST_CASE("who leaves the line is neither served nor timed out", "[bulkhead]") {
  Bulkhead bulkhead{{.max_concurrent_calls = 1, .max_wait_duration = 2s}};
  bulkhead.enter(at(0s), Permit{1});
  bulkhead.enter(at(0s), Permit{2});
  bulkhead.enter(at(1s), Permit{3});
  REQUIRE(bulkhead.cancel(at(1s), Permit{2}));
  REQUIRE_FALSE(bulkhead.cancel(at(1s), Permit{2}));
  REQUIRE(bulkhead.next_timeout_at() == at(3s));
  REQUIRE(bulkhead.leave(at(2s)) == Permit{3});
  REQUIRE(bulkhead.take_timed_out().empty());
  REQUIRE(bulkhead.statistics().cancelled_count == 1);
}

TEST_CASE("waits without a limit never end by themselves", "[bulkhead]") {
  Bulkhead bulkhead{Bulkhead::cockatiel(1, 1)};
  bulkhead.enter(at(1s), Permit{1});
  bulkhead.enter(at(1s), Permit{2});
  REQUIRE_FALSE(bulkhead.next_timeout_at());
  REQUIRE(bulkhead.leave(at(24h * 3650)) == Permit{2});
}

TEST_CASE("no places, negative waits, time that goes back and leaving twice are bugs", "[bulkhead]") {
  REQUIRE_THROWS_AS(Bulkhead{{.max_concurrent_calls = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS(Bulkhead{{.max_wait_duration = -1s}}, AssertionFailure);
  Bulkhead bulkhead{{}};
  bulkhead.enter(at(1s), Permit{1});
  REQUIRE_THROWS_AS(bulkhead.enter(at(0s), Permit{2}), AssertionFailure);
  bulkhead.leave(at(1s));
  REQUIRE_THROWS_AS(bulkhead.leave(at(1s)), AssertionFailure);
}

TEST_CASE("every call is accepted, rejected, timed out or gone, in order, and none while a place is free waits",
          "[bulkhead][property]") {
  rc::prop("account of all calls", [] {
    const Bulkhead::Config config{
        .max_concurrent_calls = *rc::gen::inRange<std::uint32_t>(1, 4),
        .max_wait_duration = *rc::gen::element(Duration{0s}, Duration{3s}, Duration{10s}, Duration{forever}),
        .max_waiting_calls = *rc::gen::inRange<std::uint32_t>(0, 4)};
    Bulkhead bulkhead{config};
    std::map<std::uint64_t, Time> line;  // by call; calls are numbered as they come
    std::uint64_t calls = 0;
    std::uint64_t timed_out = 0;
    Time now{};
    const auto steps = *rc::gen::inRange(0, 100);
    for (int step = 0; step < steps; ++step) {
      now += *rc::gen::inRange(0, 3) * 1s;
      bulkhead.advance(now);
      for (const Permit call : bulkhead.take_timed_out()) {
        RC_ASSERT(line.begin()->first == static_cast<std::uint64_t>(call));
        RC_ASSERT(now - line.begin()->second >= config.max_wait_duration);
        line.erase(line.begin());
        ++timed_out;
      }
      RC_ASSERT((line.empty() || now - line.begin()->second < config.max_wait_duration));
      if (*rc::gen::inRange(0, 5) == 0 && !line.empty()) {
        const std::uint64_t last = line.rbegin()->first;
        RC_ASSERT(bulkhead.cancel(now, Permit{last}));
        line.erase(last);
      } else if (*rc::gen::arbitrary<bool>() && bulkhead.active() > 0) {
        const auto next = bulkhead.leave(now);
        RC_ASSERT(next.has_value() == !line.empty());
        if (next) {
          RC_ASSERT(line.begin()->first == static_cast<std::uint64_t>(*next));
          line.erase(line.begin());
        }
      } else if (bulkhead.enter(now, Permit{++calls}) == Entry::waiting) {
        line.emplace(calls, now);
      }
      RC_ASSERT(bulkhead.active() <= config.max_concurrent_calls);
      RC_ASSERT(bulkhead.waiting() == line.size());
      RC_ASSERT(line.size() <= config.max_waiting_calls);
      RC_ASSERT((line.empty() || bulkhead.active() == config.max_concurrent_calls));
    }
    const Bulkhead::Statistics& counts = bulkhead.statistics();
    RC_ASSERT(counts.timed_out_count == timed_out);
    RC_ASSERT(calls ==
              counts.accepted_count + counts.rejected_count + timed_out + counts.cancelled_count + line.size());
  });
}
