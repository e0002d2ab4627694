#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/actors/saga/saga_script.hpp"

using namespace sim;
using namespace sim::testing::saga_script;

TEST_CASE("a saga whose steps succeed takes one after the other and completes", "[saga]") {
  Bench bench{three_steps()};
  REQUIRE(bench.saga.state() == SagaState::pending);
  REQUIRE(bench.start(0s) == "execute 0.1");
  REQUIRE(bench.saga.state() == SagaState::running);
  REQUIRE(bench.saga.step_state(0) == State::running);
  REQUIRE(bench.saga.step_state(1) == State::pending);
  REQUIRE(bench.done(1s, 0) == "execute 1.1");
  REQUIRE(bench.saga.step_state(0) == State::completed);
  REQUIRE(bench.done(2s, 1) == "execute 2.1");
  REQUIRE(bench.done(5s, 2) == "finish");
  REQUIRE(bench.saga.state() == SagaState::completed);
  REQUIRE(bench.saga.has_ended());
  REQUIRE(bench.saga.orphaned_steps().empty());
  REQUIRE_FALSE(bench.next());
}

TEST_CASE("the log has a line for each start and end, with what is known and where it leads", "[saga]") {
  Bench bench = compensating(one_attempt(std::vector<Saga::Step>(3)));
  bench.undone(4s, 1);
  bench.undone(5s, 0);
  using Record = SagaRecord;
  using Result = StepResult;
  const auto line = [](Record::Kind kind, std::uint32_t step, std::uint32_t attempt, Result result, SagaState state,
                       Duration since_start) {
    return Record{kind, {SagaId{7}, step}, attempt, result, state, at(since_start)};
  };
  using enum Record::Kind;
  REQUIRE(bench.log.records() == std::vector<Record>{
                                     line(saga_started, 0, 0, Result::succeeded, SagaState::running, 0s),
                                     line(step_started, 0, 1, Result::succeeded, SagaState::running, 0s),
                                     line(step_ended, 0, 0, Result::succeeded, SagaState::running, 1s),
                                     line(step_started, 1, 1, Result::succeeded, SagaState::running, 1s),
                                     line(step_ended, 1, 0, Result::succeeded, SagaState::running, 2s),
                                     line(step_started, 2, 1, Result::succeeded, SagaState::running, 2s),
                                     line(step_ended, 2, 0, Result::failed, SagaState::compensating, 3s),
                                     line(compensation_started, 1, 1, Result::succeeded, SagaState::compensating, 3s),
                                     line(compensation_ended, 1, 0, Result::succeeded, SagaState::compensating, 4s),
                                     line(compensation_started, 0, 1, Result::succeeded, SagaState::compensating, 4s),
                                     line(compensation_ended, 0, 0, Result::succeeded, SagaState::compensating, 5s),
                                     line(saga_ended, 0, 0, Result::succeeded, SagaState::compensated, 5s),
                                 });
}

TEST_CASE("a workflow that fails at its third stage has the second undone, then the first", "[saga]") {
  Bench bench{three_steps()};
  bench.start(0s);
  bench.done(1s, 0);
  bench.done(2s, 1);
  REQUIRE(bench.failed(3s, 2) == "compensate 1.1");
  REQUIRE(bench.saga.state() == SagaState::compensating);
  REQUIRE(bench.saga.step_state(2) == State::failed);
  REQUIRE(bench.saga.step_state(1) == State::compensating);
  REQUIRE(bench.undone(4s, 1) == "compensate 0.1");
  REQUIRE(bench.undone(6s, 0) == "finish");
  REQUIRE(bench.saga.state() == SagaState::compensated);
  REQUIRE(bench.saga.step_state(0) == State::compensated);
  REQUIRE(bench.saga.orphaned_steps().empty());
}

TEST_CASE("a compensation that fails for good is reported while the others go on", "[saga]") {
  Bench bench = compensating(three_steps());
  REQUIRE(bench.not_undone(4s, 1) == "compensate 0.1");
  REQUIRE(bench.saga.step_state(1) == State::orphaned);
  REQUIRE_FALSE(bench.saga.is_half_compensated());
  REQUIRE(bench.undone(5s, 0) == "orphan 1, finish");
  REQUIRE(bench.saga.state() == SagaState::failed);
  REQUIRE(bench.saga.orphaned_steps() == Steps{1});
  REQUIRE(bench.saga.is_half_compensated());
}

