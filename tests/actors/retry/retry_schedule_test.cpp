#include "actors/retry/retry_schedule.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;
using Backoff = RetrySchedule::Backoff;
using Jitter = RetrySchedule::Jitter;
using Outcome = RetrySchedule::Outcome;
using Decision = RetrySchedule::Decision;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

/// The delays of a call whose attempts fail as soon as they are made, up to `count_max` of them.
std::vector<Duration> delays(const RetrySchedule::Config& config, std::size_t count_max = 100, double uniform01 = 0.5,
                             ErrorClass error = ErrorClass::connection_failed) {
  RetrySchedule schedule{config, at(0s)};
  std::vector<Duration> result;
  Time now = at(0s);
  while (result.size() < count_max) {
    const Decision decision = schedule.on_failure(now, error, uniform01);
    if (decision.outcome != Outcome::retry) {
      break;
    }
    now += decision.delay;
    result.push_back(decision.delay);
  }
  return result;
}

using Delays = std::vector<Duration>;

}  // namespace

TEST_CASE("the number of attempts includes the first", "[retry]") {
  REQUIRE(delays({.attempts_max = 1}).empty());
  REQUIRE(delays({.attempts_max = 3}).size() == 2);
  REQUIRE(delays({.attempts_max = 0}).size() == 100);  // no limit
  RetrySchedule schedule{{.attempts_max = 2}, at(0s)};
  REQUIRE(schedule.attempts() == 1);
  REQUIRE(schedule.on_failure(at(1s), ErrorClass::timed_out, 0).outcome == Outcome::retry);
  REQUIRE(schedule.attempts() == 2);
  REQUIRE(schedule.on_failure(at(2s), ErrorClass::timed_out, 0) == Decision{Outcome::attempts_exhausted, 0s});
  REQUIRE(schedule.attempts() == 2);
}

TEST_CASE("delays are constant, linear or exponential, up to the longest", "[retry]") {
  RetrySchedule::Config config{.attempts_max = 6, .initial_delay = 100ms, .multiplier = 3, .delay_max = 1s};
  config.backoff = Backoff::constant;
  REQUIRE(delays(config) == Delays{100ms, 100ms, 100ms, 100ms, 100ms});
  config.backoff = Backoff::linear;
  REQUIRE(delays(config) == Delays{100ms, 200ms, 300ms, 400ms, 500ms});
  config.backoff = Backoff::exponential;
  REQUIRE(delays(config) == Delays{100ms, 300ms, 900ms, 1s, 1s});
}

TEST_CASE("back-off neither overflows nor turns a delay of nothing into one", "[retry]") {
  const RetrySchedule::Config unlimited{
      .attempts_max = 0, .initial_delay = 1s, .multiplier = 1e6, .delay_max = forever};
  RetrySchedule schedule{unlimited, at(0s)};
  Decision decision;
  for (int failure = 0; failure < 2000; ++failure) {
    decision = schedule.on_failure(at(0s), ErrorClass::timed_out, 0);
  }
  REQUIRE(decision == Decision{Outcome::retry, forever});
  REQUIRE(delays({.attempts_max = 0, .initial_delay = 0s, .delay_max = forever}, 2000).back() == 0s);
}

TEST_CASE("each kind of jitter has its formula", "[retry]") {
  RetrySchedule::Config config{.attempts_max = 4, .initial_delay = 1s, .delay_max = 3s, .randomization_factor = 0.2};
  struct Row {
    Jitter jitter;
    double uniform01;
    Delays expected;
  };
  // Without jitter: 1 s, 2 s, 3 s.
  const Row rows[] = {
      {Jitter::none, 0.5, {1s, 2s, 3s}},
      {Jitter::full, 0, {0s, 0s, 0s}},
      {Jitter::full, 0.25, {250ms, 500ms, 750ms}},
      {Jitter::equal, 0, {500ms, 1s, 1500ms}},
      {Jitter::equal, 0.5, {750ms, 1500ms, 2250ms}},
      {Jitter::decorrelated, 0, {1s, 1s, 1s}},
      {Jitter::decorrelated, 0.25, {1500ms, 1875ms, 2156250us}},  // 1 + (3 × previous - 1) / 4
      {Jitter::decorrelated, 0.5, {2s, 3s, 3s}},                  // 1 + (6 - 1) / 2 = 3.5 is cut
      {Jitter::randomized, 0, {800ms, 1600ms, 2400ms}},
      {Jitter::randomized, 0.5, {1s, 2s, 3s}},
      {Jitter::randomized, 0.75, {1100ms, 2200ms, 3s}},
  };
  for (const Row& row : rows) {
    INFO("jitter " << static_cast<int>(row.jitter) << ", draw " << row.uniform01);
    config.jitter = row.jitter;
    REQUIRE(delays(config, 100, row.uniform01) == row.expected);
  }
}

