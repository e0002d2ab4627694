#include "actors/queues/backpressure.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;
using Signal = Backpressure::Signal;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

/// The signals for levels at 0 s, 1 s, 2 s …
std::vector<Signal> signals(Backpressure::Config config, const std::vector<std::uint64_t>& levels) {
  Backpressure backpressure{config};
  std::vector<Signal> signals;
  for (std::size_t second = 0; second < levels.size(); ++second) {
    signals.push_back(backpressure.update(at(second * 1s), levels[second]));
  }
  return signals;
}

using Signals = std::vector<Signal>;

}  // namespace

TEST_CASE("a sender pauses at the high mark and goes on at the low one", "[backpressure]") {
  REQUIRE(signals({.high_water_mark = 10, .low_water_mark = 4}, {9, 10, 5, 4, 9, 10}) ==
          Signals{Signal::none, Signal::pause, Signal::none, Signal::resume, Signal::none, Signal::pause});
}

TEST_CASE("strict marks are crossed, not reached", "[backpressure]") {
  REQUIRE(signals({.high_water_mark = 10, .low_water_mark = 4, .is_strict = true}, {10, 11, 4, 3}) ==
          Signals{Signal::none, Signal::pause, Signal::none, Signal::resume});
}

TEST_CASE("between the marks nothing changes, in either direction", "[backpressure]") {
  REQUIRE(signals({.high_water_mark = 10, .low_water_mark = 4}, {5, 9, 5, 12, 5, 9, 5}) ==
          Signals{Signal::none, Signal::none, Signal::none, Signal::pause, Signal::none, Signal::none, Signal::none});
}

TEST_CASE("a level that jumps over both marks is one signal", "[backpressure]") {
  REQUIRE(signals({.high_water_mark = 10, .low_water_mark = 4}, {100, 200, 0, 0}) ==
          Signals{Signal::pause, Signal::none, Signal::resume, Signal::none});
}

TEST_CASE("the time of pauses adds up, the present one included", "[backpressure]") {
  Backpressure backpressure{{.high_water_mark = 10, .low_water_mark = 4}};
  backpressure.update(at(1s), 10);
  REQUIRE(backpressure.paused_time(at(3s)) == 2s);
  backpressure.update(at(4s), 12);  // still paused
  backpressure.update(at(6s), 4);   // 5 s
  REQUIRE(backpressure.paused_time(at(9s)) == 5s);
  backpressure.update(at(10s), 10);
  backpressure.update(at(11s), 0);  // 1 s
  REQUIRE(backpressure.paused_time(at(20s)) == 6s);
  REQUIRE(backpressure.pauses_count() == 2);
  REQUIRE(backpressure.level_max() == 12);
  REQUIRE(backpressure.level() == 0);
}

TEST_CASE("marks in the wrong order, a strict low mark of 0 and a clock that goes back are bugs", "[backpressure]") {
  REQUIRE_THROWS_AS(Backpressure({.high_water_mark = 10, .low_water_mark = 10}), AssertionFailure);
  REQUIRE_THROWS_AS(Backpressure({.high_water_mark = 10, .low_water_mark = 0, .is_strict = true}), AssertionFailure);
  Backpressure backpressure{Backpressure::netty()};
  backpressure.update(at(1s), 1);
  REQUIRE_THROWS_AS(backpressure.update(at(0s), 1), AssertionFailure);
  REQUIRE_THROWS_AS(backpressure.paused_time(at(0s)), AssertionFailure);
}

TEST_CASE("a buffer of Netty is writable up to 64 KiB, and again below 32 KiB", "[backpressure]") {
  REQUIRE(signals(Backpressure::netty(), {65'536, 65'537, 32'768, 32'767}) ==
          Signals{Signal::none, Signal::pause, Signal::none, Signal::resume});
}

TEST_CASE("a writable stream of Node.js: 4,000 recorded steps", "[backpressure]") {
  for (const auto& [file, config] :
       {std::pair(std::string("node_default.csv"), Backpressure::node_stream()),
        std::pair(std::string("node_high3.csv"), Backpressure::Config{.high_water_mark = 3, .low_water_mark = 0})}) {
    std::ifstream input(LIBSIM_TEST_DATA "/data/backpressure/" + file);
    REQUIRE(input);
    Backpressure backpressure{config};
    std::uint64_t drains = 0;
    std::uint64_t steps = 0;
    std::string line;
    std::getline(input, line);
    while (std::getline(input, line)) {
      std::istringstream fields(line);
      std::string operation;
      std::string level;
      std::string is_paused;
      std::string drains_expected;
      std::getline(fields, operation, ',');
      std::getline(fields, level, ',');
      std::getline(fields, is_paused, ',');
      std::getline(fields, drains_expected, ',');
      drains += backpressure.update(at(++steps * 1ms), std::stoull(level)) == Signal::resume ? 1 : 0;
      INFO(file << ", step " << steps);
      REQUIRE(backpressure.is_paused() == (is_paused == "1"));
      REQUIRE(drains == std::stoull(drains_expected));
    }
    REQUIRE(steps == 2'000);
    REQUIRE(drains >= 6);
  }
}

TEST_CASE("signals alternate, and a sender that heeds them stays within the high mark", "[backpressure][property]") {
  REQUIRE(rc::check("alternate", [](const std::vector<bool>& sends) {
    const auto low = *rc::gen::inRange<std::uint64_t>(1, 5);
    const auto high = low + *rc::gen::inRange<std::uint64_t>(1, 5);
    const bool is_strict = *rc::gen::arbitrary<bool>();
    Backpressure backpressure{{.high_water_mark = high, .low_water_mark = low, .is_strict = is_strict}};
    std::uint64_t level = 0;
    Duration paused_time{};
    Time now{};
    for (const bool sends_one : sends) {
      const bool was_paused = backpressure.is_paused();
      paused_time += was_paused ? 1s : 0s;
      now += 1s;
      level += sends_one && !was_paused ? 1 : 0;
      level -= !sends_one && level > 0 ? 1 : 0;
      const Signal signal = backpressure.update(now, level);
      RC_ASSERT(signal != Signal::pause || !was_paused);
      RC_ASSERT(signal != Signal::resume || was_paused);
      RC_ASSERT(backpressure.is_paused() == (was_paused ? signal != Signal::resume : signal == Signal::pause));
      RC_ASSERT(level <= high + (is_strict ? 1 : 0));
      RC_ASSERT(level > low - (is_strict ? 1 : 0) || !backpressure.is_paused());
      RC_ASSERT(backpressure.paused_time(now) == paused_time);
    }
  }));
}