TEST_CASE("with stop a compensation that fails for good is the last, and the rest is orphaned too", "[saga]") {
  Saga::Config config = three_steps();
  config.on_failed_compensation = Saga::OnFailedCompensation::stop;
  Bench bench = compensating(config);
  REQUIRE(bench.not_undone(4s, 1) == "orphan 0, orphan 1, finish");
  REQUIRE(bench.saga.state() == SagaState::failed);
  REQUIRE(bench.saga.orphaned_steps() == Steps{0, 1});
  REQUIRE_FALSE(bench.saga.is_half_compensated());
}

TEST_CASE("parallel compensations begin together, and the saga ends with the last of them", "[saga]") {
  Saga::Config config = three_steps();
  config.compensation_order = Saga::CompensationOrder::parallel;
  Bench bench{config};
  bench.start(0s);
  bench.done(1s, 0);
  bench.done(2s, 1);
  REQUIRE(bench.failed(3s, 2) == "compensate 1.1, compensate 0.1");
  REQUIRE(bench.not_undone(4s, 0).empty());
  REQUIRE(bench.undone(5s, 1) == "orphan 0, finish");
}

TEST_CASE("with stop parallel compensations that have begun still come to their end", "[saga]") {
  Saga::Config config = three_steps();
  config.compensation_order = Saga::CompensationOrder::parallel;
  config.on_failed_compensation = Saga::OnFailedCompensation::stop;
  Bench bench = compensating(config);
  REQUIRE(bench.not_undone(4s, 1).empty());
  REQUIRE(bench.undone(5s, 0) == "orphan 1, finish");
  REQUIRE(bench.saga.orphaned_steps() == Steps{1});
}

TEST_CASE("a saga whose first step fails is compensated at once, for there is nothing to undo", "[saga]") {
  Bench bench{three_steps()};
  bench.start(0s);
  REQUIRE(bench.failed(1s, 0) == "finish");
  REQUIRE(bench.saga.state() == SagaState::compensated);
}

TEST_CASE("a step that fails is tried again by its schedule, then the saga turns back", "[saga]") {
  Bench bench{three_steps_retried()};
  bench.start(0s);
  bench.done(1s, 0);
  REQUIRE(bench.failed(1s, 1, 1, ErrorClass::server_error).empty());
  REQUIRE(bench.next() == 1500ms);
  REQUIRE(bench.advance(1500ms - 1ns).empty());
  REQUIRE(bench.advance(1500ms) == "execute 1.2");
  REQUIRE(bench.failed(2s, 1, 2, ErrorClass::server_error).empty());
  REQUIRE(bench.next() == 3s);
  REQUIRE(bench.advance(3s) == "execute 1.3");
  REQUIRE(bench.failed(4s, 1, 3, ErrorClass::server_error) == "compensate 0.1");
}

TEST_CASE("each step has a schedule of its own", "[saga]") {
  Bench bench{three_steps_retried()};
  bench.start(0s);
  bench.failed(0s, 0, 1, ErrorClass::server_error);
  bench.advance(500ms);
  bench.done(1s, 0, 2);
  REQUIRE(bench.failed(2s, 1, 1, ErrorClass::server_error).empty());
  REQUIRE(bench.next() == 2500ms);  // the first delay again
  REQUIRE(bench.advance(2500ms) == "execute 1.2");
}

TEST_CASE("a failure that is not worth another attempt turns the saga back at once", "[saga]") {
  Bench bench{three_steps_retried()};
  bench.start(0s);
  bench.done(1s, 0);
  REQUIRE(bench.failed(2s, 1, 1, ErrorClass::client_error) == "compensate 0.1");
}

