#include "actors/rate_limit/rate_limiter.hpp"

#include <catch2/catch.hpp>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;
using Algorithm = RateLimiter::Algorithm;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

const RateDecision allowed{true, 0s, 0s};
RateDecision refused(Duration retry_after) { return {false, retry_after, 0s}; }
RateDecision held_back(Duration delay) { return {true, 0s, delay}; }

}  // namespace

TEST_CASE("a fixed window starts anew at its end, which belongs to the next one", "[rate_limiter]") {
  FixedWindow limiter{{.limit = 2, .window = 1s}};
  REQUIRE(limiter.acquire(at(300ms)) == allowed);
  REQUIRE(limiter.acquire(at(999ms)) == allowed);
  REQUIRE(limiter.acquire(at(1s - 1ns)) == refused(1ns));
  REQUIRE(limiter.acquire(at(1s)) == allowed);
  REQUIRE(limiter.window_ends_at() == at(2s));
}

TEST_CASE("a fixed window that opens with a request is not on the grid", "[rate_limiter]") {
  FixedWindow limiter{{.limit = 1, .window = 1s, .anchor = FixedWindow::Anchor::first_request}};
  REQUIRE(limiter.acquire(at(700ms)) == allowed);
  REQUIRE(limiter.acquire(at(1600ms)) == refused(100ms));
  REQUIRE(limiter.acquire(at(1700ms)) == allowed);
  REQUIRE(limiter.acquire(at(5s)) == allowed);
  REQUIRE(limiter.window_ends_at() == at(6s));
}

TEST_CASE("rejected requests use up permits of a fixed window only when they count", "[rate_limiter]") {
  for (const bool rejected_requests_count : {false, true}) {
    FixedWindow limiter{{.limit = 3, .rejected_requests_count = rejected_requests_count}};
    REQUIRE(limiter.acquire(at(0s), 2) == allowed);
    REQUIRE(limiter.acquire(at(0s), 2) == refused(1s));
    REQUIRE(limiter.acquire(at(0s), 1).allowed == !rejected_requests_count);
    REQUIRE(limiter.consumed() == (rejected_requests_count ? 5 : 3));
  }
}

TEST_CASE("a block starts with the first rejected request and replaces the end of the window", "[rate_limiter]") {
  FixedWindow limiter{{.limit = 1, .window = 1s, .anchor = FixedWindow::Anchor::first_request, .block_duration = 10s}};
  REQUIRE(limiter.acquire(at(0s)) == allowed);
  REQUIRE(limiter.acquire(at(500ms)) == refused(10s));
  REQUIRE(limiter.acquire(at(2s)) == refused(8500ms));
  REQUIRE(limiter.acquire(at(10499ms)) == refused(1ms));
  REQUIRE(limiter.acquire(at(10500ms)) == allowed);
  REQUIRE(limiter.acquire(at(10600ms)) == refused(10s));
}

TEST_CASE("a permit leaves the sliding log exactly one window after it was taken", "[rate_limiter]") {
  SlidingWindowLog limiter{{.limit = 3, .window = 1s}};
  REQUIRE(limiter.acquire(at(0s)) == allowed);
  REQUIRE(limiter.acquire(at(400ms), 2) == allowed);
  REQUIRE(limiter.acquire(at(900ms)) == refused(100ms));
  REQUIRE(limiter.acquire(at(900ms), 2) == refused(500ms));  // needs the first of the two taken at 400 ms, too
  REQUIRE(limiter.acquire(at(1s)) == allowed);
  REQUIRE(limiter.acquire(at(1399ms)) == refused(1ms));
  REQUIRE(limiter.consumed() == 3);
}

TEST_CASE("the sliding log grows to its limit and forgets all of it", "[rate_limiter]") {
  SlidingWindowLog limiter{{.limit = 1000, .window = 1s}};
  for (int request = 0; request < 1000; ++request) {
    REQUIRE(limiter.acquire(at(request * 1us)) == allowed);
  }
  REQUIRE(limiter.acquire(at(1ms)) == refused(999ms));
  REQUIRE(limiter.acquire(at(2s), 1000) == allowed);
}

