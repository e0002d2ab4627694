#include "actors/faults/fault_schedule.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <vector>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Row = FaultSchedule::Row;
using Change = FaultSchedule::Change;
using Number = ActiveFaults::Number;

Time at(Duration since_start) { return Time{} + since_start; }

std::string error_of(FaultKind kind, std::string_view parameters) {
  const auto fault = parse_fault(kind, parameters);
  REQUIRE_FALSE(fault.has_value());
  return fault.error().message;
}

}  // namespace

TEST_CASE("the parameters of each kind of fault are read", "[fault]") {
  REQUIRE(*parse_fault(FaultKind::kill, "") == Fault{});
  REQUIRE(*parse_fault(FaultKind::pause, "  ") == Fault{.kind = FaultKind::pause});
  REQUIRE(*parse_fault(FaultKind::slow, "factor=3") == Fault{.kind = FaultKind::slow, .factor = 3});
  REQUIRE(*parse_fault(FaultKind::slow, "delay=50ms; factor=1.5") ==
          Fault{.kind = FaultKind::slow, .factor = 1.5, .delay = 50ms});
  REQUIRE(*parse_fault(FaultKind::errors, "probability=0.2,class=timed_out") ==
          Fault{.kind = FaultKind::errors, .probability = 0.2, .error_class = ErrorClass::timed_out});
  REQUIRE(*parse_fault(FaultKind::capacity, "requests_max=0") == Fault{.kind = FaultKind::capacity});
  REQUIRE(*parse_fault(FaultKind::latency, "delay=50ms jitter=50ms") ==
          Fault{.kind = FaultKind::latency, .delay = 50ms, .jitter = 50ms});
  REQUIRE(*parse_fault(FaultKind::loss, "probability=1") == Fault{.kind = FaultKind::loss});
  REQUIRE(*parse_fault(FaultKind::reordering, "") == Fault{.kind = FaultKind::reordering});
}

TEST_CASE("wrong parameters of a fault are told with what was expected", "[fault]") {
  REQUIRE(error_of(FaultKind::pause, "factor=3") == "factor=3: expected no parameters for pause");
  REQUIRE(error_of(FaultKind::slow, "speed=3") == "speed=3: expected factor=… or delay=… for slow");
  REQUIRE(error_of(FaultKind::slow, "") == "no parameters: expected factor=… or delay=… for slow");
  REQUIRE(error_of(FaultKind::slow, "factor") == "factor: expected factor=… or delay=… for slow");
  REQUIRE(error_of(FaultKind::slow, "factor=3 factor=4") == "factor=4: expected factor once");
  REQUIRE(error_of(FaultKind::slow, "factor=-1") == "factor=-1: expected a factor from 0 to 1000000");
  REQUIRE(error_of(FaultKind::slow, "delay=50") == "delay=50: expected a duration of at most 1000h, such as 50ms");
  REQUIRE(error_of(FaultKind::slow, "delay=1001h") ==
          "delay=1001h: expected a duration of at most 1000h, such as 50ms");
  for (const char* probability : {"1.01", "-0.1", "nan", "0.2x", ""}) {
    const std::string text = "probability=" + std::string(probability);
    REQUIRE(error_of(FaultKind::loss, text) == text + ": expected a probability from 0 to 1");
  }
  REQUIRE(error_of(FaultKind::errors, "class=timed_out") == "no parameters: expected probability=… for errors");
  REQUIRE(error_of(FaultKind::errors, "probability=1 class=fire").find("class=fire: expected connection_failed") == 0);
  REQUIRE(error_of(FaultKind::capacity, "requests_max=-1") ==
          "requests_max=-1: expected a whole number from 0 to 4294967295");
  REQUIRE(error_of(FaultKind::latency, "delay=10ms jitter=11ms") ==
          "jitter=11ms: expected a jitter of at most the delay");
}

TEST_CASE("the kinds of faults have names that are read back", "[fault]") {
  for (const FaultKind kind :
       {FaultKind::kill, FaultKind::down, FaultKind::pause, FaultKind::slow, FaultKind::errors, FaultKind::capacity,
        FaultKind::latency, FaultKind::loss, FaultKind::duplication, FaultKind::reordering, FaultKind::partition}) {
    REQUIRE(parse_fault_kind(to_text(kind)) == kind);
  }
  REQUIRE_FALSE(parse_fault_kind("Kill").has_value());
  REQUIRE(to_text(FaultKinds{FaultKind::slow, FaultKind::kill}) == "kill, slow");
}

