#include "actors/calls/guarded_port.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "actors/calls/bulkhead.hpp"
#include "actors/calls/circuit_breaker.hpp"
#include "actors/calls/fallback.hpp"
#include "actors/calls/rate_limit.hpp"
#include "actors/calls/retry.hpp"
#include "actors/calls/timeout.hpp"
#include "tests/actors/calls/scripted_service.hpp"

using namespace calls_test;
using sim::policies::ErrorClass;

namespace {

using sim::calls::Bulkhead;
using sim::calls::CircuitBreaker;
using sim::calls::RateLimit;
using sim::calls::Retry;
using sim::calls::Timeout;

Retry::Config attempts(std::uint32_t count, sim::Duration delay) {
  return {.schedule = {.attempts_max = count,
                       .backoff = sim::policies::RetrySchedule::Backoff::constant,
                       .initial_delay = delay},
          .budget = {}};
}

CircuitBreaker::Config opens_after(std::uint32_t failures, sim::Duration wait) {
  CircuitBreaker::Config config;
  config.breaker = sim::policies::CircuitBreaker::cockatiel_consecutive(failures, wait);
  return config;
}

}  // namespace

TEST_CASE("without layers a call is an ask", "[calls]") {
  Trial<> trial({{1s, 5}});
  trial.call_at(0s, 1);
  trial.run();
  CHECK(trial.lines() == Lines{"call 1: 5 at 1s"});
  CHECK(trial.counter("pay_calls") == 1);
  CHECK(trial.counter("pay_errors") == 0);
}

TEST_CASE("a reply that is an error becomes the error of the call", "[calls]") {
  Trial<> trial({{1s, ErrorClass::server_error}});
  trial.call_at(0s, 1);
  trial.run();
  CHECK(trial.lines() == Lines{"call 1: server error at 1s"});
  CHECK(trial.counter("pay_errors") == 1);
}

TEST_CASE("a service that is gone is a failed connection", "[calls]") {
  Trial<> trial({});
  trial.simulation.kill(trial.service);
  trial.call_at(1s, 1);
  trial.run();
  CHECK(trial.lines() == Lines{"call 1: connection failed at 1s"});
}

TEST_CASE("a timeout ends the wait, and a reply exactly at it is late", "[calls]") {
  Trial<Timeout> trial({{2s, 5}, {3s, 6}, {1s, 7}}, {3s});
  trial.call_at(0s, 1);
  trial.call_at(10s, 2);
  trial.call_at(20s, 3);
  trial.run();
  CHECK(trial.lines() == Lines{"call 1: 5 at 2s", "call 2: timed out at 13s", "call 3: 7 at 21s"});
  CHECK(trial.counter("pay_timeout_expired") == 1);
  CHECK(trial.simulation.dead_letters() == 1);  // the late reply
}

TEST_CASE("the deadline of the outermost timeout travels with the request", "[calls]") {
  Trial<Timeout, Retry, Timeout> trial({{1s, ErrorClass::server_error}, {1s, 5}}, {10s}, attempts(3, 1s), {4s});
  trial.call_at(0s, 1);
  trial.run();
  // The first try must end by 4 s, the second, from 2 s on, by 6 s; both within 10 s.
  CHECK(trial.deadlines() == std::vector<sim::Duration>{4s, 6s});
  CHECK(trial.lines() == Lines{"call 1: 5 at 3s"});
}

TEST_CASE("a timeout around retries bounds them all, one within them each", "[calls]") {
  const std::vector<Step> slow(4, {2s, ErrorClass::server_error});
  Trial<Timeout, Retry> total(slow, {5s}, attempts(10, 1s));
  total.call_at(0s, 1);
  total.run();
  CHECK(total.lines() == Lines{"call 1: timed out at 5s"});  // in the second attempt, which began at 3 s
  CHECK(total.counter("pay_retry_retries") == 1);

  Trial<Retry, Timeout> each(slow, attempts(3, 1s), {1s});
  each.call_at(0s, 1);
  each.run();
  CHECK(each.lines() == Lines{"call 1: timed out at 5s"});  // attempts 0-1 s, 2-3 s, 4-5 s
  CHECK(each.counter("pay_retry_retries") == 2);
  CHECK(each.counter("pay_retry_exhausted") == 1);
  CHECK(each.counter("pay_timeout_expired") == 3);
}

TEST_CASE("no retry begins at or after the deadline", "[calls]") {
  Trial<Timeout, Retry> trial({{1s, ErrorClass::server_error}, {1s, 5}}, {3s}, attempts(3, 2s));
  trial.call_at(0s, 1);
  trial.run();
  CHECK(trial.lines() == Lines{"call 1: server error at 1s"});  // 1 s + 2 s is the deadline
  CHECK(trial.counter("pay_retry_exhausted") == 1);
}

