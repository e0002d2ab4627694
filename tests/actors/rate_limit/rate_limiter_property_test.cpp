#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>
#include <string>
#include <vector>

#include "actors/rate_limit/rate_limiter.hpp"

using namespace sim;
using namespace sim::policies;
using Algorithm = RateLimiter::Algorithm;

namespace {

/// Times are a few nanoseconds, so that boundaries are hit all the time and every instant can be tried.
struct Ask {
  Time at{};
  std::uint32_t permits = 1;
};

using Asks = std::vector<Ask>;

std::vector<Ask> some_asks(const RateLimiter::Config& config) {
  const std::int64_t gap_ns_max = config.window.count() + 3;
  const auto count = *rc::gen::inRange(0, 40);
  Asks asks;
  Time now{};
  for (int ask = 0; ask < count; ++ask) {
    now += *rc::gen::element<std::int64_t>(0, 0, 1, 1, 2, 3, gap_ns_max - 4, gap_ns_max) * 1ns;
    asks.push_back({now, *rc::gen::inRange<std::uint32_t>(1, 4)});
  }
  return asks;
}

/// `burst` is at most `limit + 2`, so that permits of 1 to 3 are sometimes more than there ever are.
RateLimiter::Config some_config(Algorithm algorithm) {
  RateLimiter::Config config;
  config.algorithm = algorithm;
  config.limit = *rc::gen::inRange<std::uint32_t>(1, 7);
  config.window = *rc::gen::inRange(1, 20) * 1ns;
  config.burst = *rc::gen::inRange<std::uint32_t>(0, config.limit + 3);
  return config;
}

RateLimiter::Config with_some_options(RateLimiter::Config config) {
  config.starts_full = *rc::gen::arbitrary<bool>();
  config.refill_in_whole_windows = *rc::gen::arbitrary<bool>();
  config.interval_permits_max = *rc::gen::inRange<std::uint32_t>(0, 5);
  config.window_opens_with_request = *rc::gen::arbitrary<bool>();
  config.rejected_requests_count = *rc::gen::arbitrary<bool>();
  config.block_duration = *rc::gen::element<std::int64_t>(0, 3, 25) * 1ns;
  return config;
}

const std::vector<Algorithm> all_algorithms = {Algorithm::fixed_window,           Algorithm::sliding_window_log,
                                               Algorithm::sliding_window_counter, Algorithm::token_bucket,
                                               Algorithm::leaky_bucket,           Algorithm::gcra};

Asks allowed_of(RateLimiter limiter, const Asks& asks) {
  Asks allowed;
  std::copy_if(asks.begin(), asks.end(), std::back_inserter(allowed),
               [&](const Ask& ask) { return limiter.acquire(ask.at, ask.permits).allowed; });
  return allowed;
}

/// Permits taken in [from, to).
std::int64_t taken(const Asks& allowed, Time from, Time to) {
  std::int64_t permits = 0;
  for (const Ask& ask : allowed) {
    permits += ask.at >= from && ask.at < to ? ask.permits : 0;
  }
  return permits;
}

/// The most permits in any interval [t, t + length).
std::int64_t taken_max(const Asks& allowed, Duration length) {
  std::int64_t most = 0;
  for (const Ask& first : allowed) {
    most = std::max(most, taken(allowed, first.at, first.at + length));
  }
  return most;
}

/// Whether no window of the grid, [k × window, (k + 1) × window), has more than the limit.
bool grid_keeps_limit(const Asks& allowed, const RateLimiter::Config& config) {
  return std::all_of(allowed.begin(), allowed.end(), [&](const Ask& ask) {
    const Time start = ask.at - ask.at.time_since_epoch() % config.window;
    return taken(allowed, start, start + config.window) <= config.limit;
  });
}

/// Whether burst + rate × t bounds the permits from any one request to any other, both included.
bool keeps_burst_and_rate(const Asks& allowed, const RateLimiter::Config& config) {
  const std::int64_t burst = config.burst > 0 ? config.burst : config.limit;
  for (const Ask& first : allowed) {
    for (const Ask& last : allowed) {
      const std::int64_t refilled_units = config.limit * (last.at - first.at).count();
      if (last.at >= first.at &&
          (taken(allowed, first.at, last.at + 1ns) - burst) * config.window.count() > refilled_units) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

TEST_CASE("no limiter lets more through than its bound", "[rate_limiter][property]") {
  rc::prop("fixed window: the limit in a window of the grid, twice the limit in any interval of one window", [] {
    const auto config = some_config(Algorithm::fixed_window);
    const Asks allowed = allowed_of(RateLimiter{config}, some_asks(config));
    RC_ASSERT(grid_keeps_limit(allowed, config));
    RC_ASSERT(taken_max(allowed, config.window) <= 2 * config.limit);
  });
  rc::prop("fixed window that opens with a request, with and without a block: twice the limit", [] {
    auto config = with_some_options(some_config(Algorithm::fixed_window));
    config.window_opens_with_request = true;
    config.block_duration = *rc::gen::element<std::int64_t>(0, config.window.count(), 30) * 1ns;
    const Asks allowed = allowed_of(RateLimiter{config}, some_asks(config));
    RC_ASSERT(taken_max(allowed, config.window) <= 2 * config.limit);
  });
  rc::prop("sliding log: the limit in any interval of one window", [] {
    const auto config = some_config(Algorithm::sliding_window_log);
    RC_ASSERT(taken_max(allowed_of(RateLimiter{config}, some_asks(config)), config.window) <= config.limit);
  });
  rc::prop("sliding counter: the limit in a window of the grid, less than twice the limit in any interval", [] {
    const auto config = some_config(Algorithm::sliding_window_counter);
    const Asks allowed = allowed_of(RateLimiter{config}, some_asks(config));
    RC_ASSERT(grid_keeps_limit(allowed, config));
    RC_ASSERT(taken_max(allowed, config.window) < 2 * config.limit);
  });
  rc::prop("token bucket, leaky bucket and GCRA: burst + rate × t in any interval of length t", [] {
    auto config = some_config(*rc::gen::element(Algorithm::token_bucket, Algorithm::leaky_bucket, Algorithm::gcra));
    config.starts_full = *rc::gen::arbitrary<bool>();
    RC_ASSERT(keeps_burst_and_rate(allowed_of(RateLimiter{config}, some_asks(config)), config));
  });
}

TEST_CASE("every limiter can reach its bound", "[rate_limiter]") {
  const auto burst_of = [](RateLimiter& limiter, Time now) {
    int permits = 0;
    while (permits < 1000 && limiter.acquire(now).allowed) {
      ++permits;
    }
    return permits;
  };
  for (const Algorithm algorithm : all_algorithms) {
    INFO(to_text(algorithm));
    RateLimiter limiter{{.algorithm = algorithm, .limit = 10, .window = 10ns}};
    const int at_the_end_of_a_window = burst_of(limiter, Time{9ns});
    REQUIRE(at_the_end_of_a_window == 10);
    const int in_the_same_interval = burst_of(limiter, Time{10ns}) + burst_of(limiter, Time{18ns});
    switch (algorithm) {
      case Algorithm::fixed_window:
        REQUIRE(in_the_same_interval == 10);
        break;
      case Algorithm::sliding_window_log:
        REQUIRE(in_the_same_interval == 0);
        break;
      case Algorithm::sliding_window_counter:
        REQUIRE(in_the_same_interval == 8);  // 80 % of the window have passed
        break;
      case Algorithm::token_bucket:
      case Algorithm::leaky_bucket:
      case Algorithm::gcra:
        REQUIRE(in_the_same_interval == 9);  // one per nanosecond
    }
  }
}

TEST_CASE("a refused request is allowed after exactly retry_after, and not a nanosecond sooner",
          "[rate_limiter][property]") {
  for (const Algorithm algorithm : all_algorithms) {
    rc::prop(std::string(to_text(algorithm)), [algorithm] {
      const auto config = with_some_options(some_config(algorithm));
      RateLimiter limiter{config};
      for (const Ask& ask : some_asks(config)) {
        const RateDecision decision = limiter.acquire(ask.at, ask.permits);
        RC_ASSERT(decision.allowed == (decision.retry_after == 0ns));
        if (decision.allowed) {
          continue;
        }
        const bool is_never = decision.retry_after == forever;
        const Time allowed_at = is_never ? ask.at + 200ns : ask.at + decision.retry_after;
        for (Time early = ask.at; early < allowed_at; early += 1ns) {
          RateLimiter copy = limiter;
          RC_ASSERT(!copy.acquire(early, ask.permits).allowed);
        }
        RateLimiter copy = limiter;
        RC_ASSERT(copy.acquire(allowed_at, ask.permits).allowed == !is_never);
      }
    });
  }
}

TEST_CASE("rejected requests leave no trace, unless they are told to", "[rate_limiter][property]") {
  for (const Algorithm algorithm : all_algorithms) {
    rc::prop(std::string(to_text(algorithm)), [algorithm] {
      auto config = some_config(algorithm);
      config.refill_in_whole_windows = *rc::gen::arbitrary<bool>();
      const Asks allowed = allowed_of(RateLimiter{config}, some_asks(config));
      RC_ASSERT(allowed_of(RateLimiter{config}, allowed).size() == allowed.size());
    });
  }
}

namespace {

/// A limiter that remembers everything it allowed and derives each decision from that alone, the slow way.
class NaiveLimiter {
 public:
  explicit NaiveLimiter(const RateLimiter::Config& config) : config_(config) {}

  bool acquire(Time now, std::uint32_t permits) {
    const bool allowed = fits(now, permits);
    if (allowed) {
      allowed_.push_back({now, permits});
    }
    return allowed;
  }

 private:
  [[nodiscard]] bool fits(Time now, std::uint32_t permits) const {
    const Time start = now - now.time_since_epoch() % config_.window;
    switch (config_.algorithm) {
      case Algorithm::fixed_window:
        return taken(allowed_, start, now + 1ns) + permits <= config_.limit;
      case Algorithm::sliding_window_log:
        return taken(allowed_, now - config_.window + 1ns, now + 1ns) + permits <= config_.limit;
      case Algorithm::sliding_window_counter: {
        const std::int64_t previous = taken(allowed_, start - config_.window, start);
        const std::int64_t current = taken(allowed_, start, now + 1ns);
        const std::int64_t window_ns = config_.window.count();
        const std::int64_t covered_ns = window_ns - (now - start).count();
        return previous * covered_ns <= (config_.limit - current - permits) * window_ns;
      }
      default:
        return permits * config_.window.count() <= content(now);
    }
  }

  /// Of a bucket in which every nanosecond brings `limit` units and a permit costs `window` of them.
  [[nodiscard]] std::int64_t content(Time now) const {
    const std::int64_t full = (config_.burst > 0 ? config_.burst : config_.limit) * config_.window.count();
    std::int64_t content = config_.starts_full ? full : 0;
    for (Time moment{}; moment <= now; moment += 1ns) {
      const bool is_end_of_window = moment.time_since_epoch() % config_.window == 0ns;
      if (moment > Time{} && (!config_.refill_in_whole_windows || is_end_of_window)) {
        content += config_.limit * (config_.refill_in_whole_windows ? config_.window.count() : Ticks(1));
      }
      content = std::min(content, full) - taken(allowed_, moment, moment + 1ns) * config_.window.count();
    }
    return content;
  }

  RateLimiter::Config config_;
  Asks allowed_;
};

}  // namespace

TEST_CASE("every limiter decides as one that remembers everything", "[rate_limiter][property]") {
  for (const Algorithm algorithm : all_algorithms) {
    rc::prop(std::string(to_text(algorithm)), [algorithm] {
      auto config = some_config(algorithm);
      if (algorithm == Algorithm::token_bucket) {
        config.starts_full = *rc::gen::arbitrary<bool>();
        config.refill_in_whole_windows = *rc::gen::arbitrary<bool>();
      }
      RateLimiter limiter{config};
      NaiveLimiter naive{config};
      for (const Ask& ask : some_asks(config)) {
        RC_ASSERT(limiter.acquire(ask.at, ask.permits).allowed == naive.acquire(ask.at, ask.permits));
      }
    });
  }
}

TEST_CASE("a full token bucket, a leaky bucket and GCRA make the same decisions", "[rate_limiter][property]") {
  rc::prop("and name the same waits", [] {
    auto config = some_config(Algorithm::token_bucket);
    const Asks asks = some_asks(config);
    RateLimiter token_bucket{config};
    config.algorithm = Algorithm::leaky_bucket;
    RateLimiter leaky_bucket{config};
    config.algorithm = Algorithm::gcra;
    RateLimiter gcra{config};
    for (const Ask& ask : asks) {
      const RateDecision expected = token_bucket.acquire(ask.at, ask.permits);
      RateDecision held_back = leaky_bucket.acquire(ask.at, ask.permits);
      held_back.delay = 0ns;
      RC_ASSERT(held_back == expected);
      RC_ASSERT(gcra.acquire(ask.at, ask.permits) == expected);
    }
  });
}

TEST_CASE("what leaves a leaky bucket is in order and spaced by its rate", "[rate_limiter][property]") {
  rc::prop("as in a queue whose server takes window / limit per permit", [] {
    const auto config = some_config(Algorithm::leaky_bucket);
    RateLimiter limiter{config};
    std::int64_t server_free_at = 0;  // nanoseconds × limit
    for (const Ask& ask : some_asks(config)) {
      const RateDecision decision = limiter.acquire(ask.at, ask.permits);
      if (!decision.allowed) {
        RC_ASSERT(decision.delay == 0ns);
        continue;
      }
      const std::int64_t begins =
          std::max<std::int64_t>(server_free_at, ask.at.time_since_epoch().count() * config.limit);
      const std::int64_t leaves_ns = (ask.at + decision.delay).time_since_epoch().count();
      RC_ASSERT(leaves_ns == (begins + config.limit - 1) / config.limit);
      server_free_at = begins + ask.permits * config.window.count();
    }
  });
}

TEST_CASE("times of decades and rates of billions do not overflow", "[rate_limiter]") {
  constexpr std::uint32_t most = 0xffffffff;
  for (const Algorithm algorithm : all_algorithms) {
    INFO(to_text(algorithm));
    RateLimiter limiter{{.algorithm = algorithm, .limit = most, .window = 24h * 365 * 90}};
    REQUIRE(limiter.acquire(Time{}, most).allowed);
    REQUIRE(!limiter.acquire(Time{24h * 365}, most).allowed);
    REQUIRE(limiter.acquire(Time{24h * 365 * 190}, most).allowed);
  }
}