TEST_CASE("the sliding counter weighs the previous window by what a window ending now covers of it", "[rate_limiter]") {
  SlidingWindowCounter limiter{{.limit = 10, .window = 1s}};
  REQUIRE(limiter.acquire(at(0s), 10) == allowed);
  // At 1.2 s 80 % of the previous window count: 8 permits, which leaves room for exactly 2.
  REQUIRE(limiter.acquire(at(1200ms), 3) == refused(100ms));
  REQUIRE(limiter.acquire(at(1200ms), 2) == allowed);
  REQUIRE(limiter.acquire(at(1200ms)) == refused(100ms));  // until 10 × 0.7 + 2 + 1 = 10
  REQUIRE(limiter.acquire(at(1300ms)) == allowed);
  REQUIRE(limiter.previous() == 10);
  REQUIRE(limiter.current() == 3);
  REQUIRE(limiter.acquire(at(3s), 10) == allowed);  // a window without requests lies between
}

TEST_CASE("the sliding counter says how long to wait when only later windows have room", "[rate_limiter]") {
  SlidingWindowCounter limiter{{.limit = 4, .window = 1s}};
  REQUIRE(limiter.acquire(at(0s), 4) == allowed);
  REQUIRE(limiter.acquire(at(250ms)) == refused(1s));         // 4 × 0.75 + 1 = 4 at 1.25 s
  REQUIRE(limiter.acquire(at(250ms), 4) == refused(1750ms));  // nothing of the 4 may be left: 2 s
  REQUIRE(limiter.acquire(at(250ms), 5) == refused(forever));
}

TEST_CASE("a token bucket takes its tokens or nothing, and says when there are enough", "[rate_limiter]") {
  TokenBucket limiter{{.capacity = 10, .refill_tokens = 2, .refill_period = 1s}};
  REQUIRE(limiter.acquire(at(0s), 10) == allowed);
  REQUIRE(limiter.acquire(at(250ms)) == refused(250ms));  // half a token has come in
  REQUIRE(limiter.acquire(at(250ms), 3) == refused(1250ms));
  REQUIRE(limiter.tokens() == 0.5);
  REQUIRE(limiter.acquire(at(500ms)) == allowed);
  REQUIRE(limiter.acquire(at(500ms), 11) == refused(forever));
  REQUIRE(limiter.acquire(at(1h), 10) == allowed);  // never more than the capacity
  REQUIRE(limiter.whole_tokens() == 0);
}

TEST_CASE("thirds of tokens add up without rounding", "[rate_limiter]") {
  TokenBucket limiter{{.capacity = 1, .refill_tokens = 3, .refill_period = 1s}};
  REQUIRE(limiter.acquire(at(0s)) == allowed);
  REQUIRE(limiter.acquire(at(0s)) == refused(333'333'334ns));
  for (int ask = 1; ask < 333'334; ++ask) {
    REQUIRE(!limiter.acquire(at(ask * 1us)).allowed);  // asking does not cost fractions
  }
  REQUIRE(limiter.acquire(at(333'333'333ns)) == refused(1ns));
  REQUIRE(limiter.acquire(at(333'333'334ns)) == allowed);
}

TEST_CASE("a bucket that starts empty fills from its start", "[rate_limiter]") {
  TokenBucket limiter{{.capacity = 5, .refill_tokens = 1, .refill_period = 100ms, .starts_full = false}, at(1s)};
  REQUIRE(limiter.acquire(at(1s)) == refused(100ms));
  REQUIRE(limiter.acquire(at(1100ms)) == allowed);
  REQUIRE(limiter.tokens() == 0);
}

TEST_CASE("a bucket refilled in whole periods gets nothing before the end of one", "[rate_limiter]") {
  TokenBucket limiter{
      {.capacity = 5, .refill_tokens = 2, .refill_period = 1s, .refill = TokenBucket::Refill::whole_periods}};
  REQUIRE(limiter.acquire(at(500ms), 5) == allowed);
  REQUIRE(limiter.acquire(at(999ms)) == refused(1ms));
  REQUIRE(limiter.acquire(at(999ms), 3) == refused(1001ms));
  REQUIRE(limiter.acquire(at(1s), 2) == allowed);
  REQUIRE(limiter.acquire(at(1500ms)) == refused(500ms));
}

