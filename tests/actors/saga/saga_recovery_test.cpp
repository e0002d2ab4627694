#include <catch2/catch.hpp>
#include <cstddef>
#include <string>
#include <vector>

#include "libsim/failure.hpp"
#include "tests/actors/saga/saga_script.hpp"

using namespace sim;
using namespace sim::testing::saga_script;

namespace {

/// What another orchestrator makes of the first records of a log.
Bench recovered(const Bench& bench, std::size_t records_count) {
  Bench other{bench.saga.config()};
  for (std::size_t i = 0; i < records_count; ++i) {
    other.log.append(bench.log.records()[i]);
    other.saga.replay(bench.log.records()[i]);
  }
  return other;
}

Bench recovered(const Bench& bench) { return recovered(bench, bench.log.records().size()); }

std::string resume(Bench& bench, Duration now) { return bench.carry_out(bench.saga.resume(at(now))); }

}  // namespace

TEST_CASE("whichever record of a log is the last, the saga goes on with what is missing", "[saga][recovery]") {
  Bench bench = compensating(three_steps());
  bench.undone(4s, 1);
  bench.undone(5s, 0);
  const std::vector<std::string> next = {
      "execute 0.1",     // saga started
      "execute 0.2",     // step 0 started
      "execute 1.1",     // step 0 done
      "execute 1.2",     // step 1 started
      "execute 2.1",     // step 1 done
      "execute 2.2",     // step 2 started
      "compensate 1.1",  // step 2 failed
      "compensate 1.2",  // compensation of 1 started
      "compensate 0.1",  // step 1 undone
      "compensate 0.2",  // compensation of 0 started
      "finish",          // step 0 undone
      "",                // saga ended
  };
  REQUIRE(bench.log.records().size() == next.size());
  for (std::size_t count = 1; count <= next.size(); ++count) {
    Bench other = recovered(bench, count);
    REQUIRE(resume(other, 5s) == next[count - 1]);
  }
}

TEST_CASE("a crash before the end of a saga that succeeded loses nothing", "[saga][recovery]") {
  Bench bench{three_steps()};
  bench.start(0s);
  bench.done(1s, 0);
  bench.done(2s, 1);
  bench.done(3s, 2);
  Bench other = recovered(bench, bench.log.records().size() - 1);
  REQUIRE(resume(other, 4s) == "finish");
  REQUIRE(other.saga.state() == SagaState::completed);
}

TEST_CASE("a step that was in flight at the crash is undone when it then fails, for it may have been executed",
          "[saga][recovery]") {
  Bench bench{three_steps()};
  bench.start(0s);
  bench.done(1s, 0);
  Bench other = recovered(bench);
  REQUIRE(resume(other, 5s) == "execute 1.2");
  REQUIRE(other.next() == 35s);
  REQUIRE(other.failed(6s, 1, 2) == "compensate 1.1");
  REQUIRE(other.undone(7s, 1) == "compensate 0.1");
}

TEST_CASE("a step whose result was unknown before the crash is undone after it", "[saga][recovery]") {
  Bench bench{three_steps()};
  bench.start(0s);
  bench.advance(30s);
  Bench other = recovered(bench, bench.log.records().size() - 1);  // the compensation is not in the log
  REQUIRE(other.saga.step_state(0) == State::unknown);
  REQUIRE(resume(other, 31s) == "compensate 0.1");
}

TEST_CASE("a success is accepted from an attempt made before the crash", "[saga][recovery]") {
  Bench bench{three_steps()};
  bench.start(0s);
  Bench other = recovered(bench);
  resume(other, 5s);
  REQUIRE(other.done(6s, 0, 1) == "execute 1.1");
}

