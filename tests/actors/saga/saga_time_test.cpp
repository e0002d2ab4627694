#include <catch2/catch.hpp>

#include "tests/actors/saga/saga_script.hpp"

using namespace sim;
using namespace sim::testing::saga_script;

TEST_CASE("a saga is stuck when nothing has ended for a while, and says so once", "[saga]") {
  Saga::Config config = with_pivot();
  for (Saga::Step& step : config.steps) {
    step.timeout = forever;
  }
  config.stuck_after = 10min;
  Bench bench{config};
  bench.start(0s);
  bench.done(1min, 0);
  REQUIRE(bench.next() == 11min);
  REQUIRE_FALSE(bench.saga.is_stuck(at(11min) - 1ns));
  REQUIRE(bench.advance(11min - 1ns).empty());
  REQUIRE(bench.advance(11min) == "stuck at 1");
  REQUIRE(bench.saga.is_stuck(at(11min)));
  REQUIRE_FALSE(bench.next());
  REQUIRE(bench.advance(12min).empty());
  bench.done(20min, 1);
  REQUIRE_FALSE(bench.saga.is_stuck(at(20min)));
  REQUIRE(bench.next() == 30min);
  REQUIRE(bench.failed(21min, 2) == "compensate 1.1");
  REQUIRE(bench.next() == 21min + 30s);
  REQUIRE(bench.undone(21min, 1) == "compensate 0.1");
  REQUIRE(bench.undone(21min, 0) == "finish");
  REQUIRE_FALSE(bench.saga.is_stuck(at(24h)));
}

TEST_CASE("an attempt does not make a saga less stuck, the end of a compensation does", "[saga]") {
  Saga::Config config = three_steps();
  config.compensation_retry = {.attempts_max = 0, .delay_max = forever};
  config.compensation_retry.backoff = RetrySchedule::Backoff::constant;
  config.stuck_after = 1min;
  Bench bench = compensating(config);
  bench.not_undone(50s, 1, 1, ErrorClass::server_error);
  bench.advance(50'500ms);
  REQUIRE(bench.next() == 63s);  // 3 s + 1 min
  REQUIRE(bench.advance(63s) == "stuck at 2");
  REQUIRE(bench.undone(70s, 1, 2) == "compensate 0.1");
  REQUIRE_FALSE(bench.saga.is_stuck(at(70s)));
  bench.advance(100s);
  bench.advance(100'500ms);
  REQUIRE(bench.next() == 130s);  // 70 s + 1 min
}

TEST_CASE("a saga is inconsistent from its first completed step until everything is done or undone", "[saga]") {
  Bench bench{three_steps()};
  REQUIRE(bench.saga.elapsed_time(at(9s)) == 0s);
  bench.start(10s);
  REQUIRE(bench.saga.inconsistent_time(at(11s)) == 0s);
  bench.done(12s, 0);
  REQUIRE(bench.saga.inconsistent_time(at(15s)) == 3s);
  bench.done(17s, 1);
  REQUIRE(bench.saga.inconsistent_time(at(18s)) == 6s);
  REQUIRE(bench.saga.compensation_time(at(18s)) == 0s);
  SECTION("completed") {
    bench.done(20s, 2);
    REQUIRE(bench.saga.inconsistent_time(at(99s)) == 8s);
    REQUIRE(bench.saga.compensation_time(at(99s)) == 0s);
    REQUIRE(bench.saga.elapsed_time(at(99s)) == 10s);
  }
  SECTION("compensated") {
    bench.failed(20s, 2);
    bench.undone(21s, 1);
    REQUIRE(bench.saga.compensation_time(at(23s)) == 3s);
    bench.undone(24s, 0);
    REQUIRE(bench.saga.inconsistent_time(at(99s)) == 12s);
    REQUIRE(bench.saga.compensation_time(at(99s)) == 4s);
    REQUIRE(bench.saga.elapsed_time(at(99s)) == 14s);
  }
  SECTION("failed, and so for ever") {
    bench.failed(20s, 2);
    bench.not_undone(21s, 1);
    bench.undone(24s, 0);
    REQUIRE(bench.saga.inconsistent_time(at(99s)) == 87s);
    REQUIRE(bench.saga.compensation_time(at(99s)) == 4s);
  }
}

TEST_CASE("a saga that never completed a step was never inconsistent", "[saga]") {
  Bench bench{three_steps()};
  bench.start(0s);
  bench.failed(5s, 0, 1, ErrorClass::timed_out);
  bench.undone(9s, 0);
  REQUIRE(bench.saga.state() == SagaState::compensated);
  REQUIRE(bench.saga.inconsistent_time(at(99s)) == 0s);
}