TEST_CASE("the preset of resilience4j gives 50 permits in each 500 ns", "[rate_limiter]") {
  TokenBucket limiter{TokenBucket::resilience4j()};
  REQUIRE(limiter.acquire(at(499ns), 50) == allowed);
  REQUIRE(limiter.acquire(at(499ns)) == refused(1ns));
  REQUIRE(limiter.acquire(at(500ns), 50) == allowed);
}

TEST_CASE("a cap per interval holds back tokens that are there, and is anchored anew by the next request",
          "[rate_limiter]") {
  TokenBucket limiter{TokenBucket::limiter_rate_limiter(10, 1s)};
  REQUIRE(limiter.acquire(at(0s), 10) == allowed);
  REQUIRE(limiter.acquire(at(500ms)) == refused(500ms));  // 5 tokens are there
  REQUIRE(limiter.acquire(at(1500ms), 4) == allowed);     // anchor: 1.5 s
  REQUIRE(limiter.acquire(at(2400ms), 7) == refused(100ms));
  REQUIRE(limiter.acquire(at(2400ms), 6) == allowed);
  REQUIRE(limiter.acquire(at(2500ms), 6) == refused(100ms));  // now 5 tokens, a tenth of a second brings one
  REQUIRE(limiter.acquire(at(2500ms), 11) == refused(forever));
}

TEST_CASE("a leaky bucket lets requests go on at its rate, the first at once", "[rate_limiter]") {
  LeakyBucket limiter{{.capacity = 3, .drain_permits = 1, .drain_period = 100ms}};
  REQUIRE(limiter.acquire(at(0s)) == held_back(0s));
  REQUIRE(limiter.acquire(at(0s)) == held_back(100ms));
  REQUIRE(limiter.acquire(at(0s)) == held_back(200ms));
  REQUIRE(limiter.acquire(at(0s)) == refused(100ms));
  REQUIRE(limiter.acquire(at(40ms)) == refused(60ms));
  REQUIRE(limiter.acquire(at(100ms)) == held_back(200ms));
  REQUIRE(limiter.level(at(150ms)) == 2.5);
  REQUIRE(limiter.acquire(at(10s)) == held_back(0s));
}

TEST_CASE("the burst of GCRA is how many requests may come at once, the tolerance is one less", "[rate_limiter]") {
  Gcra limiter{{.burst = 3, .permits_per_period = 10, .period = 1s}};  // T = 100 ms, tolerance 200 ms
  for (int request = 0; request < 3; ++request) {
    REQUIRE(limiter.acquire(at(0s)) == allowed);
  }
  REQUIRE(limiter.theoretical_arrival_time() == at(300ms));
  REQUIRE(limiter.acquire(at(0s)) == refused(100ms));
  REQUIRE(limiter.acquire(at(100ms) - 1ns) == refused(1ns));
  REQUIRE(limiter.acquire(at(100ms)) == allowed);
  REQUIRE(limiter.acquire(at(100ms), 3) == refused(300ms));
  REQUIRE(limiter.acquire(at(100ms), 4) == refused(forever));
}

TEST_CASE("GCRA with a burst of one spaces requests by the emission interval", "[rate_limiter]") {
  Gcra limiter{{.permits_per_period = 3, .period = 1s}};
  REQUIRE(limiter.acquire(at(0s)) == allowed);
  REQUIRE(limiter.acquire(at(0s)) == refused(333'333'334ns));
  REQUIRE(limiter.acquire(at(333'333'334ns)) == allowed);
}