TEST_CASE("a wait that the service asks for replaces the delay", "[calls]") {
  Trial<Retry> trial({{1s, ErrorClass::throttled, 7s}, {1s, 5}}, attempts(3, 2s));
  trial.call_at(0s, 1);
  trial.run();
  CHECK(trial.lines() == Lines{"call 1: 5 at 9s"});
}

TEST_CASE("two layers of a kind have metrics of their own", "[calls]") {
  Trial<Timeout, Timeout> trial({{9s, 5}, {3s, 5}}, {5s}, {2s});
  trial.call_at(0s, 1);
  trial.run();
  CHECK(trial.lines() == Lines{"call 1: timed out at 2s"});
  CHECK(trial.counter("pay_timeout_expired") == 0);
  CHECK(trial.counter("pay_timeout_2_expired") == 1);
}

TEST_CASE("a breaker within retries ends them, one around them counts the call once", "[calls]") {
  const std::vector<Step> failing(6, {1s, ErrorClass::server_error});
  Trial<Retry, CircuitBreaker> within(failing, attempts(3, 1s), opens_after(2, 60s));
  within.call_at(0s, 1);
  within.run();
  // Failures at 1 s and 3 s open it; the third attempt at 4 s is rejected.
  CHECK(within.lines() == Lines{"call 1: rejected at 4s"});
  CHECK(within.asked() == 2);
  CHECK(within.counter("pay_breaker_rejected") == 1);
  CHECK(within.counter("pay_breaker_opened") == 1);

  Trial<CircuitBreaker, Retry> around(failing, opens_after(2, 60s), attempts(3, 1s));
  around.call_at(0s, 1);
  around.call_at(10s, 2);
  around.call_at(20s, 3);
  around.run();
  CHECK(around.lines() ==
        Lines{"call 1: server error at 5s", "call 2: server error at 15s", "call 3: rejected at 20s"});
  CHECK(around.asked() == 6);
}

TEST_CASE("a breaker sees the timeout that lies within it, not the one around it", "[calls]") {
  const std::vector<Step> hanging(3, {60s, 5});
  Trial<CircuitBreaker, Timeout> sees(hanging, opens_after(1, 30s), {2s});
  sees.call_at(0s, 1);
  sees.call_at(5s, 2);
  sees.run();
  CHECK(sees.lines() == Lines{"call 1: timed out at 2s", "call 2: rejected at 5s"});

  Trial<Timeout, CircuitBreaker> blind(hanging, {2s}, opens_after(1, 30s));
  blind.call_at(0s, 1);
  blind.call_at(5s, 2);
  blind.run();
  CHECK(blind.lines() == Lines{"call 1: timed out at 2s", "call 2: timed out at 7s"});
  CHECK(blind.caller().port.template layer<1>().policy().in_flight() == 0);  // the tickets came back
}

TEST_CASE("a bulkhead lets so many through, some wait, the rest is rejected", "[calls]") {
  const std::vector<Step> steps(5, {3s, 5});
  Trial<Bulkhead> trial(steps, {.max_concurrent_calls = 1, .max_wait_duration = 4s, .max_waiting_calls = 2});
  for (int call = 1; call <= 5; ++call) {
    trial.call_at(0s, call);
  }
  trial.run();
  // 1 runs 0-3 s, 2 waits 3 s and runs to 6 s, 3 waits 4 s in vain, 4 and 5 find the line full.
  CHECK(trial.lines() == Lines{"call 4: rejected at 0s", "call 5: rejected at 0s", "call 1: 5 at 3s",
                               "call 3: rejected at 4s", "call 2: 5 at 6s"});
  CHECK(trial.counter("pay_bulkhead_rejected") == 2);
  CHECK(trial.counter("pay_bulkhead_timed_out") == 1);
  CHECK(trial.asked() == 2);
}

TEST_CASE("a place that becomes free when the wait ends comes too late", "[calls]") {
  Trial<Bulkhead> trial({{4s, 5}, {4s, 6}}, {.max_concurrent_calls = 1, .max_wait_duration = 4s});
  trial.call_at(0s, 1);
  trial.call_at(0s, 2);
  trial.run();
  CHECK(trial.lines() == Lines{"call 2: rejected at 4s", "call 1: 5 at 4s"});
}

TEST_CASE("a call that is cut short gives its place in the bulkhead to the next", "[calls]") {
  Trial<Timeout, Bulkhead> trial({{60s, 5}, {1s, 6}}, {2s},
                                 {.max_concurrent_calls = 1, .max_wait_duration = sim::forever});
  trial.call_at(0s, 1);
  trial.call_at(1s, 2);
  trial.run();
  CHECK(trial.lines() == Lines{"call 1: timed out at 2s", "call 2: timed out at 3s"});
  CHECK(trial.asked() == 2);  // the second began at 2 s and would have been answered at 3 s, the deadline
}

