#pragma once

#include <cstdint>

#include "actors/rate_limit/rate_decision.hpp"

namespace sim::policies {

/// A bucket of tokens that is refilled at a constant rate up to its capacity; a request takes its permits out of it or,
/// when there are too few, nothing at all.
///
/// In any interval of length t it lets at most `capacity + refill_tokens × t / refill_period` permits through.
/// Fractions of tokens are kept exactly.
class TokenBucket {
 public:
  enum class Refill {
    continuous,    ///< a fraction of a token every nanosecond
    whole_periods  ///< `refill_tokens` at once at the end of every period, counted from the start
  };

  struct Config {
    std::uint32_t capacity = 10;  ///< tokens; also called burst
    std::uint32_t refill_tokens = 1;
    Duration refill_period = 1s;  ///< in which `refill_tokens` come in
    Refill refill = Refill::continuous;
    bool starts_full = true;
    std::uint32_t interval_tokens_max = 0;  ///< a second limit: tokens taken per interval; 0: none
    /// Of that second limit. It is anchored at the start, then at the first request one interval or more after the last
    /// anchor.
    Duration interval = 1s;

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// 50 permits every 500 ns. Source: resilience4j 2, RateLimiterConfig (limitForPeriod, limitRefreshPeriod). Its third
  /// setting, timeoutDuration 5 s, is how long a caller waits for `retry_after`; that is up to the caller.
  [[nodiscard]] static Config resilience4j() { return {50, 50, 500ns, Refill::whole_periods, true, 0, 1s}; }

  /// Source: npm package limiter 4.1.0, class TokenBucket (its recorded steps are among the tests).
  [[nodiscard]] static Config limiter_token_bucket(std::uint32_t bucket_size, std::uint32_t tokens_per_interval,
                                                   Duration interval) {
    return {bucket_size, tokens_per_interval, interval, Refill::continuous, false, 0, 1s};
  }

  /// Source: npm package limiter 4.1.0, class RateLimiter: a full bucket, and never more per interval than come in.
  [[nodiscard]] static Config limiter_rate_limiter(std::uint32_t tokens_per_interval, Duration interval) {
    return {
        tokens_per_interval, tokens_per_interval, interval, Refill::continuous, true, tokens_per_interval, interval};
  }

  explicit TokenBucket(Config config, Time start = Time{});

  RateDecision acquire(Time now, std::uint32_t permits = 1);

  /// Tokens after the last request that was not for more than there ever are; the started one included, for output
  /// only.
  [[nodiscard]] double tokens() const;
  /// The whole ones of these tokens.
  [[nodiscard]] std::uint32_t whole_tokens() const;
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  void refill(Time now);
  void move_interval(Time now);
  [[nodiscard]] Duration wait_for_tokens(std::uint32_t permits) const;
  [[nodiscard]] Duration wait_for_interval(std::uint32_t permits) const;

  Config config_;
  Time now_;
  Time refilled_at_;          ///< up to when tokens have come in
  rates::Wide content_;       ///< tokens × refill_period, as `refill_tokens` of that come in per nanosecond
  rates::Wide full_content_;  ///< the same of a full bucket
  Time interval_starts_at_;
  std::uint32_t interval_tokens_ = 0;
};

}  // namespace sim::policies