TEST_CASE("one configuration makes any of the six limiters", "[rate_limiter]") {
  for (const std::string_view name : rate_limiter_algorithm_names) {
    INFO(name);
    const auto algorithm = parse_rate_limiter_algorithm(name);
    REQUIRE(algorithm);
    REQUIRE(to_text(*algorithm) == name);
    RateLimiter limiter{{.algorithm = *algorithm, .limit = 4, .window = 2s}};
    REQUIRE(limiter.algorithm() == *algorithm);
    REQUIRE(limiter.acquire(at(0s), 4).allowed);
    REQUIRE(!limiter.acquire(at(499ms)).allowed);
    REQUIRE(limiter.acquire(at(499ms), 5) == refused(forever));
    REQUIRE(limiter.acquire(at(4s), 4).allowed);
  }
}

TEST_CASE("the options of the common configuration reach the limiters that have them", "[rate_limiter]") {
  RateLimiter small_burst{{.algorithm = Algorithm::gcra, .limit = 10, .window = 1s, .burst = 2}};
  REQUIRE(small_burst.acquire(at(0s), 3) == refused(forever));
  REQUIRE(small_burst.acquire(at(0s), 2) == allowed);
  REQUIRE(small_burst.acquire(at(0s)) == refused(100ms));

  RateLimiter empty{{.algorithm = Algorithm::token_bucket, .limit = 10, .window = 1s, .starts_full = false}, at(5s)};
  REQUIRE(empty.acquire(at(5s)) == refused(100ms));

  RateLimiter whole{{.limit = 10, .window = 1s, .refill_in_whole_windows = true}};
  REQUIRE(whole.acquire(at(0s), 10) == allowed);
  REQUIRE(whole.acquire(at(0s)) == refused(1s));

  RateLimiter capped{{.limit = 10, .window = 1s, .burst = 20, .interval_permits_max = 10}};
  REQUIRE(capped.acquire(at(0s), 10) == allowed);
  REQUIRE(capped.acquire(at(0s)) == refused(1s));
  REQUIRE(capped.acquire(at(1s), 10) == allowed);
  REQUIRE(capped.acquire(at(1500ms)) == refused(500ms));  // the second interval began at 1 s

  RateLimiter flexible{{.algorithm = Algorithm::fixed_window,
                        .limit = 1,
                        .window = 1s,
                        .window_opens_with_request = true,
                        .rejected_requests_count = true,
                        .block_duration = 3s}};
  REQUIRE(flexible.acquire(at(500ms)) == allowed);
  REQUIRE(flexible.acquire(at(600ms)) == refused(3s));
}

TEST_CASE("an unknown algorithm is refused with all known names", "[rate_limiter]") {
  REQUIRE(parse_rate_limiter_algorithm("token-bucket").error().message ==
          "\"token-bucket\": expected the name of a rate limiter, one of fixed_window, sliding_window_log, "
          "sliding_window_counter, token_bucket, leaky_bucket, gcra");
}

TEST_CASE("limits of nothing, time that goes back and requests for nothing are bugs", "[rate_limiter]") {
  REQUIRE_THROWS_AS(FixedWindow{{.limit = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS(FixedWindow{{.window = 0s}}, AssertionFailure);
  REQUIRE_THROWS_AS(FixedWindow{{.block_duration = -1s}}, AssertionFailure);
  REQUIRE_THROWS_AS(SlidingWindowLog{{.limit = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS(SlidingWindowCounter{{.window = forever}}, AssertionFailure);
  REQUIRE_THROWS_AS(TokenBucket{{.capacity = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS(TokenBucket{{.refill_tokens = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS(TokenBucket{{.interval = 0s}}, AssertionFailure);
  REQUIRE_THROWS_AS(LeakyBucket{{.drain_permits = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS(Gcra{{.burst = 0}}, AssertionFailure);
  for (const std::string_view name : rate_limiter_algorithm_names) {
    RateLimiter limiter{{.algorithm = *parse_rate_limiter_algorithm(name)}};
    limiter.acquire(at(1s));
    REQUIRE_THROWS_AS(limiter.acquire(at(1s), 0), AssertionFailure);
    REQUIRE_THROWS_AS(limiter.acquire(at(1s) - 1ns), AssertionFailure);
  }
}
