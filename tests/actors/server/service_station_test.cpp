#include "actors/server/service_station.hpp"

#include <catch2/catch.hpp>

#include "tests/actors/server/station_script.hpp"

using namespace sim;
using Station = sim::policies::ServiceStation;
using Script = sim::testing::StationScript;
using Log = std::vector<std::string>;
using Discipline = Station::Discipline;
using Admission = Station::Admission;

TEST_CASE("one server serves in the order of arrival", "[service_station]") {
  Script script({});
  REQUIRE(script.arrive(0s, "a", {.work = 4s}) == Admission::serving);
  REQUIRE(script.arrive(1s, "b", {.work = 1s}) == Admission::waiting);
  REQUIRE(script.arrive(2s, "c", {.work = 2s}) == Admission::waiting);
  REQUIRE(script.all() == Log{"4s a served, waited 0s, in service 4s", "5s b served, waited 3s, in service 1s",
                              "7s c served, waited 3s, in service 2s"});
}

TEST_CASE("two servers serve two at a time", "[service_station]") {
  Script script({.servers = 2});
  script.arrive(0s, "a", {.work = 4s});
  script.arrive(0s, "b", {.work = 1s});
  script.arrive(0s, "c", {.work = 2s});
  REQUIRE(script.station().busy_servers() == 2);
  REQUIRE(script.station().in_line() == 1);
  REQUIRE(script.all() == Log{"1s b served, waited 0s, in service 1s", "3s c served, waited 1s, in service 2s",
                              "4s a served, waited 0s, in service 4s"});
}

TEST_CASE("a service that ends when a job arrives leaves its server to it", "[service_station]") {
  Script script({.capacity = 1});
  script.arrive(0s, "a", {.work = 1s});
  REQUIRE(script.arrive(1s, "b", {.work = 1s}) == Admission::serving);
}

TEST_CASE("what is due must have happened before a job arrives", "[service_station]") {
  Station station({});
  station.arrive(Time{}, {.work = 1s});
  REQUIRE_THROWS_AS(station.arrive(Time{1s}, {.work = 1s}), AssertionFailure);
  REQUIRE(station.next_change(Time{1s}));
  REQUIRE_FALSE(station.next_change(Time{1s}));
  REQUIRE_NOTHROW(station.arrive(Time{1s}, {.work = 1s}));
  REQUIRE_THROWS_AS(station.arrive(Time{500ms}, {.work = 1s}), AssertionFailure);
}

TEST_CASE("an urgent job passes those in line and disturbs nobody in service", "[service_station]") {
  Script script({.discipline = Discipline::priority, .priorities = 2});
  script.arrive(0s, "a", {.work = 5s, .priority = 1});
  script.arrive(1s, "b", {.work = 1s, .priority = 1});
  script.arrive(2s, "c", {.work = 2s, .priority = 0});
  script.arrive(3s, "d", {.work = 1s, .priority = 0});
  REQUIRE(script.all() == Log{"5s a served, waited 0s, in service 5s", "7s c served, waited 3s, in service 2s",
                              "8s d served, waited 4s, in service 1s", "9s b served, waited 7s, in service 1s"});
}

TEST_CASE("without a discipline that looks at priorities they do not matter", "[service_station]") {
  Script script({.priorities = 2});
  script.arrive(0s, "a", {.work = 5s, .priority = 1});
  script.arrive(1s, "b", {.work = 1s, .priority = 1});
  script.arrive(2s, "c", {.work = 2s, .priority = 0});
  REQUIRE(script.all() == Log{"5s a served, waited 0s, in service 5s", "6s b served, waited 4s, in service 1s",
                              "8s c served, waited 4s, in service 2s"});
}

TEST_CASE("an urgent job takes the server and its victim resumes without loss", "[service_station]") {
  Script script({.discipline = Discipline::preemptive_priority, .priorities = 3});
  script.arrive(0s, "a", {.work = 5s, .priority = 2});
  script.arrive(1s, "b", {.work = 1s, .priority = 2});
  REQUIRE(script.arrive(2s, "c", {.work = 3s, .priority = 1}) == Admission::serving);
  REQUIRE(script.arrive(3s, "d", {.work = 1s, .priority = 0}) == Admission::serving);
  REQUIRE(script.arrive(3s, "e", {.work = 1s, .priority = 0}) == Admission::waiting);  // of equal urgency
  // a: 0 to 2 and 7 to 10; b, younger, after it; c: 2 to 3 and 5 to 7.
  REQUIRE(script.all() == Log{"4s d served, waited 0s, in service 1s", "5s e served, waited 1s, in service 1s",
                              "7s c served, waited 2s, in service 3s", "10s a served, waited 5s, in service 5s",
                              "11s b served, waited 9s, in service 1s"});
}