TEST_CASE("a rate limit rejects, or lets calls wait in their order", "[calls]") {
  const sim::policies::RateLimiter::Config two_per_10_s{
      .algorithm = sim::policies::RateLimiter::Algorithm::fixed_window, .limit = 2, .window = 10s};
  const std::vector<Step> steps(5, {1s, 5});
  Trial<RateLimit> rejecting(steps, {two_per_10_s, 0s});
  Trial<RateLimit> waiting(steps, {two_per_10_s, 15s});
  for (int call = 1; call <= 5; ++call) {
    rejecting.call_at(0s, call);
    waiting.call_at(0s, call);
  }
  rejecting.run();
  CHECK(rejecting.lines() == Lines{"call 3: throttled at 0s", "call 4: throttled at 0s", "call 5: throttled at 0s",
                                   "call 1: 5 at 1s", "call 2: 5 at 1s"});
  CHECK(rejecting.counter("pay_rate_limit_rejected") == 3);
  waiting.run();
  // 3 and 4 take the permits of the second window; 5 would have to wait for the third, 20 s.
  CHECK(waiting.lines() == Lines{"call 1: 5 at 1s", "call 2: 5 at 1s", "call 5: throttled at 10s", "call 3: 5 at 11s",
                                 "call 4: 5 at 11s"});
}

TEST_CASE("whoever comes when a permit comes in does not overtake those who wait for it", "[calls]") {
  const sim::policies::RateLimiter::Config one_per_10_s{
      .algorithm = sim::policies::RateLimiter::Algorithm::fixed_window, .limit = 1, .window = 10s};
  Trial<RateLimit> trial({{1s, 1}, {1s, 2}, {1s, 3}}, {one_per_10_s, 15s});
  trial.call_at(0s, 1);
  trial.call_at(1s, 2);
  trial.call_at(10s, 3);
  trial.run();
  CHECK(trial.lines() == Lines{"call 1: 1 at 1s", "call 2: 2 at 11s", "call 3: 3 at 21s"});
}

TEST_CASE("what an inner layer turned away says nothing about the service", "[calls]") {
  Trial<CircuitBreaker, Bulkhead> trial({{3s, 5}, {1s, 6}}, opens_after(1, 60s), {.max_concurrent_calls = 1});
  trial.call_at(0s, 1);
  trial.call_at(1s, 2);
  trial.call_at(4s, 3);
  trial.run();
  CHECK(trial.lines() == Lines{"call 2: rejected at 1s", "call 1: 5 at 3s", "call 3: 6 at 5s"});
  CHECK(trial.counter("pay_breaker_opened") == 0);
}

namespace {

/// The last good reply, for ten seconds.
class LastReply {
 public:
  std::optional<Charged> operator()(const Charge&, const sim::calls::CallError&, sim::Time now) {
    return reply_ && now - at_ <= 10s ? reply_ : std::nullopt;
  }
  void remember(const Charge&, const Charged& reply, sim::Time now) {
    reply_ = reply;
    at_ = now;
  }

 private:
  std::optional<Charged> reply_;
  sim::Time at_{};
};

}  // namespace

TEST_CASE("a fallback answers for a service that fails, while it has something to say", "[calls]") {
  Trial<sim::calls::Fallback<LastReply>> trial(
      {{1s, ErrorClass::server_error}, {1s, 5}, {1s, ErrorClass::server_error}, {1s, ErrorClass::server_error}}, {});
  for (int call = 1; call <= 4; ++call) {
    trial.call_at(sim::Duration(6s) * (call - 1), call);
  }
  trial.run();
  CHECK(trial.lines() ==
        Lines{"call 1: server error at 1s", "call 2: 5 at 7s", "call 3: 5 at 13s", "call 4: server error at 19s"});
  CHECK(trial.counter("pay_fallback_used") == 1);
  CHECK(trial.counter("pay_fallback_missing") == 2);
  CHECK(trial.counter("pay_errors") == 2);
}

TEST_CASE("a caller that is killed in a call leaves nothing behind", "[calls]") {
  Trial<Timeout, Retry, CircuitBreaker, Bulkhead> trial({{60s, 5}, {60s, 5}}, {30s}, attempts(3, 1s),
                                                        opens_after(3, 10s), {.max_concurrent_calls = 1});
  trial.call_at(0s, 1);
  trial.call_at(0s, 2);
  trial.simulation.run_for(2s);
  trial.simulation.kill(trial.client);
  trial.run();
  CHECK(trial.simulation.now() == sim::Time{60s});  // the service still finishes what it began
  CHECK(trial.simulation.kernel().pending_events() == 0);
}
