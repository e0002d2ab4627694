#include "actors/load_shedding/load_shedder.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;
using Level = LoadShedder::Level;
using Priority = LoadShedder::Priority;
using Feature = LoadShedder::Feature;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

constexpr Priority all_priorities[] = {Priority::critical_plus, Priority::critical, Priority::sheddable_plus,
                                       Priority::sheddable};

/// By default: degraded from 0.70 to below 0.60, minimal 0.85 / 0.75, shedding 0.95 / 0.85.
LoadShedder shedder_at(Level level) {
  LoadShedder shedder{{}};
  const double loads[] = {0.0, 0.70, 0.85, 0.95};
  shedder.observe(at(0s), loads[static_cast<std::size_t>(level)]);
  REQUIRE(shedder.level() == level);
  return shedder;
}

}  // namespace

TEST_CASE("a level is entered at its threshold and left below its lower one", "[load_shedder]") {
  LoadShedder shedder{{}};
  REQUIRE(shedder.observe(at(0s), 0.699) == Level::normal);
  REQUIRE(shedder.observe(at(1s), 0.70) == Level::degraded);
  REQUIRE(shedder.observe(at(2s), 0.60) == Level::degraded);
  REQUIRE(shedder.observe(at(3s), 0.599) == Level::normal);
  REQUIRE(shedder.observe(at(4s), 0.699) == Level::normal);
  REQUIRE(shedder.statistics().level_changes_count == 2);
}

TEST_CASE("a load that goes back and forth between the thresholds changes nothing", "[load_shedder]") {
  LoadShedder shedder = shedder_at(Level::degraded);
  for (int step = 1; step <= 100; ++step) {
    REQUIRE(shedder.observe(at(step * 1s), step % 2 == 0 ? 0.61 : 0.84) == Level::degraded);
  }
  REQUIRE(shedder.statistics().level_changes_count == 1);
}

TEST_CASE("the level rises and falls over several levels at once", "[load_shedder]") {
  LoadShedder shedder{{}};
  REQUIRE(shedder.observe(at(0s), 0.95) == Level::shedding);
  REQUIRE(shedder.observe(at(1s), 0.85) == Level::shedding);
  REQUIRE(shedder.observe(at(2s), 0.849) == Level::minimal);
  REQUIRE(shedder.observe(at(3s), 0.2) == Level::normal);
  REQUIRE(shedder.observe(at(4s), 0.86) == Level::minimal);
  REQUIRE(shedder.observe(at(5s), 0.7) == Level::degraded);
}

TEST_CASE("the level falls only after the load has been low for some time without a break", "[load_shedder]") {
  LoadShedder shedder{{.calm_duration = 10s}};
  shedder.observe(at(0s), 0.9);
  REQUIRE(shedder.observe(at(1s), 0.5) == Level::minimal);
  REQUIRE(shedder.observe(at(6s), 0.8) == Level::minimal);  // a break: 0.8 keeps the level
  REQUIRE(shedder.observe(at(7s), 0.5) == Level::minimal);
  REQUIRE(shedder.observe(at(17s) - 1ns, 0.5) == Level::minimal);
  REQUIRE(shedder.observe(at(17s), 0.65) == Level::degraded);  // as low as the load is now
  REQUIRE(shedder.observe(at(18s), 0.5) == Level::degraded);   // the next fall needs a calm of its own
  REQUIRE(shedder.observe(at(28s), 0.5) == Level::normal);
  REQUIRE(shedder.observe(at(29s), 0.96) == Level::shedding);  // but rises at once
}

TEST_CASE("each level admits its classes of requests", "[load_shedder]") {
  struct Row {
    Level level;
    std::vector<bool> admitted;  // by priority, most important first
  };
  for (const Row& row :
       {Row{Level::normal, {true, true, true, true}}, Row{Level::degraded, {true, true, true, true}},
        Row{Level::minimal, {true, true, true, false}}, Row{Level::shedding, {true, true, false, false}}}) {
    LoadShedder shedder = shedder_at(row.level);
    for (const Priority priority : all_priorities) {
      const auto number = static_cast<std::size_t>(priority);
      REQUIRE(shedder.admit(priority) == row.admitted[number]);
      REQUIRE(shedder.statistics().admitted_count[number] == (row.admitted[number] ? 1 : 0));
      REQUIRE(shedder.statistics().shed_count[number] == (row.admitted[number] ? 0 : 1));
    }
  }
}