TEST_CASE("of several servers the least urgent and youngest job loses its own", "[service_station]") {
  Script script({.servers = 3, .discipline = Discipline::preemptive_priority, .priorities = 3});
  script.arrive(0s, "a", {.work = 10s, .priority = 1});
  script.arrive(1s, "b", {.work = 10s, .priority = 2});
  script.arrive(2s, "c", {.work = 10s, .priority = 2});
  script.arrive(3s, "d", {.work = 2s, .priority = 0});   // c, which had 1 s, waits until 5 s
  script.arrive(4s, "e", {.work = 20s, .priority = 1});  // b, which had 3 s, waits; at 5 s it comes before c
  REQUIRE(script.all() == Log{"5s d served, waited 0s, in service 2s", "10s a served, waited 0s, in service 10s",
                              "12s b served, waited 1s, in service 10s", "19s c served, waited 7s, in service 10s",
                              "24s e served, waited 0s, in service 20s"});
}

TEST_CASE("jobs that share a server progress at the rate of its share", "[service_station]") {
  Script script({.discipline = Discipline::processor_sharing});
  script.arrive(0s, "a", {.work = 4s});
  script.arrive(1s, "b", {.work = 1s});
  // Alone until 1 s; both at half speed until b is done at 3 s; then a has had 2 s.
  REQUIRE(script.all() == Log{"3s b served, waited 0s, in service 2s", "5s a served, waited 0s, in service 5s"});
}

TEST_CASE("jobs that share several servers have at most one each", "[service_station]") {
  Script script({.servers = 2, .discipline = Discipline::processor_sharing});
  script.arrive(0s, "a", {.work = 3s});
  script.arrive(0s, "b", {.work = 3s});
  REQUIRE(script.station().busy_servers() == 2);
  script.arrive(1s, "c", {.work = 2s});
  // Three at the rate 2/3 from 1 s on: all need 2 s more.
  REQUIRE(script.all() == Log{"4s a served, waited 0s, in service 4s", "4s b served, waited 0s, in service 4s",
                              "4s c served, waited 0s, in service 3s"});
}

TEST_CASE("jobs that finish together leave in the order of arrival", "[service_station]") {
  Script script({.discipline = Discipline::processor_sharing});
  for (const char* name : {"a", "b", "c"}) {
    script.arrive(0s, name, {.work = 1s});
  }
  REQUIRE(script.all() == Log{"3s a served, waited 0s, in service 3s", "3s b served, waited 0s, in service 3s",
                              "3s c served, waited 0s, in service 3s"});
}

TEST_CASE("shares that are no whole nanoseconds are kept, and rounded once", "[service_station]") {
  Script script({.discipline = Discipline::processor_sharing});
  script.arrive(0s, "a", {.work = 10ns});
  script.arrive(1ns, "b", {.work = 10ns});
  script.arrive(2ns, "c", {.work = 10ns});
  // a has had 1.5 at 2 ns and needs 8.5 · 3 = 25.5 more: 27.5. The station is empty after 30 ns of work.
  REQUIRE(script.all() == Log{"28ns a served, waited 0s, in service 28ns", "30ns b served, waited 0s, in service 29ns",
                              "30ns c served, waited 0s, in service 28ns"});
}

TEST_CASE("a full station loses who comes", "[service_station]") {
  Script script({.capacity = 2});
  script.arrive(0s, "a", {.work = 2s});
  script.arrive(0s, "b", {.work = 2s});
  REQUIRE(script.arrive(1s, "c", {.work = 2s}) == Admission::lost);
  REQUIRE(script.arrive(2s, "d", {.work = 2s}) == Admission::waiting);
  REQUIRE(script.all().size() == 3);
}

