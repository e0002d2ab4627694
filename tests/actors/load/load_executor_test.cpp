#include "actors/load/load_executor.hpp"

#include <catch2/catch.hpp>

#include "libsim/failure.hpp"
#include "tests/actors/load/load_run.hpp"

using namespace sim;
using namespace sim::policies;
using namespace sim::testing;

namespace {

using Durations = std::vector<Duration>;
using Statistics = LoadExecutor::Statistics;

Statistics counts(std::uint64_t completed, std::uint64_t interrupted, std::uint64_t dropped) {
  return {completed + interrupted, completed, interrupted, dropped};
}

}  // namespace

TEST_CASE("10 iterations of 1 s shared by 3 virtual users end at 4 s", "[load_executor]") {
  const LoadRun run = run_load(LoadExecutor{{SharedIterations{3, 10}}}, 1s);
  REQUIRE(run.starts() == Durations{0s, 0s, 0s, 1s, 1s, 1s, 2s, 2s, 2s, 3s});
  REQUIRE(run.over_at == 4s);
  REQUIRE(run.statistics == counts(10, 0, 0));
}

TEST_CASE("of shared iterations the faster virtual user takes more", "[load_executor]") {
  const LoadRun run = run_load(LoadExecutor{{SharedIterations{2, 10}}},
                               [](std::uint32_t vu, std::uint64_t) { return vu == 0 ? 10s : 1s; });
  REQUIRE(run.starts_of(0) == Durations{0s});
  REQUIRE(run.starts_of(1) == Durations{0s, 1s, 2s, 3s, 4s, 5s, 6s, 7s, 8s});
  REQUIRE(run.over_at == 10s);
}

TEST_CASE("with more virtual users than shared iterations some have nothing to do", "[load_executor]") {
  const LoadRun run = run_load(LoadExecutor{{SharedIterations{5, 2}}}, 1s);
  REQUIRE(run.running_max == 2);
  REQUIRE(run.over_at == 1s);
}

TEST_CASE("shared iterations that have not started by max_duration are dropped", "[load_executor]") {
  // Of 10 iterations of one virtual user four start, at 0, 1, 2 and 3 s. The one that ends at 4 s is followed by none.
  const LoadRun run = run_load(LoadExecutor{{SharedIterations{1, 10, 4s}}}, 1s);
  REQUIRE(run.starts() == Durations{0s, 1s, 2s, 3s});
  REQUIRE(run.statistics == counts(4, 0, 6));
  REQUIRE(run.over_at == 4s);
}

TEST_CASE("an iteration has the graceful stop to end after the duration, then it is interrupted", "[load_executor]") {
  // Iterations of 3 s begin at 0 and 3 s; the second would end at 6 s.
  const SharedIterations shared{1, 10, 4s};
  const LoadRun patient = run_load(LoadExecutor{{shared}}, 3s);
  REQUIRE(patient.statistics == counts(2, 0, 8));
  REQUIRE(patient.over_at == 6s);
  const LoadRun hasty = run_load(LoadExecutor{{shared, 0s, 1s}}, 3s);
  REQUIRE(hasty.statistics == counts(1, 1, 8));
  REQUIRE(hasty.over_at == 5s);
}

TEST_CASE("an iteration that would end at the last moment of the graceful stop is interrupted", "[load_executor]") {
  REQUIRE(run_load(LoadExecutor{{SharedIterations{1, 1, 4s}, 0s, 2s}}, 6s).statistics == counts(0, 1, 0));
  REQUIRE(run_load(LoadExecutor{{SharedIterations{1, 1, 4s}, 0s, 2s}}, 6s - 1ns).statistics == counts(1, 0, 0));
}

TEST_CASE("each virtual user runs as many iterations as the next, however slow it is", "[load_executor]") {
  const LoadRun run = run_load(LoadExecutor{{PerVuIterations{2, 3}}},
                               [](std::uint32_t vu, std::uint64_t) { return vu == 0 ? 10s : 1s; });
  REQUIRE(run.starts_of(0) == Durations{0s, 10s, 20s});
  REQUIRE(run.starts_of(1) == Durations{0s, 1s, 2s});
  REQUIRE(run.statistics == counts(6, 0, 0));
  REQUIRE(run.over_at == 30s);
}