TEST_CASE("each crash makes the attempts count on and the schedule begin anew", "[saga][recovery]") {
  Bench first{three_steps_retried()};
  first.start(0s);
  first.failed(1s, 0, 1, ErrorClass::server_error);
  first.advance(1500ms);
  first.failed(2s, 0, 2, ErrorClass::server_error);
  REQUIRE(first.next() == 3s);
  Bench second = recovered(first);
  REQUIRE(resume(second, 2500ms) == "execute 0.3");  // at once, not at 3 s
  Bench third = recovered(second);
  REQUIRE(resume(third, 10s) == "execute 0.4");
  third.failed(10s, 0, 4, ErrorClass::server_error);
  REQUIRE(third.next() == 10'500ms);
  REQUIRE(third.advance(10'500ms) == "execute 0.5");
  third.failed(11s, 0, 5, ErrorClass::server_error);
  REQUIRE(third.advance(12s) == "execute 0.6");
  REQUIRE(third.failed(13s, 0, 6, ErrorClass::server_error) == "compensate 0.1");
}

TEST_CASE("a pivot that was in flight at the crash is asked again, and its answer decides", "[saga][recovery]") {
  Bench bench{with_pivot()};
  bench.start(0s);
  bench.done(1s, 0);
  bench.done(2s, 1);
  Bench other = recovered(bench);
  REQUIRE(resume(other, 5s) == "execute 2.2");
  SECTION("done") { REQUIRE(other.done(6s, 2, 2) == "execute 3.1"); }
  SECTION("failed") { REQUIRE(other.failed(6s, 2, 2) == "compensate 1.1"); }
}

TEST_CASE("after a crash a step behind the pivot is still tried until it succeeds", "[saga][recovery]") {
  Bench bench{with_pivot()};
  bench.start(0s);
  bench.done(1s, 0);
  bench.done(2s, 1);
  bench.done(3s, 2);
  Bench other = recovered(bench);
  REQUIRE(resume(other, 5s) == "execute 3.2");
  REQUIRE(other.failed(6s, 3, 2).empty());
  REQUIRE(other.advance(6500ms) == "execute 3.3");
}

TEST_CASE("parallel compensations are all sent again, and those that were not begun are begun", "[saga][recovery]") {
  Saga::Config config = three_steps();
  config.compensation_order = Saga::CompensationOrder::parallel;
  Bench bench = compensating(config);
  Bench whole = recovered(bench);
  REQUIRE(resume(whole, 5s) == "compensate 1.2, compensate 0.2");
  Bench torn = recovered(bench, bench.log.records().size() - 1);
  REQUIRE(resume(torn, 5s) == "compensate 1.2, compensate 0.1");
}

TEST_CASE("a compensation that failed for good before the crash is reported after it", "[saga][recovery]") {
  Saga::Config config = three_steps();
  SECTION("the others go on") {
    Bench bench = compensating(config);
    bench.not_undone(4s, 1);
    Bench other = recovered(bench);
    REQUIRE(resume(other, 5s) == "compensate 0.2");
    REQUIRE(other.undone(6s, 0, 2) == "orphan 1, finish");
  }
  SECTION("or stop") {
    config.on_failed_compensation = Saga::OnFailedCompensation::stop;
    Bench bench = compensating(config);
    bench.not_undone(4s, 1);
    Bench other = recovered(bench, bench.log.records().size() - 1);  // its end is not in the log
    REQUIRE(resume(other, 5s) == "orphan 0, orphan 1, finish");
    REQUIRE(recovered(bench).saga.orphaned_steps() == Steps{0, 1});
  }
}

TEST_CASE("a recovered saga knows since when it has been inconsistent, compensating and without progress",
          "[saga][recovery]") {
  Saga::Config config = three_steps();
  config.stuck_after = 1min;
  const Bench bench = compensating(config);  // first step done at 1 s, the failure at 3 s
  Bench other = recovered(bench);
  resume(other, 10s);
  REQUIRE(other.saga.elapsed_time(at(20s)) == 20s);
  REQUIRE(other.saga.inconsistent_time(at(20s)) == 19s);
  REQUIRE(other.saga.compensation_time(at(20s)) == 17s);
  REQUIRE_FALSE(other.saga.is_stuck(at(63s) - 1ns));
  REQUIRE(other.saga.is_stuck(at(63s)));
}

TEST_CASE("nothing is resumed of a saga that has ended", "[saga][recovery]") {
  Bench bench{one_attempt({{}})};
  bench.start(0s);
  bench.done(1s, 0);
  Bench other = recovered(bench);
  REQUIRE(other.saga.has_ended());
  REQUIRE(resume(other, 5s).empty());
  REQUIRE_FALSE(other.next());
  REQUIRE(other.saga.elapsed_time(at(9s)) == 1s);
}

TEST_CASE("a saga refuses what only a bug can bring", "[saga][contract]") {
  Bench bench{three_steps()};
  REQUIRE_THROWS_AS(bench.saga.resume(at(0s)), AssertionFailure);  // never started
  bench.start(1s);
  REQUIRE_THROWS_AS(bench.saga.start(at(1s)), AssertionFailure);
  REQUIRE_THROWS_AS(bench.saga.advance(at(1s) - 1ns, 0), AssertionFailure);
  REQUIRE_THROWS_AS(bench.saga.step_succeeded(at(1s), 0, 2), AssertionFailure);  // there was one attempt
  REQUIRE_THROWS_AS(bench.saga.step_succeeded(at(1s), 0, 0), AssertionFailure);
  SagaRecord foreign = bench.log.records().front();
  foreign.key.saga = SagaId{8};
  REQUIRE_THROWS_AS(bench.saga.replay(foreign), AssertionFailure);
  REQUIRE_THROWS_AS(bench.log.append({.at = at(1s) - 1ns}), AssertionFailure);
  bench.done(2s, 0);
  bench.done(2s, 1);
  bench.done(2s, 2);
  SagaRecord late = bench.log.records().back();
  REQUIRE_THROWS_AS(bench.saga.replay(late), AssertionFailure);  // it has ended
}

TEST_CASE("a plan that cannot be carried out is refused", "[saga][contract]") {
  Saga::Config config = three_steps();
  REQUIRE_NOTHROW(Saga(config, SagaId{1}));
  SECTION("no steps") { config.steps.clear(); }
  SECTION("two pivots") { config.steps = {{.kind = Kind::pivot}, {.kind = Kind::pivot}}; }
  SECTION("compensatable after the pivot") { config.steps = {{.kind = Kind::pivot}, {}}; }
  SECTION("pivot after a retryable one") { config.steps = {{.kind = Kind::retryable}, {.kind = Kind::pivot}}; }
  SECTION("no time for a step") { config.steps[1].timeout = 0s; }
  SECTION("no time for a compensation") { config.steps[1].compensation_timeout = 0s; }
  SECTION("retryable steps with a number of attempts") { config.forward_retry.attempts_max = 9; }
  SECTION("retryable steps with a time limit") { config.forward_retry.total_time_max = 1h; }
  SECTION("retryable steps that give up on some failures") { config.forward_retry.retryable = {ErrorClass::timed_out}; }
  SECTION("a timeout that is taken for a sure failure") { config.unknown_results = {ErrorClass::connection_failed}; }
  SECTION("stuck from the start") { config.stuck_after = 0s; }
  REQUIRE_THROWS_AS(Saga(config, SagaId{1}), AssertionFailure);
}

TEST_CASE("the states of a saga have the names of the field", "[saga]") {
  REQUIRE(to_text(SagaState::pending) == "pending");
  REQUIRE(to_text(SagaState::running) == "running");
  REQUIRE(to_text(SagaState::compensating) == "compensating");
  REQUIRE(to_text(SagaState::completed) == "completed");
  REQUIRE(to_text(SagaState::compensated) == "compensated");
  REQUIRE(to_text(SagaState::failed) == "failed");
}