TEST_CASE("a full station that blocks lets others in as room comes", "[service_station]") {
  Script script({.capacity = 1, .when_full = Station::WhenFull::block});
  script.arrive(0s, "a", {.work = 2s});
  REQUIRE(script.arrive(0s, "b", {.work = 2s}) == Admission::outside);
  REQUIRE(script.arrive(1s, "c", {.work = 2s}) == Admission::outside);
  REQUIRE(script.station().in_system() == 1);
  REQUIRE(script.station().outside() == 2);
  // What they wait outside is not a wait of this station.
  REQUIRE(script.all() == Log{"2s a served, waited 0s, in service 2s", "2s b admitted",
                              "4s b served, waited 0s, in service 2s", "4s c admitted",
                              "6s c served, waited 0s, in service 2s"});
}

TEST_CASE("a finished job that cannot go on keeps its server and its room", "[service_station]") {
  Script script({.capacity = 2, .blocks_after_service = true});
  script.arrive(0s, "a", {.work = 1s});
  script.arrive(0s, "b", {.work = 1s});
  script.run_to(3s);
  REQUIRE(script.station().blocked_servers() == 1);
  REQUIRE(script.station().busy_servers() == 0);
  REQUIRE(script.arrive(3s, "c", {.work = 1s}) == Admission::lost);
  script.release(4s, "a");
  REQUIRE(script.station().busy_servers() == 1);
  REQUIRE(script.arrive(4s, "d", {.work = 1s}) == Admission::waiting);
  script.release(9s, "b");
  REQUIRE(script.all() == Log{"1s a served, waited 0s, in service 1s", "5s b served, waited 4s, in service 1s",
                              "10s d served, waited 5s, in service 1s"});
}

TEST_CASE("who finds too long a line does not join", "[service_station]") {
  Script script({.balking_queue_length = 1});
  REQUIRE(script.arrive(0s, "a", {.work = 2s}) == Admission::serving);
  REQUIRE(script.arrive(0s, "b", {.work = 2s}) == Admission::waiting);
  REQUIRE(script.arrive(0s, "c", {.work = 2s}) == Admission::balked);
  REQUIRE(script.arrive(2s, "d", {.work = 2s}) == Admission::waiting);
}

TEST_CASE("a draw decides who joins when one would have to wait", "[service_station]") {
  Script script({.balking_probability = 0.25});
  REQUIRE(script.station().joining_probability() == 1.0);  // the server is idle
  REQUIRE(script.arrive(0s, "a", {.work = 2s}, 0.99) == Admission::serving);
  REQUIRE(script.station().joining_probability() == 0.75);
  REQUIRE(script.arrive(0s, "b", {.work = 2s}, 0.75) == Admission::balked);
  REQUIRE(script.arrive(0s, "c", {.work = 2s}, 0.7499) == Admission::waiting);
}

TEST_CASE("each job that is there discourages arrivals", "[service_station]") {
  Script script({.servers = 2, .discouraged = true});
  REQUIRE(script.arrive(0s, "a", {.work = 2s}, 0.999) == Admission::serving);
  REQUIRE(script.arrive(0s, "b", {.work = 2s}, 0.5) == Admission::balked);  // one is there: 1/2
  REQUIRE(script.arrive(0s, "c", {.work = 2s}, 0.499) == Admission::serving);
  REQUIRE(script.station().joining_probability() == 1.0 / 3.0);
}

TEST_CASE("who balks is not lost: the line is asked before the room", "[service_station]") {
  Script script({.capacity = 1, .balking_probability = 1.0});
  script.arrive(0s, "a", {.work = 2s});
  REQUIRE(script.arrive(0s, "b", {.work = 2s}) == Admission::balked);
}

TEST_CASE("a job leaves the line when its patience ends, not its server", "[service_station]") {
  Script script({});
  script.arrive(0s, "a", {.work = 5s, .patience = 1s});
  script.arrive(1s, "b", {.work = 1s, .patience = 3s});
  script.arrive(1s, "c", {.work = 1s, .patience = 4s});  // until 5 s, when the server is free: served
  script.arrive(1s, "d", {.work = 1s, .patience = 4s});
  REQUIRE(script.all() == Log{"4s b reneged, waited 3s", "5s a served, waited 0s, in service 5s",
                              "5s d reneged, waited 4s", "6s c served, waited 4s, in service 1s"});
}