TEST_CASE("features go off level by level and come back", "[load_shedder]") {
  constexpr Feature recommendations{0};
  constexpr Feature search{31};
  LoadShedder shedder{{.features_off = {0, 0b1, 0b1, 0x80000001}}};
  const auto enabled = [&] { return std::vector{shedder.is_enabled(recommendations), shedder.is_enabled(search)}; };
  REQUIRE(enabled() == std::vector{true, true});
  shedder.observe(at(1s), 0.7);
  REQUIRE(enabled() == std::vector{false, true});
  shedder.observe(at(2s), 1.0);
  REQUIRE(enabled() == std::vector{false, false});
  shedder.observe(at(3s), 0.1);
  REQUIRE(enabled() == std::vector{true, true});
  REQUIRE_THROWS_AS(shedder.is_enabled(Feature{32}), AssertionFailure);
}

TEST_CASE("the load may be a queue length, and the time at each level adds up", "[load_shedder]") {
  LoadShedder shedder{{.degraded = {10, 5}, .minimal = {20, 10}, .shedding = {50, 20}}, at(10s)};
  shedder.observe(at(11s), 30);
  shedder.observe(at(14s), 2);
  shedder.observe(at(20s), 10);
  REQUIRE(shedder.time_at(Level::normal, at(25s)) == 1s + 6s);
  REQUIRE(shedder.time_at(Level::degraded, at(25s)) == 5s);
  REQUIRE(shedder.time_at(Level::minimal, at(25s)) == 3s);
  REQUIRE(shedder.time_at(Level::shedding, at(25s)) == 0s);
}

TEST_CASE("thresholds in the wrong order, loads that are no numbers and time that goes back are bugs",
          "[load_shedder]") {
  REQUIRE_THROWS_AS((LoadShedder{{.degraded = {0.5, 0.5}}}), AssertionFailure);
  REQUIRE_THROWS_AS((LoadShedder{{.degraded = {0.9, 0.6}}}), AssertionFailure);
  REQUIRE_THROWS_AS((LoadShedder{{.minimal = {0.85, 0.5}}}), AssertionFailure);
  REQUIRE_THROWS_AS(LoadShedder{{.calm_duration = -1s}}, AssertionFailure);
  REQUIRE_THROWS_AS((LoadShedder{{.features_off = {0, 1, 0, 1}}}), AssertionFailure);
  REQUIRE_THROWS_AS((LoadShedder{{.lowest_admitted = {Priority::critical, Priority::sheddable, Priority::critical,
                                                      Priority::critical}}}),
                    AssertionFailure);
  LoadShedder shedder{{}};
  shedder.observe(at(1s), 0.5);
  REQUIRE_THROWS_AS(shedder.observe(at(0s), 0.5), AssertionFailure);
  REQUIRE_THROWS_AS(shedder.observe(at(1s), -0.1), AssertionFailure);
  REQUIRE_THROWS_AS(shedder.observe(at(1s), std::numeric_limits<double>::quiet_NaN()), AssertionFailure);
}

TEST_CASE("whatever the load does, the level lies between its thresholds", "[load_shedder][property]") {
  rc::prop("and a more important request is never shed before a less important one", [] {
    const LoadShedder::Config config{.calm_duration = *rc::gen::inRange(0, 4) * 1s};
    LoadShedder shedder{config};
    const double enter[] = {0, 0.70, 0.85, 0.95};
    const double leave[] = {0, 0.60, 0.75, 0.85};
    Time now{};
    const auto steps = *rc::gen::inRange(0, 60);
    Duration in_all{};
    for (int step = 0; step < steps; ++step) {
      now += *rc::gen::inRange(0, 3) * 1s;
      const double load = *rc::gen::inRange(0, 110) / 100.0;
      const auto before = static_cast<std::size_t>(shedder.level());
      const auto level = static_cast<std::size_t>(shedder.observe(now, load));
      RC_ASSERT((level + 1 == LoadShedder::levels || load < enter[level + 1]));  // not too low
      RC_ASSERT((level <= before || load >= enter[level]));                      // risen for a reason
      RC_ASSERT((level >= before || load < leave[level + 1]));                   // fallen for a reason
      RC_ASSERT((config.calm_duration > 0s || load >= leave[level]));            // and far enough
      bool admitted = true;
      for (const Priority priority : all_priorities) {
        const bool is_admitted = shedder.admit(priority);
        RC_ASSERT((admitted || !is_admitted));
        admitted = is_admitted;
      }
    }
    for (const Level level : {Level::normal, Level::degraded, Level::minimal, Level::shedding}) {
      in_all += shedder.time_at(level, now);
    }
    RC_ASSERT(in_all == now - Time{});
  });
}
