#include "actors/retry/retry_budget.hpp"

#include <catch2/catch.hpp>
#include <optional>
#include <utility>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

int retries_granted(WindowRetryBudget& budget, Time now) {
  int granted = 0;
  while (budget.try_retry(now)) {
    ++granted;
  }
  return granted;
}

}  // namespace

TEST_CASE("a window of 20 requests pays for 4 retries at 20 percent, plus the minimum", "[retry]") {
  WindowRetryBudget budget{{.budget_percent = 20, .retries_min = 1, .window = 10s}};
  for (int request = 0; request < 20; ++request) {
    budget.on_request(at(0s));
  }
  REQUIRE(retries_granted(budget, at(1s)) == 5);
  budget.on_request(at(1s));
  REQUIRE_FALSE(budget.try_retry(at(1s)));  // 21 requests pay for 4.2
  for (int request = 0; request < 4; ++request) {
    budget.on_request(at(1s));
  }
  REQUIRE(budget.try_retry(at(1s)));  // 25 pay for 5
}

TEST_CASE("without requests only the minimum is granted, once per window", "[retry]") {
  WindowRetryBudget budget{{.retries_min = 3, .window = 10s}};
  REQUIRE(retries_granted(budget, at(0s)) == 3);
  REQUIRE(retries_granted(budget, at(10s) - 1ns) == 0);
  REQUIRE(retries_granted(budget, at(10s)) == 3);
  WindowRetryBudget none{{.retries_min = 0, .window = 10s}};
  REQUIRE_FALSE(none.try_retry(at(0s)));
}

TEST_CASE("requests leave the window slice by slice, and all of them after a long pause", "[retry]") {
  WindowRetryBudget budget{{.budget_percent = 50, .retries_min = 0, .window = 10s}};
  budget.on_request(at(999ms));
  budget.on_request(at(1s));
  REQUIRE(budget.requests() == 2);
  REQUIRE(budget.try_retry(at(9s)));
  REQUIRE_FALSE(budget.try_retry(at(10s)));
  REQUIRE(budget.requests() == 1);  // the slice from 0 to 1 s is gone
  REQUIRE_FALSE(budget.try_retry(at(11s)));
  REQUIRE(budget.requests() == 0);
  REQUIRE(budget.retries() == 1);
  REQUIRE_FALSE(budget.try_retry(at(1h)));
  REQUIRE(budget.retries() == 0);
}

TEST_CASE("the preset of finagle grants 100 retries per 10 s besides its 20 percent", "[retry]") {
  WindowRetryBudget budget{WindowRetryBudget::finagle()};
  for (int request = 0; request < 50; ++request) {
    budget.on_request(at(0s));
  }
  REQUIRE(retries_granted(budget, at(0s)) == 110);
}

TEST_CASE("a fifth of the active requests may be retries, and three in any case", "[retry]") {
  ConcurrentRetryBudget budget{ConcurrentRetryBudget::envoy()};
  REQUIRE(budget.try_retry(1));
  REQUIRE(budget.try_retry(1));
  REQUIRE(budget.try_retry(1));
  REQUIRE_FALSE(budget.try_retry(19));  // a fifth of 19 is 3
  REQUIRE(budget.try_retry(20));
  REQUIRE_FALSE(budget.try_retry(20));
  budget.on_retry_finished();
  REQUIRE(budget.active_retries() == 3);
  REQUIRE(budget.try_retry(20));
}

TEST_CASE("500 tokens pay for 100 retries or for 50 after timeouts", "[retry]") {
  RetryQuota quota{RetryQuota::aws_sdk()};
  for (int retry = 0; retry < 100; ++retry) {
    REQUIRE(quota.try_retry(ErrorClass::throttled) == 5U);
  }
  REQUIRE_FALSE(quota.try_retry(ErrorClass::throttled));
  RetryQuota of_timeouts{RetryQuota::aws_sdk()};
  for (int retry = 0; retry < 50; ++retry) {
    REQUIRE(of_timeouts.try_retry(ErrorClass::timed_out) == 10U);
  }
  REQUIRE_FALSE(of_timeouts.try_retry(ErrorClass::server_error));
}

TEST_CASE("a success brings back what its last retry cost, or one token", "[retry]") {
  RetryQuota quota{{.capacity = 20}};
  const auto timeout_cost = quota.try_retry(ErrorClass::timed_out);
  const auto other_cost = quota.try_retry(ErrorClass::server_error);
  REQUIRE(quota.tokens() == 5);
  REQUIRE_FALSE(quota.try_retry(ErrorClass::timed_out));
  REQUIRE(quota.tokens() == 5);
  quota.on_success(other_cost);
  REQUIRE(quota.tokens() == 10);
  quota.on_success(std::nullopt);
  REQUIRE(quota.tokens() == 11);
  quota.on_success(timeout_cost);
  REQUIRE(quota.tokens() == 20);  // 21 would be above the capacity
}

TEST_CASE("retries stop at half of the tokens and go on above it", "[retry]") {
  RetryThrottle throttle{RetryThrottle::grpc()};
  for (int failure = 0; failure < 4; ++failure) {
    throttle.on_failure();
  }
  REQUIRE(throttle.may_retry());  // 6 of 10
  throttle.on_failure();
  REQUIRE_FALSE(throttle.may_retry());  // 5
  throttle.on_success();
  REQUIRE(throttle.may_retry());  // 5.1
}

TEST_CASE("the tokens of a throttle stay between none and all", "[retry]") {
  RetryThrottle throttle{{.tokens_max = 2, .token_ratio = 0.7}};
  for (int failure = 0; failure < 5; ++failure) {
    throttle.on_failure();
  }
  REQUIRE(throttle.thousandths_of_tokens() == 0);
  throttle.on_success();
  REQUIRE(throttle.thousandths_of_tokens() == 700);
  for (int success = 0; success < 5; ++success) {
    throttle.on_success();
  }
  REQUIRE(throttle.thousandths_of_tokens() == 2000);
}

TEST_CASE("of a token ratio three decimals count", "[retry]") {
  for (const auto& [ratio, thousandths] : {std::pair{0.29, 290U}, {0.1239, 123U}, {0.001, 1U}, {1.001, 1001U}}) {
    RetryThrottle throttle{{.tokens_max = 10, .token_ratio = ratio}};
    throttle.on_failure();
    throttle.on_failure();
    throttle.on_success();
    REQUIRE(throttle.thousandths_of_tokens() == 8000 + thousandths);
  }
}

TEST_CASE("budgets of nothing and retries that end before they begin are bugs", "[retry]") {
  REQUIRE_THROWS_AS(WindowRetryBudget{{.window = 0s}}, AssertionFailure);
  REQUIRE_THROWS_AS(WindowRetryBudget{{.window = 9ns}}, AssertionFailure);
  REQUIRE_THROWS_AS(RetryQuota{{.retry_cost = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS(RetryThrottle{{.tokens_max = 1001}}, AssertionFailure);
  REQUIRE_THROWS_AS(RetryThrottle{{.token_ratio = 0}}, AssertionFailure);
  ConcurrentRetryBudget concurrent{ConcurrentRetryBudget::envoy()};
  REQUIRE_THROWS_AS(concurrent.on_retry_finished(), AssertionFailure);
  WindowRetryBudget window{{}};
  window.on_request(at(1s));
  REQUIRE_THROWS_AS(window.on_request(at(0s)), AssertionFailure);
}