TEST_CASE("outside patience does not run, but a deadline stays where it is", "[service_station]") {
  Script script({.capacity = 2, .when_full = Station::WhenFull::block});
  script.arrive(0s, "a", {.work = 3s});
  script.arrive(0s, "b", {.work = 9s});
  script.arrive(1s, "c", {.work = 1s, .patience = 4s});
  script.arrive(1s, "d", {.work = 1s, .deadline = Time{8s}});
  script.arrive(1s, "e", {.work = 1s, .deadline = Time{5s}});
  // b is served from 3 s to 12 s; the one place behind it goes to c, d and e in turn.
  REQUIRE(script.all() == Log{"3s a served, waited 0s, in service 3s", "3s c admitted", "7s c reneged, waited 4s",
                              "7s d admitted", "8s d reneged, waited 1s", "8s e admitted", "8s e reneged, waited 0s",
                              "12s b served, waited 3s, in service 9s"});
}

TEST_CASE("once served a job has patience for ever", "[service_station]") {
  Script script({.discipline = Discipline::preemptive_priority, .priorities = 2});
  script.arrive(0s, "a", {.work = 2s, .patience = 2s, .priority = 1});
  script.arrive(1s, "b", {.work = 9s, .priority = 0});
  REQUIRE(script.all() == Log{"10s b served, waited 0s, in service 9s", "11s a served, waited 9s, in service 2s"});
}

TEST_CASE("work that a failure interrupts goes on after the repair", "[service_station]") {
  Script script({});
  script.fail_after(0s, 0, 2s);
  script.arrive(0s, "a", {.work = 5s});
  script.arrive(1s, "b", {.work = 1s});
  script.run_to(2s);
  REQUIRE(script.station().servers_up() == 0);
  REQUIRE(script.station().in_line() == 2);
  script.bring_up(4s, 0);
  REQUIRE(script.all() ==
          Log{"2s server 0 failed", "7s a served, waited 2s, in service 5s", "8s b served, waited 6s, in service 1s"});
}

TEST_CASE("work that a failure interrupts starts anew when it cannot be resumed", "[service_station]") {
  Script script({.interrupted_work = Station::InterruptedWork::restarts});
  script.fail_after(0s, 0, 2s);
  script.arrive(0s, "a", {.work = 5s});
  script.bring_up(4s, 0);
  REQUIRE(script.all() == Log{"2s server 0 failed", "9s a served, waited 2s, in service 7s"});
}

TEST_CASE("an interrupted job comes before more urgent ones unless they may preempt", "[service_station]") {
  const auto discipline = GENERATE(Discipline::priority, Discipline::preemptive_priority);
  Script script({.discipline = discipline, .priorities = 2});
  script.arrive(0s, "a", {.work = 5s, .priority = 1});
  script.take_down(2s, 0);
  script.arrive(3s, "b", {.work = 1s, .priority = 0});
  script.bring_up(4s, 0);
  const Log first{"7s a served, waited 2s, in service 5s", "8s b served, waited 4s, in service 1s"};
  const Log urgent{"5s b served, waited 1s, in service 1s", "8s a served, waited 3s, in service 5s"};
  REQUIRE(script.all() == (discipline == Discipline::priority ? first : urgent));
}

TEST_CASE("another server that is free goes on with interrupted work at once", "[service_station]") {
  Script script({.servers = 2});
  script.arrive(0s, "a", {.work = 5s});
  script.take_down(2s, 0);
  REQUIRE(script.station().busy_servers() == 1);
  REQUIRE(script.all() == Log{"5s a served, waited 0s, in service 5s"});
}

TEST_CASE("an urgent job whose server fails takes the server of another", "[service_station]") {
  Script script({.servers = 2, .discipline = Discipline::preemptive_priority, .priorities = 2});
  script.arrive(0s, "a", {.work = 5s, .priority = 0});
  script.arrive(0s, "b", {.work = 5s, .priority = 1});
  script.take_down(2s, 0);
  REQUIRE(script.all() == Log{"5s a served, waited 0s, in service 5s", "8s b served, waited 3s, in service 5s"});
}

