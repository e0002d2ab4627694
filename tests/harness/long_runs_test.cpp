#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "libsim/harness/experiment/work_estimate.hpp"
#include "libsim/harness/run/replication_set.hpp"
#include "tests/harness/harness_call.hpp"

using Arguments = std::vector<std::string>;
using Catch::Matchers::Contains;
using sim::harness::WorkLimits;

namespace {

using namespace std::chrono_literals;

struct ClockConfig {
  std::uint32_t ticks = 10;
  std::uint32_t estimated = 0;  ///< events in thousands; 0: unknown
};

/// Sends itself a message each second.
class Clock {
 public:
  struct Tick {};
  using Inbox = sim::Inbox<Tick>;

  Clock(sim::Context& ctx, std::uint32_t ticks) : ctx_(ctx), left_(ticks) {}

  void on(const Tick&) {
    if (--left_ > 0) {
      ctx_.after(1s, Tick{});
    }
  }

 private:
  sim::Context& ctx_;
  std::uint32_t left_;
};

void tick_in(sim::Simulation& simulation, std::uint32_t ticks) {
  const auto clock = simulation.spawn<Clock>("clock", ticks);
  simulation.send(clock, Clock::Tick{}, 1s);
  simulation.run();
}

void tick(sim::harness::ScenarioRun& run, const ClockConfig& config) {
  tick_in(run.simulation(), config.ticks);
  run.report("ticks", "count", config.ticks);
}

void tick_twice(sim::harness::ScenarioRun& run, const ClockConfig& config) {
  tick_in(run.simulation("first"), config.ticks);
  tick_in(run.simulation("second"), config.ticks);
}

sim::harness::Experiment clocks() {
  const auto describe = [](sim::harness::Parameters& parameters, ClockConfig& config) {
    parameters.add("ticks", config.ticks).range(1, 100'000'000).meaning("ticks").source("a clock");
    parameters.add("estimated", config.estimated).range(0, 100'000'000).meaning("events").source("a guess");
  };
  const auto estimate = [](std::string_view, const ClockConfig& config) -> std::optional<sim::harness::WorkEstimate> {
    if (config.estimated == 0) {
      return std::nullopt;
    }
    return {{1e3 * config.estimated, "--estimated " + std::to_string(config.estimated)}};
  };
  return sim::harness::Definition<ClockConfig>{.name = "clocks",
                                               .summary = "",
                                               .describe = describe,
                                               .scenarios = {{"once", "", tick}, {"twice", "", tick_twice}},
                                               .estimate = estimate};
}

/// A set of one scenario whose replications may have ten events.
sim::harness::ReplicationSet short_runs(const sim::harness::Experiment& experiment, const sim::harness::Setup& setup,
                                        std::size_t scenario) {
  return {experiment, setup, scenario, {.limits = WorkLimits{.events_max = 10}}};
}

}  // namespace

TEST_CASE("a scenario that is estimated to be too long is refused before it begins, with the estimate and its reason",
          "[long]") {
  const toy::WorkingFolder here;
  const Arguments too_long = {"--scenario", "once", "--estimated", "100000"};
  CHECK(toy::call(clocks(), too_long) ==
        toy::Call{2, "",
                  "clocks: --estimated 100000: expected less: scenario once would take about 1e+08 events, and more "
                  "than 50,000,000 need --long\n"});
  CHECK(toy::files_here().empty());
  Arguments at_length = too_long;
  at_length.insert(at_length.end(), {"--long", "--quiet"});
  CHECK(toy::call(clocks(), at_length).status == 0);
  CHECK(toy::call(clocks(), {"--scenario", "once", "--estimated", "50000", "--quiet"}).status == 0);
}

TEST_CASE("a study refuses a point that is estimated to be too long, and runs it with --long", "[long]") {
  const toy::WorkingFolder here;
  const Arguments sweep = {"--scenario", "once", "--sweep", "estimated=1,100000"};
  const toy::Call refused = toy::call(clocks(), sweep);
  CHECK(refused.status == 2);
  CHECK_THAT(refused.err, Contains("--estimated 100000: expected less"));
  CHECK(toy::files_here().empty());
  Arguments at_length = sweep;
  at_length.insert(at_length.end(), {"--long", "--quiet", "--replications", "2"});
  CHECK(toy::call(clocks(), at_length).status == 0);
}

TEST_CASE("what turns out to be too long ends after so many events, counted over all simulations of the scenario",
          "[long]") {
  const auto experiment = clocks();
  const auto setup = experiment.set_up();
  sim::harness::ReplicationSet once = short_runs(experiment, *setup, 0);
  CHECK(once.run(0).totals.events == 10);
  sim::harness::ReplicationSet twice = short_runs(experiment, *setup, 1);
  REQUIRE(sim::harness::extend({{&twice, 1}}, 1).has_value());
  REQUIRE(twice.failure().has_value());
  CHECK(twice.failure()->kind() == sim::harness::ScenarioFailure::Kind::too_long);
  CHECK(std::string(twice.failure()->what()) ==
        "scenario twice is too long: more than 10 events, or 8,000,000 pending at one time, by 1 s of virtual time in "
        "replication 0; --long runs it all the same");
}

TEST_CASE("a run that turns out to be too long is refused with the virtual time that it reached", "[long][slow]") {
  const toy::WorkingFolder here;
  CHECK(
      toy::call(clocks(), {"--scenario", "once", "--ticks", "60000000"}) ==
      toy::Call{2, "",
                "clocks: scenario once is too long: more than 50,000,000 events, or 8,000,000 pending at one time, by "
                "50000001 s of virtual time in replication 0; --long runs it all the same (--scenario once --seed 1 "
                "--ticks 60000000)\n"});
  CHECK(toy::files_here().empty());
}