TEST_CASE("iterations per virtual user that do not fit into max_duration are dropped", "[load_executor]") {
  // 2 users × 5 iterations; in 3 s each starts 3: 4 are left.
  REQUIRE(run_load(LoadExecutor{{PerVuIterations{2, 5, 3s}}}, 1s).statistics == counts(6, 0, 4));
}

TEST_CASE("a schedule of which everything has started has no further change", "[load_executor]") {
  LoadExecutor executor{{SharedIterations{1, 1}}};
  REQUIRE(executor.next_change_at() == Time{});
  const auto iteration = executor.start_next(Time{});
  REQUIRE(iteration);
  REQUIRE(iteration->interrupt_at == Time{} + 10min + 30s);
  REQUIRE_FALSE(executor.start_next(Time{}));
  REQUIRE_FALSE(executor.next_change_at());
  REQUIRE_FALSE(executor.is_over());
  REQUIRE_FALSE(executor.ended(Time{} + 1s, iteration->vu));
  REQUIRE(executor.is_over());
}

TEST_CASE("constant virtual users loop for the duration", "[load_executor]") {
  const LoadRun run = run_load(LoadExecutor{{ConstantVus{3, 10s}}}, 4s);
  REQUIRE(run.starts_of(2) == Durations{0s, 4s, 8s});
  REQUIRE(run.statistics == counts(9, 0, 0));
  REQUIRE(run.over_at == 12s);
  REQUIRE(run_load(LoadExecutor{{ConstantVus{3, 10s}, 0s, 1s}}, 4s).statistics == counts(6, 3, 0));
}

TEST_CASE("the start time shifts the whole schedule", "[load_executor]") {
  const LoadRun run = run_load(LoadExecutor{{ConstantVus{1, 3s}, 5s, 0s}, Time{} + 2s}, 2s);
  REQUIRE(run.starts() == Durations{7s, 9s});
  REQUIRE(run.over_at == 10s);
  REQUIRE(run.statistics == counts(1, 1, 0));
}

TEST_CASE("ramping virtual users start when the line reaches their number", "[load_executor]") {
  // 0 to 10 in 20 s: number n at 2 n s. The tenth comes at the end of the stage, which the next one makes worth while.
  const RampingVus ramp{0, {{20s, 10}, {10s, 10}}};
  const LoadRun run = run_load(LoadExecutor{{ramp}}, 1h);
  REQUIRE(run.starts() == Durations{2s, 4s, 6s, 8s, 10s, 12s, 14s, 16s, 18s, 20s});
  REQUIRE(run.over_at == 60s);  // all are interrupted: 30 s and the graceful stop
}

TEST_CASE("a virtual user that would come at the very end does not", "[load_executor]") {
  REQUIRE(run_load(LoadExecutor{{RampingVus{0, {{20s, 10}}}}}, 1h).iterations.size() == 9);
}

TEST_CASE("virtual users leave in reverse order when the line falls to their index", "[load_executor]") {
  // 3 to 0 in 30 s: user 2 is no longer wanted from 10 s on, user 1 from 20 s, user 0 from 30 s.
  const RampingVus ramp{3, {{30s, 0}}, 0s};
  const LoadRun interrupted = run_load(LoadExecutor{{ramp}}, 1h);
  REQUIRE(interrupted.iterations.at(0).ended_at == 30s);  // the graceful stop does not prolong the ramp-down
  REQUIRE(interrupted.iterations.at(1).ended_at == 20s);
  REQUIRE(interrupted.iterations.at(2).ended_at == 10s);
  const LoadRun looping = run_load(LoadExecutor{{ramp, 0s, 0s}}, 4s);
  REQUIRE(looping.starts_of(2) == Durations{0s, 4s, 8s});
  REQUIRE(looping.starts_of(1) == Durations{0s, 4s, 8s, 12s, 16s});  // not at 20 s
  REQUIRE(looping.statistics == counts(2 + 4 + 7, 3, 0));            // the last of each is cut, at 10, 20 and 30 s
}