TEST_CASE("faults of one kind combine, and each ends for itself", "[fault]") {
  ActiveFaults faults;
  faults.apply(Number{1}, {.kind = FaultKind::loss, .probability = 0.5});
  faults.apply(Number{2}, {.kind = FaultKind::loss, .probability = 0.2});
  faults.apply(Number{3}, {.kind = FaultKind::latency, .delay = 20ms, .jitter = 5ms});
  faults.apply(Number{4}, {.kind = FaultKind::latency, .delay = 10ms, .jitter = 1ms});
  faults.apply(Number{5}, {.kind = FaultKind::capacity, .requests_max = 3});
  faults.apply(Number{6}, {.kind = FaultKind::capacity, .requests_max = 7});
  faults.apply(Number{7}, {.kind = FaultKind::reordering, .probability = 0.1, .delay = 5ms});
  faults.apply(Number{8}, {.kind = FaultKind::reordering, .probability = 0.5, .delay = 3ms});
  faults.apply(Number{9}, {.kind = FaultKind::duplication, .probability = 0.25});
  REQUIRE(faults.effect().loss_probability == Approx(0.6));  // 1 - 0.5 × 0.8
  REQUIRE(faults.effect().link_delay == 30ms);
  REQUIRE(faults.effect().link_jitter == 6ms);
  REQUIRE(faults.effect().requests_max == 3);
  REQUIRE(faults.effect().reordering_probability == Approx(0.55));  // 1 - 0.9 × 0.5
  REQUIRE(faults.effect().reordering_delay == 5ms);
  REQUIRE(faults.effect().duplication_probability == 0.25);
  for (const std::uint64_t number : {1, 3, 5, 7}) {
    REQUIRE(faults.end(Number{number}));
  }
  REQUIRE_FALSE(faults.end(Number{1}));
  REQUIRE(faults.effect().loss_probability == Approx(0.2));
  REQUIRE(faults.effect().link_delay == 10ms);
  REQUIRE(faults.effect().requests_max == 7);
  REQUIRE(faults.effect().reordering_delay == 3ms);
}

TEST_CASE("when all faults have ended nothing is left of them", "[fault]") {
  ActiveFaults faults;
  faults.apply(Number{1}, {.kind = FaultKind::partition});
  faults.apply(Number{2}, {.kind = FaultKind::slow, .factor = 3});
  REQUIRE(faults.effect().is_partitioned);
  faults.end(Number{1});
  faults.end(Number{2});
  REQUIRE(faults.effect() == ActiveFaults::Effect{});
  REQUIRE(faults.size() == 0);
}

TEST_CASE("one draw decides several things as independent draws would", "[fault]") {
  SplitDraw low(0.1);
  REQUIRE(low.chance(0.2));
  REQUIRE(low.rest() == Approx(0.5));  // the middle of the fifth that it was in
  SplitDraw high(0.6);
  REQUIRE_FALSE(high.chance(0.2));
  REQUIRE(high.rest() == Approx(0.5));  // (0.6 - 0.2) / 0.8
  SplitDraw zero(0.0);
  REQUIRE_FALSE(zero.chance(0.0));
  SplitDraw one(0.999);
  REQUIRE(one.chance(1.0));
}

TEST_CASE("a schedule is sorted by time, ends come before beginnings of the same time", "[fault_schedule]") {
  const Row late{at(20s), "a", {.kind = FaultKind::pause}, 5s};
  const Row first{at(10s), "a", {.kind = FaultKind::pause}, 10s};
  const Row kill{at(10s), "b", {.kind = FaultKind::kill}};
  const Row endless{at(12s), "a", {.kind = FaultKind::partition}};
  const FaultSchedule schedule({late, first, kill, endless});
  REQUIRE(schedule.rows() == std::vector<Row>{first, kill, endless, late});
  REQUIRE(schedule.changes() == std::vector<Change>{{at(10s), true, 0},
                                                    {at(10s), true, 1},
                                                    {at(12s), true, 2},
                                                    {at(20s), false, 0},
                                                    {at(20s), true, 3},
                                                    {at(25s), false, 3}});
  REQUIRE(schedule.last_change_at() == at(25s));
  REQUIRE(FaultSchedule{}.last_change_at() == std::nullopt);
}