TEST_CASE("the caller decides which errors are worth a retry", "[retry]") {
  const RetrySchedule::Config config{.attempts_max = 3, .retryable = {ErrorClass::throttled, ErrorClass::timed_out}};
  REQUIRE(delays(config, 9, 0, ErrorClass::throttled).size() == 2);
  REQUIRE(delays(config, 9, 0, ErrorClass::timed_out).size() == 2);
  for (const ErrorClass error :
       {ErrorClass::connection_failed, ErrorClass::server_error, ErrorClass::rejected, ErrorClass::client_error}) {
    RetrySchedule schedule{config, at(0s)};
    REQUIRE(schedule.on_failure(at(0s), error, 0) == Decision{Outcome::not_retryable, 0s});
  }
  REQUIRE(delays({}, 9, 0, ErrorClass::client_error).empty());
}

TEST_CASE("a wait that the server asks for replaces the delay, even above the longest", "[retry]") {
  RetrySchedule schedule{{.attempts_max = 4, .initial_delay = 1s, .delay_max = 2s}, at(0s)};
  REQUIRE(schedule.on_failure(at(0s), ErrorClass::throttled, 0, 1min) == Decision{Outcome::retry, 1min});
  REQUIRE(schedule.on_failure(at(1min), ErrorClass::throttled, 0, 0s) == Decision{Outcome::retry, 0s});
  REQUIRE(schedule.on_failure(at(1min), ErrorClass::throttled, 0) ==
          Decision{Outcome::retry, 2s});  // the back-off went on
}

TEST_CASE("a wait that the server asks for beyond the time of the call ends it", "[retry]") {
  RetrySchedule schedule{{.total_time_max = 10s}, at(0s)};
  REQUIRE(schedule.on_failure(at(4s), ErrorClass::throttled, 0, 6s + 1ns) == Decision{Outcome::time_exhausted, 0s});
  REQUIRE(schedule.on_failure(at(4s), ErrorClass::throttled, 0, 6s) == Decision{Outcome::retry, 6s});
}

TEST_CASE("with 10 s in all, attempts that fail at once are made at 0, 1, 3, 7 and 10 s, as by p-retry", "[retry]") {
  RetrySchedule::Config config = RetrySchedule::p_retry();
  config.total_time_max = 10s;
  REQUIRE(delays(config) == Delays{1s, 2s, 4s, 3s});
  RetrySchedule schedule{config, at(5s)};
  REQUIRE(schedule.on_failure(at(15s) - 1ns, ErrorClass::timed_out, 0) == Decision{Outcome::retry, 1ns});
  REQUIRE(schedule.on_failure(at(15s), ErrorClass::timed_out, 0) == Decision{Outcome::time_exhausted, 0s});
}

TEST_CASE("presets have the delays of the libraries that they are named after", "[retry]") {
  REQUIRE(delays(RetrySchedule::resilience4j()) == Delays{500ms, 500ms});
  REQUIRE(delays(RetrySchedule::resilience4j_exponential_random()) == Delays{500ms, 750ms});
  REQUIRE(delays(RetrySchedule::resilience4j_exponential_random(), 9, 0) == Delays{250ms, 375ms});
  REQUIRE(delays(RetrySchedule::polly()) == Delays{2s, 2s, 2s});
  REQUIRE(delays(RetrySchedule::aws_sdk()) == Delays{500ms, 1s});
  REQUIRE(delays(RetrySchedule::envoy()) == Delays{12500us});
  REQUIRE(delays(RetrySchedule::grpc()) == Delays{50ms, 100ms, 200ms});
  REQUIRE(delays(RetrySchedule::cockatiel(), 10) ==
          Delays{128ms, 256ms, 512ms, 1024ms, 2048ms, 4096ms, 8192ms, 16384ms, 30s, 30s});
  REQUIRE(delays(RetrySchedule::p_retry()).size() == 10);
  REQUIRE(delays(RetrySchedule::p_retry()).back() == 512s);
  REQUIRE(delays(RetrySchedule::envoy(), 9, 0, ErrorClass::throttled).empty());
  REQUIRE(delays(RetrySchedule::grpc(), 9, 0, ErrorClass::timed_out).empty());
}

TEST_CASE("delays below nothing, shrinking back-off and time that goes back are bugs", "[retry]") {
  REQUIRE_THROWS_AS((RetrySchedule{{.initial_delay = -1s}, at(0s)}), AssertionFailure);
  REQUIRE_THROWS_AS((RetrySchedule{{.initial_delay = 2s, .delay_max = 1s}, at(0s)}), AssertionFailure);
  REQUIRE_THROWS_AS((RetrySchedule{{.multiplier = 0.5}, at(0s)}), AssertionFailure);
  REQUIRE_THROWS_AS((RetrySchedule{{.randomization_factor = 1.5}, at(0s)}), AssertionFailure);
  REQUIRE_THROWS_AS((RetrySchedule{{.total_time_max = -1s}, at(0s)}), AssertionFailure);
  RetrySchedule schedule{{}, at(1s)};
  REQUIRE_THROWS_AS(schedule.on_failure(at(0s), ErrorClass::timed_out, 0), AssertionFailure);
  REQUIRE_THROWS_AS(schedule.on_failure(at(1s), ErrorClass::timed_out, 1.0), AssertionFailure);
  REQUIRE_THROWS_AS(schedule.on_failure(at(1s), ErrorClass::timed_out, 0, -1s), AssertionFailure);
}