TEST_CASE("a virtual user that is no longer wanted may finish within the graceful ramp-down", "[load_executor]") {
  // User 1 is not wanted from 10 s to 15 s.
  const std::vector<LoadStage> stages{{10s, 2}, {0s, 1}, {5s, 1}, {0s, 2}, {10s, 2}};
  const auto starts = [&stages](Duration graceful_ramp_down, Duration length) {
    return run_load(LoadExecutor{{RampingVus{2, stages, graceful_ramp_down}}}, length).starts_of(1);
  };
  SECTION("it finishes at 12 s and is started anew at 15 s") { REQUIRE(starts(30s, 12s) == Durations{0s, 15s}); }
  SECTION("it is interrupted at 11 s and started anew at 15 s") {
    REQUIRE(starts(1s, 20s) == Durations{0s, 15s});
    REQUIRE(run_load(LoadExecutor{{RampingVus{2, stages, 1s}}}, 20s).iterations.at(1).ended_at == 11s);
  }
  SECTION("it is wanted again before it would be interrupted, and goes on as if nothing had been") {
    REQUIRE(starts(30s, 20s) == Durations{0s, 20s});
    REQUIRE(starts(5s, 20s) == Durations{0s, 20s});
    REQUIRE(starts(5s - 1ns, 20s) == Durations{0s, 15s});
  }
}

TEST_CASE("a constant arrival rate starts at once and keeps equal gaps", "[load_executor]") {
  const LoadRun run = run_load(LoadExecutor{{ConstantArrivalRate{10, 1s, 500ms}}}, 1ms);
  REQUIRE(run.starts() == Durations{0ms, 100ms, 200ms, 300ms, 400ms});
  const LoadRun slow = run_load(LoadExecutor{{ConstantArrivalRate{30, 1min, 5s}}}, 1ms);
  REQUIRE(slow.starts() == Durations{0s, 2s, 4s});
}

TEST_CASE("an arrival finds no free virtual user and is dropped", "[load_executor]") {
  // 10 per s for 3 s are 30 arrivals. Iterations of 2 s: five users start at 0 to 0.4 s and again at 2 to 2.4 s.
  const LoadRun run = run_load(LoadExecutor{{ConstantArrivalRate{10, 1s, 3s, 2, 5}}}, 2s);
  REQUIRE(run.statistics == counts(10, 0, 20));
  REQUIRE(run.starts() == Durations{0ms, 100ms, 200ms, 300ms, 400ms, 2000ms, 2100ms, 2200ms, 2300ms, 2400ms});
  REQUIRE(run.running_max == 5);
  REQUIRE(run.allocated_vus == 5);
}

TEST_CASE("without max_vus there are as many virtual users as are pre-allocated", "[load_executor]") {
  // Two users start at 0 and 0.1 s and again at 2 and 2.1 s.
  REQUIRE(run_load(LoadExecutor{{ConstantArrivalRate{10, 1s, 3s, 2}}}, 2s).statistics == counts(4, 0, 26));
}

TEST_CASE("virtual users are only made when the pre-allocated ones are busy", "[load_executor]") {
  REQUIRE(run_load(LoadExecutor{{ConstantArrivalRate{10, 1s, 3s, 2, 50}}}, 150ms).allocated_vus == 2);
  REQUIRE(run_load(LoadExecutor{{ConstantArrivalRate{10, 1s, 3s, 2, 50}}}, 250ms).allocated_vus == 3);
}

