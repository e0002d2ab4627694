#include "actors/monitoring/alarm.hpp"

#include <catch2/catch.hpp>
#include <optional>
#include <string>

using namespace sim;
using namespace sim::actors;

namespace {

struct SetAlarm {
  std::optional<Duration> at = {};  ///< since the start of the simulation; nothing: never
};

/// Writes down when its alarm rings, and the notes that come in between.
class Sleeper {
 public:
  struct AlarmRang {};
  struct Note {};
  using Inbox = sim::Inbox<SetAlarm, AlarmRang, Note>;

  explicit Sleeper(Context& ctx) : ctx_(ctx), alarm_(ctx) {}
  void on(const SetAlarm& set) { alarm_.set(set.at ? std::optional(Time{} + *set.at) : std::nullopt); }
  void on(const AlarmRang&) {
    alarm_.has_rung();
    log += "rang at " + to_text(ctx_.now() - Time{}) + "\n";
  }
  void on(const Note&) { log += "note at " + to_text(ctx_.now() - Time{}) + "\n"; }

  std::string log;

 private:
  Context& ctx_;
  Alarm<AlarmRang> alarm_;
};

struct Bench {
  void set(std::optional<Duration> at) {
    simulation.send(sleeper, SetAlarm{at});
    simulation.run_for(0s);
  }
  std::string run() {
    simulation.run();
    return simulation.get(sleeper).log;
  }

  Simulation simulation;
  Ref<Sleeper> sleeper = simulation.spawn<Sleeper>("sleeper");
};

}  // namespace

TEST_CASE("an alarm rings once, at the time that it was set for last", "[alarm]") {
  Bench bench;
  bench.set(5s);
  bench.set(2s);
  bench.set(3s);
  REQUIRE(bench.run() == "rang at 3s\n");
}

TEST_CASE("an alarm that is set to never does not ring", "[alarm]") {
  Bench bench;
  bench.set(5s);
  bench.set(std::nullopt);
  REQUIRE(bench.run().empty());
  REQUIRE(bench.simulation.now() == Time{});
}

TEST_CASE("an alarm set again for its time rings before what was set for that time in between", "[alarm]") {
  Bench bench;
  bench.set(5s);
  bench.simulation.send(bench.sleeper, Sleeper::Note{}, 5s);
  bench.set(5s);
  REQUIRE(bench.run() == "rang at 5s\nnote at 5s\n");
}

TEST_CASE("an alarm that has rung can be set for the same time once more", "[alarm]") {
  Bench bench;
  bench.set(5s);
  bench.simulation.run();
  bench.set(5s);
  REQUIRE(bench.run() == "rang at 5s\nrang at 5s\n");
}