TEST_CASE("a step that never answers is given up after its attempts, and undone as well", "[saga]") {
  Bench bench{three_steps_retried()};
  bench.start(0s);
  bench.done(1s, 0);
  REQUIRE(bench.next() == 31s);
  REQUIRE(bench.advance(31s - 1ns).empty());
  REQUIRE(bench.advance(31s).empty());
  REQUIRE(bench.next() == 31'500ms);
  REQUIRE(bench.advance(31'500ms) == "execute 1.2");
  REQUIRE(bench.next() == 61'500ms);
  bench.advance(61'500ms);
  REQUIRE(bench.advance(62'500ms) == "execute 1.3");
  REQUIRE(bench.advance(92'500ms) == "compensate 1.1");
  REQUIRE(bench.undone(93s, 1) == "compensate 0.1");
  REQUIRE(bench.undone(94s, 0) == "finish");
  REQUIRE(bench.saga.state() == SagaState::compensated);
}

TEST_CASE("a step without a timeout is waited for", "[saga]") {
  Bench bench{one_attempt({{.timeout = forever}})};
  bench.start(0s);
  REQUIRE_FALSE(bench.next());
}

TEST_CASE("whether a failed step is undone depends on what its failure says", "[saga]") {
  const auto [error, commands] = GENERATE(table<ErrorClass, std::string>({
      {ErrorClass::timed_out, "compensate 1.1"},
      {ErrorClass::connection_failed, "compensate 1.1"},
      {ErrorClass::throttled, "compensate 0.1"},
      {ErrorClass::server_error, "compensate 0.1"},
      {ErrorClass::rejected, "compensate 0.1"},
      {ErrorClass::client_error, "compensate 0.1"},
  }));
  Bench bench{three_steps()};
  bench.start(0s);
  bench.done(1s, 0);
  REQUIRE(bench.failed(2s, 1, 1, error) == commands);
}

TEST_CASE("a step with one unknown attempt is undone although a later attempt failed for sure", "[saga]") {
  Bench bench{three_steps_retried()};
  bench.start(0s);
  bench.failed(1s, 0, 1, ErrorClass::connection_failed);
  bench.advance(1500ms);
  REQUIRE(bench.failed(2s, 0, 2, ErrorClass::client_error) == "compensate 0.1");
}

TEST_CASE("a success that comes after its timeout counts as long as the step is not given up", "[saga]") {
  Bench bench{three_steps_retried()};
  bench.start(0s);
  SECTION("before the next attempt") {
    bench.advance(30s);
    REQUIRE(bench.done(30'100ms, 0, 1) == "execute 1.1");
    REQUIRE(bench.next() == 60'100ms);
  }
  SECTION("during the next attempt, whose own success is then late") {
    bench.advance(30s);
    bench.advance(30'500ms);
    REQUIRE(bench.done(31s, 0, 1) == "execute 1.1");
    REQUIRE(bench.done(32s, 0, 2).empty());
    REQUIRE(bench.saga.late_results_count() == 1);
  }
  SECTION("but not once the saga has turned back") {
    bench.done(1s, 0);
    bench.failed(2s, 1, 1, ErrorClass::client_error);
    REQUIRE(bench.done(3s, 1, 1).empty());
    REQUIRE(bench.saga.step_state(1) == State::failed);
    REQUIRE(bench.saga.late_results_count() == 1);
  }
}

TEST_CASE("a failure counts only for the attempt that is awaited", "[saga]") {
  Bench bench{three_steps_retried()};
  bench.start(0s);
  bench.advance(30s);
  REQUIRE(bench.failed(30'100ms, 0, 1).empty());  // timed out already
  REQUIRE(bench.next() == 30'500ms);
  bench.advance(30'500ms);
  REQUIRE(bench.failed(31s, 0, 1).empty());  // the second attempt is awaited
  REQUIRE(bench.next() == 60'500ms);
  REQUIRE(bench.saga.late_results_count() == 2);
}

TEST_CASE("a pivot that fails has the steps before it undone, and itself not", "[saga]") {
  Bench bench{with_pivot()};
  bench.start(0s);
  bench.done(1s, 0);
  bench.done(2s, 1);
  REQUIRE(bench.failed(3s, 2) == "compensate 1.1");
  REQUIRE(bench.undone(4s, 1) == "compensate 0.1");
  REQUIRE(bench.undone(5s, 0) == "finish");
  REQUIRE(bench.saga.step_state(3) == State::pending);
}

TEST_CASE("a pivot whose result is unknown is asked until it is known, and nothing is undone before", "[saga]") {
  Bench bench{with_pivot()};  // forward delays: 0.5, 1, 2 s
  bench.start(0s);
  bench.done(1s, 0);
  bench.done(2s, 1);
  REQUIRE(bench.advance(32s).empty());
  REQUIRE(bench.next() == 32'500ms);
  REQUIRE(bench.advance(32'500ms) == "execute 2.2");
  REQUIRE(bench.advance(62'500ms).empty());
  REQUIRE(bench.next() == 63'500ms);
  REQUIRE(bench.advance(63'500ms) == "execute 2.3");
  SECTION("it was executed") { REQUIRE(bench.done(64s, 2, 3) == "execute 3.1"); }
  SECTION("it has failed") {
    REQUIRE(bench.failed(64s, 2, 3, ErrorClass::server_error) == "compensate 1.1");
    REQUIRE(bench.saga.step_state(2) == State::failed);
  }
  SECTION("an earlier attempt was executed after all") { REQUIRE(bench.done(64s, 2, 1) == "execute 3.1"); }
}

TEST_CASE("after the pivot a step is tried until it succeeds, whatever the failure", "[saga]") {
  Bench bench{with_pivot()};
  bench.start(0s);
  bench.done(0s, 0);
  bench.done(0s, 1);
  REQUIRE(bench.done(0s, 2) == "execute 3.1");
  Duration now = 0s;
  Duration delay = 500ms;
  for (std::uint32_t attempt = 1; attempt <= 20; ++attempt) {
    REQUIRE(bench.failed(now, 3, attempt, attempt % 2 == 0 ? ErrorClass::client_error : ErrorClass::timed_out).empty());
    REQUIRE(bench.next() == now + delay);
    now += delay;
    REQUIRE(bench.advance(now) == fmt::format("execute 3.{}", attempt + 1));
    delay = std::min<Duration>(2 * delay, 30s);
  }
  REQUIRE(bench.done(now, 3, 21) == "execute 4.1");
  REQUIRE(bench.done(now, 4) == "finish");
  REQUIRE(bench.saga.state() == SagaState::completed);
}

TEST_CASE("a compensation is tried again by its schedule, after a timeout too", "[saga]") {
  Bench bench = compensating(three_steps_retried());
  REQUIRE(bench.not_undone(3s, 1, 1, ErrorClass::server_error).empty());
  REQUIRE(bench.next() == 3500ms);
  REQUIRE(bench.advance(3500ms) == "compensate 1.2");
  REQUIRE(bench.next() == 33'500ms);
  REQUIRE(bench.advance(33'500ms - 1ns).empty());
  REQUIRE(bench.advance(33'500ms).empty());
  REQUIRE(bench.advance(34'500ms) == "compensate 1.3");
  SECTION("and fails for good after the last attempt") {
    REQUIRE(bench.advance(64'500ms) == "compensate 0.1");
    REQUIRE(bench.saga.step_state(1) == State::orphaned);
  }
  SECTION("a success of an attempt that had timed out counts") {
    REQUIRE(bench.undone(35s, 1, 2) == "compensate 0.1");
    REQUIRE(bench.saga.step_state(1) == State::compensated);
  }
  SECTION("a failure of an attempt that had timed out does not") {
    REQUIRE(bench.not_undone(35s, 1, 2).empty());
    REQUIRE(bench.saga.late_results_count() == 1);
  }
}

TEST_CASE("each compensation has the timeout of its step", "[saga]") {
  Bench bench = compensating(one_attempt({{.compensation_timeout = 5s}, {.compensation_timeout = 7s}, {}}));
  REQUIRE(bench.next() == 10s);
  REQUIRE(bench.advance(10s) == "compensate 0.1");
  REQUIRE(bench.next() == 15s);
  REQUIRE(bench.advance(15s) == "orphan 0, orphan 1, finish");
}

TEST_CASE("of compensations that time out together the one of the later step comes first", "[saga]") {
  Saga::Config config = three_steps_retried();
  config.compensation_order = Saga::CompensationOrder::parallel;
  config.compensation_retry.jitter = RetrySchedule::Jitter::full;
  Bench bench = compensating(config);
  REQUIRE(bench.next() == 33s);
  REQUIRE(bench.advance(33s, 0.5).empty());  // step 1 again after 0.5 × 0.5 s
  REQUIRE(bench.next() == 33s);
  REQUIRE(bench.advance(33s, 0.2).empty());  // step 0 again after 0.2 × 0.5 s
  REQUIRE(bench.next() == 33'100ms);
  REQUIRE(bench.advance(33'100ms) == "compensate 0.2");
  REQUIRE(bench.next() == 33'250ms);
  REQUIRE(bench.advance(33'250ms) == "compensate 1.2");
}

TEST_CASE("what has been due for longest comes first", "[saga]") {
  Saga::Config config = three_steps_retried();
  config.compensation_order = Saga::CompensationOrder::parallel;
  config.steps[0].compensation_timeout = 10s;
  config.steps[1].compensation_timeout = 20s;
  Bench bench = compensating(config);
  REQUIRE(bench.advance(40s).empty());
  REQUIRE(bench.next() == 23s);  // step 1 is still to be seen to
  REQUIRE(bench.advance(40s).empty());
  REQUIRE(bench.next() == 40'500ms);
}