TEST_CASE("a ramping arrival rate starts iteration i when the integral of the rate reaches i", "[load_executor]") {
  // 0 to 20 per s in 10 s: the rate is 2 t, its integral t². Iteration i starts at √i s, the 100th at the very end.
  const LoadRun run = run_load(LoadExecutor{{RampingArrivalRate{0, 1s, {{10s, 20}}}}}, 1ms);
  const Durations starts = run.starts();
  REQUIRE(starts.size() == 100);
  REQUIRE(starts[0] == 1s);
  REQUIRE(starts[1] == 1'414'213'562ns);
  REQUIRE(starts[2] == 1'732'050'808ns);
  REQUIRE(starts[3] == 2s);
  REQUIRE(starts[48] == 7s);
  REQUIRE(starts[99] == 10s);
}

TEST_CASE("a falling arrival rate mirrors a rising one", "[load_executor]") {
  // 20 to 0 per s in 10 s: the integral is 20 t - t²; it reaches i at 10 - √(100 - i) s.
  const Durations starts = run_load(LoadExecutor{{RampingArrivalRate{20, 1s, {{10s, 0}}}}}, 1ms).starts();
  REQUIRE(starts.size() == 100);
  REQUIRE(starts[18] == 1s);  // √81 = 9
  REQUIRE(starts[74] == 5s);  // √25 = 5
  REQUIRE(starts[98] == 9s);  // √1 = 1
  REQUIRE(starts[99] == 10s);
}

TEST_CASE("the stages of an arrival rate follow each other, with jumps", "[load_executor]") {
  // 300 per min for 1 min, up to 600 in 2 min, 600 for 4 min, down to 60 in 2 min: 300 + 900 + 2,400 + 660.
  const RampingArrivalRate ramp{300, 1min, {{1min, 300}, {2min, 600}, {4min, 600}, {2min, 60}}, 1, 10};
  const Durations starts = run_load(LoadExecutor{{ramp}}, 1ms).starts();
  REQUIRE(starts.size() == 4'260);
  REQUIRE(starts[0] == 200ms);
  REQUIRE(starts[299] == 60s);
  REQUIRE(starts[1'199] == 3min);
  REQUIRE(starts[3'599] == 7min);
  REQUIRE(starts[4'259] == 9min);
  const Durations jump =
      run_load(LoadExecutor{{RampingArrivalRate{0, 1s, {{10s, 0}, {0s, 2}, {2s, 2}}}}}, 1ms).starts();
  REQUIRE(jump == Durations{10s + 500ms, 11s, 11s + 500ms, 12s});
}

TEST_CASE("whole iterations at the end of a stage are not lost to rounding", "[load_executor]") {
  // 1 iteration per 3 s, in three stages of 1 s: one third in each, one at the end.
  const RampingArrivalRate thirds{1, 3s, {{1s, 1}, {1s, 1}, {1s, 1}}};
  REQUIRE(run_load(LoadExecutor{{thirds}}, 1ms).starts() == Durations{3s});
  // 7 per s for 10 times 0.1 s.
  const RampingArrivalRate tenths{7, 1s, std::vector<LoadStage>(10, {100ms, 7})};
  REQUIRE(run_load(LoadExecutor{{tenths}}, 1ms).iterations.size() == 7);
}

TEST_CASE("what runs at the end of an arrival rate has the graceful stop", "[load_executor]") {
  const ConstantArrivalRate rate{1, 1s, 3s, 3};
  const LoadRun run = run_load(LoadExecutor{{rate, 0s, 1s}}, 3s);  // begun at 0, 1 and 2 s, cut at 4 s
  REQUIRE(run.statistics == counts(1, 2, 0));
  REQUIRE(run.over_at == 4s);
}

TEST_CASE("a closed loop whose iterations take no time is found out", "[load_executor]") {
  REQUIRE_THROWS_AS(run_load(LoadExecutor{{ConstantVus{1, 1s}}}, 0s), AssertionFailure);
  REQUIRE(run_load(LoadExecutor{{SharedIterations{1, 200'000}}}, 0s).statistics == counts(200'000, 0, 0));
}

TEST_CASE("wrong settings of a load, and wrong use, are refused", "[load_executor]") {
  const auto refused = [](const LoadExecutor::Config& config) {
    REQUIRE_THROWS_AS(LoadExecutor(config), AssertionFailure);
  };
  refused({SharedIterations{0, 1}});
  refused({SharedIterations{1, 0}});
  refused({ConstantVus{1, 0s}});
  refused({RampingVus{0, {{10s, 0}}}});
  refused({RampingVus{1, {}}});
  refused({ConstantArrivalRate{0, 1s, 1s}});
  refused({ConstantArrivalRate{1, 0s, 1s}});
  refused({ConstantArrivalRate{1, 1s, 1s, 5, 4}});
  refused({ConstantArrivalRate{1, 1s, 1s, 0, 0}});
  refused({RampingArrivalRate{0, 1s, {}}});
  refused({ConstantVus{1, 1s}, -1s});
  LoadExecutor executor{{ConstantVus{1, 10s}}};
  REQUIRE_THROWS_AS(executor.ended(Time{}, LoadExecutor::VuId{0}), AssertionFailure);
  REQUIRE_THROWS_AS(executor.start_next(Time{} + 1s), AssertionFailure);  // the start at 0 s was passed over
}
