#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "actors/server/service_station.hpp"
#include "actors/server/shuffled_line.hpp"
#include "libsim/random/stream.hpp"
#include "tests/actors/server/station_script.hpp"

using namespace sim;
using Discipline = policies::ServiceStation::Discipline;
using Script = sim::testing::StationScript;
using Log = std::vector<std::string>;

TEST_CASE("last in, first out serves the youngest of those in line", "[service_station]") {
  Script script({.discipline = Discipline::last_in_first_out});
  script.arrive(0s, "a", {.work = 5s});
  script.arrive(1s, "b", {.work = 1s});
  script.arrive(2s, "c", {.work = 2s});
  REQUIRE(script.all() == Log{"5s a served, waited 0s, in service 5s", "7s c served, waited 3s, in service 2s",
                              "8s b served, waited 6s, in service 1s"});
}

TEST_CASE("the shortest job in line comes next and disturbs nobody in service", "[service_station]") {
  Script script({.discipline = Discipline::shortest_job_first});
  script.arrive(0s, "a", {.work = 5s});
  script.arrive(1s, "b", {.work = 3s});
  script.arrive(2s, "c", {.work = 1s});
  script.arrive(3s, "d", {.work = 1s});
  REQUIRE(script.all() == Log{"5s a served, waited 0s, in service 5s", "6s c served, waited 3s, in service 1s",
                              "7s d served, waited 3s, in service 1s", "10s b served, waited 6s, in service 3s"});
}

TEST_CASE("a job that needs less takes the server of the one that still needs most", "[service_station]") {
  Script script({.discipline = Discipline::shortest_remaining_time});
  script.arrive(0s, "a", {.work = 5s});
  script.arrive(1s, "b", {.work = 4s});  // as much as a still needs: it waits
  script.arrive(2s, "c", {.work = 1s});
  REQUIRE(script.all() == Log{"3s c served, waited 0s, in service 1s", "6s a served, waited 1s, in service 5s",
                              "10s b served, waited 5s, in service 4s"});
}

TEST_CASE("work that a failure interrupts waits for its turn under the shortest remaining time", "[service_station]") {
  Script script({.discipline = Discipline::shortest_remaining_time});
  script.arrive(0s, "a", {.work = 5s});
  script.take_down(1s, 0);
  script.arrive(2s, "b", {.work = 1s});
  script.bring_up(3s, 0);
  REQUIRE(script.all() == Log{"4s b served, waited 1s, in service 1s", "8s a served, waited 3s, in service 5s"});
}

TEST_CASE("interrupted work comes before those in line by age, by chance or by work", "[service_station]") {
  for (const Discipline discipline :
       {Discipline::last_in_first_out, Discipline::random_order, Discipline::shortest_job_first}) {
    Script script({.discipline = discipline});
    script.arrive(0s, "a", {.work = 5s});
    script.arrive(1s, "b", {.work = 1s});
    script.take_down(2s, 0);
    script.bring_up(3s, 0);
    REQUIRE(script.all() == Log{"6s a served, waited 1s, in service 5s", "7s b served, waited 5s, in service 1s"});
  }
}

TEST_CASE("who waits in random order may lose patience, and its work is no longer unfinished", "[service_station]") {
  Script script({.discipline = Discipline::random_order});
  script.arrive(0s, "a", {.work = 5s});
  script.arrive(0s, "b", {.work = 1s, .patience = 2s});
  script.arrive(0s, "c", {.work = 2s});
  REQUIRE(script.station().unfinished_work(Time{0s}) == 8s);
  script.run_to(2s);
  REQUIRE(script.station().unfinished_work(Time{2s}) == 5s);
  REQUIRE(script.all() == Log{"2s b reneged, waited 2s", "5s a served, waited 0s, in service 5s",
                              "7s c served, waited 5s, in service 2s"});
}

TEST_CASE("a shuffled line has each of its orders with the same probability, whoever joins and leaves",
          "[shuffled_line]") {
  RandomStream random({.seed = 1, .actor = "line", .purpose = "lot"});
  std::map<std::string, int> orders;
  constexpr int rounds = 24'000;
  for (int round = 0; round < rounds; ++round) {
    policies::ShuffledLine line;
    for (const std::uint32_t member : {0U, 1U, 2U, 3U}) {
      line.join(member, random.uniform01());
    }
    line.erase(1);
    line.join(4, random.uniform01());
    std::string order;
    while (!line.empty()) {
      order += std::to_string(line.front());
      line.erase(line.front());
    }
    ++orders[order];
  }
  REQUIRE(orders.size() == 24);
  double chi_squared = 0.0;
  for (const auto& [order, count] : orders) {
    chi_squared += std::pow(count - rounds / 24, 2) / (rounds / 24);
  }
  CHECK(chi_squared < 49.7);  // 99.9 % of a chi-squared law with 23 degrees of freedom
}

TEST_CASE("a shuffled line has whoever joined and did not leave", "[shuffled_line][property]") {
  REQUIRE(rc::check("same members as a list", [] {
    policies::ShuffledLine line;
    std::vector<std::uint32_t> members;
    for (std::uint32_t step = 0; step < 50; ++step) {
      if (members.empty() || *rc::gen::arbitrary<bool>()) {
        line.join(step, *rc::gen::inRange(0, 1000) / 1000.0);
        members.push_back(step);
      } else {
        const auto leaving = members.begin() + *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(members));
        line.erase(*leaving);
        members.erase(leaving);
      }
      RC_ASSERT(line.size() == members.size());
      RC_ASSERT(std::all_of(members.begin(), members.end(), [&](std::uint32_t one) { return line.contains(one); }));
      RC_ASSERT((line.empty() || std::count(members.begin(), members.end(), line.front()) == 1));
    }
  }));
}