TEST_CASE("an unknown target and a fault that a target does not take are refused with their line", "[fault_schedule]") {
  const FaultSchedule::Targets targets{{"service", {FaultKind::kill, FaultKind::slow}}, {"uplink", {FaultKind::loss}}};
  const Row fine{at(1s), "service", {.kind = FaultKind::slow, .factor = 2}, 1s, "f.csv:2"};
  REQUIRE(FaultSchedule({fine}).validate(targets).has_value());
  const Row unknown{at(2s), "servce", {.kind = FaultKind::kill}, forever, "f.csv:3"};
  REQUIRE(FaultSchedule({fine, unknown}).validate(targets).error().message ==
          "f.csv:3: target servce: expected one of service, uplink");
  const Row refused{at(2s), "uplink", {.kind = FaultKind::kill}, forever, "f.csv:4"};
  REQUIRE(FaultSchedule({fine, refused}).validate(targets).error().message ==
          "f.csv:4: fault kill: uplink does not take it: expected one of loss");
}

TEST_CASE("of targets with consecutive numbers only the first and the last are named", "[fault_schedule]") {
  const auto expected = [](const std::vector<std::string>& names) {
    FaultSchedule::Targets targets;
    for (const std::string& name : names) {
      targets[name] = {FaultKind::kill};
    }
    const Row unknown{at(2s), "x", {.kind = FaultKind::kill}, forever, "f.csv:3"};
    return FaultSchedule({unknown}).validate(targets).error().message;
  };
  const std::string place = "f.csv:3: target x: expected one of ";
  std::vector<std::string> names{"database", "uplink"};
  for (int number = 0; number <= 12; ++number) {
    names.push_back("container-" + std::to_string(number));
  }
  CHECK(expected(names) == place + "container-0 to container-12, database, uplink");
  CHECK(expected({"c-1", "c-2"}) == place + "c-1, c-2");
  CHECK(expected({"c-1", "c-2", "c-4"}) == place + "c-1, c-2, c-4");  // c-3 is none
  CHECK(expected({"c-01", "c-02", "c-03", "7", "-8"}) == place + "-8, 7, c-01, c-02, c-03");
  CHECK(expected({"a-1", "a-2", "a-3", "b-4", "b-5", "b-6"}) == place + "a-1 to a-3, b-4 to b-6");
  CHECK(expected({"c-1", "c-2", "c-3", "c-99999999999"}) == place + "c-1 to c-3, c-99999999999");
}

TEST_CASE("wrong rows of a schedule are bugs", "[fault_schedule]") {
  REQUIRE_THROWS_AS(FaultSchedule({{at(-1ns), "a", {}}}), AssertionFailure);
  REQUIRE_THROWS_AS(FaultSchedule({{at(0s), "a", {.kind = FaultKind::pause}, 0s}}), AssertionFailure);
  REQUIRE_THROWS_AS(FaultSchedule({{at(0s), "a", {.kind = FaultKind::kill}, 1s}}), AssertionFailure);
  ActiveFaults faults;
  REQUIRE_THROWS_AS(faults.apply(Number{1}, {.kind = FaultKind::kill}), AssertionFailure);
  REQUIRE_THROWS_AS(faults.apply(Number{1}, {.kind = FaultKind::loss, .probability = 1.5}), AssertionFailure);
  REQUIRE_THROWS_AS(faults.apply(Number{1}, {.kind = FaultKind::latency, .delay = 1ms, .jitter = 2ms}),
                    AssertionFailure);
}

TEST_CASE("every fault of a schedule begins once and ends after its duration", "[fault_schedule][property]") {
  rc::prop("in the order of time, and what acts is what the rows say", [] {
    std::vector<Row> rows;
    const int count = *rc::gen::inRange(0, 20);
    for (int row = 0; row < count; ++row) {
      const bool ends = *rc::gen::arbitrary<bool>();
      rows.push_back({at(*rc::gen::inRange(0, 20) * 1s),
                      "a",
                      {.kind = FaultKind::pause},
                      ends ? *rc::gen::inRange(1, 10) * 1s : Duration{forever}});
    }
    const FaultSchedule schedule(rows);
    std::set<std::size_t> active;
    std::size_t begun = 0;
    Time last{};
    for (const Change& change : schedule.changes()) {
      RC_ASSERT(change.at >= last);
      last = change.at;
      const Row& row = schedule.rows()[change.row];
      if (change.begins) {
        RC_ASSERT(change.at == row.at);
        RC_ASSERT(active.insert(change.row).second);
        ++begun;
      } else {
        RC_ASSERT(change.at == row.at + row.duration);
        RC_ASSERT(active.erase(change.row) == 1);
      }
    }
    RC_ASSERT(begun == rows.size());
    for (const std::size_t row : active) {
      RC_ASSERT(schedule.rows()[row].duration == forever);
    }
  });
}
