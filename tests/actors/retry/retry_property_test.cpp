#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>
#include <vector>

#include "actors/retry/retry_budget.hpp"
#include "actors/retry/retry_schedule.hpp"

using namespace sim;
using namespace sim::policies;
using Backoff = RetrySchedule::Backoff;
using Jitter = RetrySchedule::Jitter;
using Outcome = RetrySchedule::Outcome;

namespace {

double some_draw() { return *rc::gen::inRange(0, 1'000'000) * 1e-6; }

RetrySchedule::Config some_retry_config() {
  RetrySchedule::Config config;
  config.attempts_max = *rc::gen::inRange<std::uint32_t>(0, 12);
  config.backoff = *rc::gen::element(Backoff::constant, Backoff::linear, Backoff::exponential);
  config.initial_delay = *rc::gen::inRange(0, 2000) * 1ms;
  config.multiplier = *rc::gen::element(1.0, 1.5, 2.0, 10.0);
  config.delay_max = config.initial_delay + *rc::gen::inRange(0, 20'000) * 1ms;
  config.jitter =
      *rc::gen::element(Jitter::none, Jitter::full, Jitter::equal, Jitter::decorrelated, Jitter::randomized);
  config.randomization_factor = *rc::gen::element(0.0, 0.5, 1.0);
  config.total_time_max = *rc::gen::element(Duration{forever}, Duration{0s}, Duration{5s}, Duration{60s});
  return config;
}

/// The delay without jitter before the k-th retry.
Duration base_delay(const RetrySchedule::Config& config, int k) {
  Duration delay = config.initial_delay;
  for (int step = 1; step < k && delay < config.delay_max; ++step) {
    delay = config.backoff == Backoff::constant ? delay
            : config.backoff == Backoff::linear
                ? delay + config.initial_delay
                : Duration{static_cast<std::int64_t>(static_cast<double>(delay.count()) * config.multiplier)};
  }
  return std::min(delay, config.delay_max);
}

}  // namespace

TEST_CASE("every delay is within the bounds of its jitter, its maximum and the time of the call", "[retry][property]") {
  rc::prop("and attempts are as many as allowed", [] {
    const RetrySchedule::Config config = some_retry_config();
    RetrySchedule schedule{config, Time{1h}};
    Time now{1h};
    Duration previous = config.initial_delay;
    for (int failure = 1; failure <= 15; ++failure) {
      now += *rc::gen::inRange(0, 3000) * 1ms;
      const auto decision = schedule.on_failure(now, ErrorClass::timed_out, some_draw());
      const Duration elapsed = now - Time{1h};
      const bool has_attempts = config.attempts_max == 0 || failure < static_cast<int>(config.attempts_max);
      const bool has_time = elapsed < config.total_time_max;
      RC_ASSERT((decision.outcome == Outcome::retry) == (has_attempts && has_time));
      if (decision.outcome != Outcome::retry) {
        RC_ASSERT(decision.outcome == (has_attempts ? Outcome::time_exhausted : Outcome::attempts_exhausted));
        return;
      }
      const Duration remaining = config.total_time_max - elapsed;
      const Duration base = base_delay(config, failure);
      const Duration longest = config.jitter == Jitter::decorrelated ? std::max(3 * previous, config.initial_delay)
                               : config.jitter == Jitter::randomized ? 2 * base
                                                                     : base;
      const Duration shortest = config.jitter == Jitter::none           ? base
                                : config.jitter == Jitter::equal        ? base / 2
                                : config.jitter == Jitter::decorrelated ? config.initial_delay
                                                                        : Duration{0};
      RC_ASSERT(decision.delay >= std::min(shortest, remaining) - 1us);  // the sum of roundings of 1.5^k
      RC_ASSERT(decision.delay <= std::min({longest + 1us, config.delay_max, remaining}));
      if (decision.delay < remaining) {
        previous = decision.delay;
      }
      now += decision.delay;
    }
  });
}

TEST_CASE("full jitter is uniform from nothing to the delay without jitter", "[retry][property]") {
  rc::prop("a linear function of the draw", [] {
    const double draw = some_draw();
    RetrySchedule schedule{{.initial_delay = 1s, .jitter = Jitter::full}, Time{}};
    const Duration delay = schedule.on_failure(Time{}, ErrorClass::timed_out, draw).delay;
    RC_ASSERT(delay <= 1s * draw + 1ns);
    RC_ASSERT(delay >= 1s * draw - 1ns);
  });
}

TEST_CASE("a window budget grants exactly what the requests of its window pay for", "[retry][property]") {
  rc::prop("as a budget that remembers everything", [] {
    const auto percent = *rc::gen::inRange<std::uint32_t>(0, 150);
    const auto retries_min = *rc::gen::inRange<std::uint32_t>(0, 4);
    WindowRetryBudget budget{{percent, retries_min, 100ns}};
    std::vector<std::int64_t> requests_ns;
    std::vector<std::int64_t> retries_ns;
    std::int64_t now_ns = 0;
    const auto steps = *rc::gen::inRange(0, 200);
    for (int step = 0; step < steps; ++step) {
      now_ns += *rc::gen::element(0, 0, 1, 3, 9, 10, 100, 250);
      if (*rc::gen::inRange(0, 3) == 0) {
        budget.on_request(Time{now_ns * 1ns});
        requests_ns.push_back(now_ns);
        continue;
      }
      const auto in_window = [now_ns](const std::vector<std::int64_t>& times_ns) {
        return std::count_if(times_ns.begin(), times_ns.end(),
                             [&](std::int64_t t) { return t / 10 > now_ns / 10 - 10; });
      };
      const bool is_paid_for =
          100 * (in_window(retries_ns) + 1) <= percent * in_window(requests_ns) + 100 * retries_min;
      RC_ASSERT(budget.try_retry(Time{now_ns * 1ns}) == is_paid_for);
      if (is_paid_for) {
        retries_ns.push_back(now_ns);
      }
    }
  });
}

TEST_CASE("a quota never pays out more than it had and got back", "[retry][property]") {
  rc::prop("tokens = capacity - costs + refunds, cut at the capacity", [] {
    RetryQuota quota{{.capacity = 40}};
    std::int64_t tokens = 40;
    std::optional<std::uint32_t> last_cost;
    const auto steps = *rc::gen::inRange(0, 100);
    for (int step = 0; step < steps; ++step) {
      if (*rc::gen::inRange(0, 3) == 0) {
        quota.on_success(last_cost);
        tokens = std::min<std::int64_t>(40, tokens + last_cost.value_or(1));
        last_cost.reset();
      } else {
        const auto error = *rc::gen::element(ErrorClass::timed_out, ErrorClass::throttled);
        const int cost = error == ErrorClass::timed_out ? 10 : 5;
        const auto granted = quota.try_retry(error);
        RC_ASSERT(granted.has_value() == (cost <= tokens));
        tokens -= granted ? cost : 0;
        last_cost = granted ? granted : last_cost;
      }
      RC_ASSERT(quota.tokens() == tokens);
    }
  });
}

TEST_CASE("a client whose every attempt fails makes no more retries than its budget", "[retry][property]") {
  rc::prop("1,000 calls of up to 4 attempts", [] {
    const auto percent = *rc::gen::inRange<std::uint32_t>(0, 100);
    WindowRetryBudget budget{{.budget_percent = percent, .retries_min = 10, .window = 1h}};
    std::uint32_t retries = 0;
    for (int call = 0; call < 1000; ++call) {
      budget.on_request(Time{});
      for (int attempt = 2; attempt <= 4 && budget.try_retry(Time{}); ++attempt) {
        ++retries;
      }
    }
    RC_ASSERT(retries == percent * 10 + 10);
  });
}