TEST_CASE("a server that is down for two reasons needs both to end", "[service_station]") {
  Script script({});
  script.take_down(0s, 0);
  script.take_down(1s, 0);
  script.arrive(2s, "a", {.work = 1s});
  script.bring_up(3s, 0);
  REQUIRE(script.station().servers_up() == 0);
  script.bring_up(4s, 0);
  REQUIRE(script.all() == Log{"5s a served, waited 2s, in service 1s"});
}

TEST_CASE("a server may fail at any time or only while it works", "[service_station]") {
  const auto clock = GENERATE(Station::FailureClock::always, Station::FailureClock::while_busy);
  Script script({.failure_clock = clock});
  script.fail_after(0s, 0, 5s);
  script.arrive(1s, "a", {.work = 2s});
  script.arrive(4s, "b", {.work = 9s});
  // Working time: 1 to 3, then from 4 on; 5 s of it are over at 7 s.
  script.run_to(8s);
  script.bring_up(8s, 0);
  const std::string a = "3s a served, waited 0s, in service 2s";
  REQUIRE(script.all() == (clock == Station::FailureClock::always
                               ? Log{a, "5s server 0 failed", "16s b served, waited 3s, in service 9s"}
                               : Log{a, "7s server 0 failed", "14s b served, waited 1s, in service 9s"}));
}

TEST_CASE("shared servers that fail slow everybody down", "[service_station]") {
  const auto clock = GENERATE(Station::FailureClock::always, Station::FailureClock::while_busy);
  Script script({.servers = 2, .discipline = Discipline::processor_sharing, .failure_clock = clock});
  script.fail_after(0s, 1, 3s);
  script.arrive(1s, "a", {.work = 4s});
  script.arrive(1s, "b", {.work = 4s});
  // Two servers until the failure, then one for two: half speed.
  // always: at 3 s both have had 2 s and need 4 s more. while_busy: at 4 s, 3 s and 2 s more.
  const Log always{"3s server 1 failed", "7s a served, waited 0s, in service 6s",
                   "7s b served, waited 0s, in service 6s"};
  const Log while_busy{"4s server 1 failed", "6s a served, waited 0s, in service 5s",
                       "6s b served, waited 0s, in service 5s"};
  REQUIRE(script.all() == (clock == Station::FailureClock::always ? always : while_busy));
}

TEST_CASE("shared work stands still while no server is up", "[service_station]") {
  Script script({.discipline = Discipline::processor_sharing});
  script.arrive(0s, "a", {.work = 4s});
  script.take_down(1s, 0);
  REQUIRE(script.station().next_change_at() == Time::max());
  script.bring_up(5s, 0);
  REQUIRE(script.all() == Log{"8s a served, waited 0s, in service 8s"});
}

TEST_CASE("unfinished work counts what is in service and what waits", "[service_station]") {
  for (const auto discipline : {Discipline::first_in_first_out, Discipline::processor_sharing}) {
    Script script({.discipline = discipline});
    script.arrive(0s, "a", {.work = 4s});
    script.arrive(1s, "b", {.work = 3s});
    script.run_to(2s);
    REQUIRE(script.station().unfinished_work(Time{2s}) == 5s);
  }
}

TEST_CASE("a station that cannot be is refused", "[service_station]") {
  REQUIRE_THROWS_AS(Station({.servers = 0}), AssertionFailure);
  REQUIRE_THROWS_AS(Station({.priorities = 0}), AssertionFailure);
  REQUIRE_THROWS_AS(Station({.priorities = 64}), AssertionFailure);
  REQUIRE_THROWS_AS(Station({.servers = 3, .capacity = 2}), AssertionFailure);
  REQUIRE_THROWS_AS(Station({.balking_probability = 1.5}), AssertionFailure);
  REQUIRE_THROWS_AS(Station({.discipline = Discipline::processor_sharing, .blocks_after_service = true}),
                    AssertionFailure);
}

TEST_CASE("a job that cannot be is refused", "[service_station]") {
  Station station({});
  REQUIRE_THROWS_AS(station.arrive(Time{}, {.work = -1ns}), AssertionFailure);
  REQUIRE_THROWS_AS(station.arrive(Time{}, {.patience = -1ns}), AssertionFailure);
  REQUIRE_THROWS_AS(station.arrive(Time{}, {.priority = 1}), AssertionFailure);
}
