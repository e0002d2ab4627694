#pragma once

#include <cstdint>
#include <optional>

#include "actors/retry/error_class.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// When to try one call again after it failed, and when to give up. One value per call.
///
/// The k-th delay (k from 1) is first v = min(delay_max, base), with base = `initial_delay` for constant, k ×
/// `initial_delay` for linear, `initial_delay` × `multiplier`^(k-1) for exponential back-off. Jitter then makes of it:
///
///     none           v
///     full           U(0, v)
///     equal          v/2 + U(0, v/2)
///     decorrelated   min(delay_max, U(initial_delay, 3 × previous delay)); the one before the first is initial_delay
///     randomized     min(delay_max, U(v × (1 - randomization_factor), v × (1 + randomization_factor)))
///
/// U(a, b) includes a and not b. Source of full, equal and decorrelated: Brooker, "Exponential Backoff And Jitter", AWS
/// Architecture Blog (2015), and its simulator; of randomized: resilience4j 2, IntervalFunction.
class RetrySchedule {
 public:
  enum class Backoff { constant, linear, exponential };
  enum class Jitter { none, full, equal, decorrelated, randomized };

  struct Config {
    std::uint32_t attempts_max = 3;  ///< the first one included; 0: no limit
    Backoff backoff = Backoff::exponential;
    Duration initial_delay = 500ms;
    double multiplier = 2;     ///< exponential back-off; at least 1
    Duration delay_max = 30s;  ///< `forever`: no limit
    Jitter jitter = Jitter::none;
    double randomization_factor = 0.5;  ///< randomized jitter; 0 to 1
    /// From the start of the call to its last attempt. The last delay is cut so that the attempt begins in time; a
    /// failure at or after it ends the call. `forever`: no limit.
    Duration total_time_max = forever;
    ErrorClasses retryable = {ErrorClass::connection_failed, ErrorClass::timed_out, ErrorClass::throttled,
                              ErrorClass::server_error, ErrorClass::rejected};

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// 3 attempts in all, 500 ms apart, whatever the error. Source: resilience4j 2, RetryConfig.
  [[nodiscard]] static Config resilience4j();
  /// The same with 500 ms × 1.5^(k-1), ±50 %. Source: resilience4j 2, defaults of IntervalFunction.
  [[nodiscard]] static Config resilience4j_exponential_random();
  /// 3 retries besides the first attempt, 2 s apart. Source: Polly 8, RetryStrategyOptions.
  [[nodiscard]] static Config polly();
  /// 3 attempts in all, full jitter of 1 s × 2^(k-1), at most 20 s. Source: botocore, standard retry mode.
  [[nodiscard]] static Config aws_sdk();
  /// 1 retry, full jitter of 25 ms × 2^(k-1), at most 250 ms. Source: Envoy, router filter and RetryPolicy, condition
  /// 5xx.
  [[nodiscard]] static Config envoy();
  /// 4 attempts in all, full jitter of 100 ms × 2^(k-1), at most 1 s, when unavailable. gRPC has no defaults; these are
  /// the numbers of the example in gRFC A6. It allows at most 5 attempts.
  [[nodiscard]] static Config grpc();
  /// 128 ms × 2^(k-1), at most 30 s, no jitter, no limit of attempts. Source: cockatiel 3.2.1, ExponentialBackoff with
  /// noJitterGenerator.
  [[nodiscard]] static Config cockatiel();
  /// 10 retries besides the first attempt, 1 s × 2^(k-1). Source: p-retry 7.1.1, defaults.
  [[nodiscard]] static Config p_retry();

  enum class Outcome { retry, not_retryable, attempts_exhausted, time_exhausted };

  struct Decision {
    Outcome outcome = Outcome::retry;
    Duration delay{};  ///< before the next attempt; 0 when there is none

    friend bool operator==(const Decision&, const Decision&) = default;
  };

  RetrySchedule(Config config, Time started_at);

  /// What to do after an attempt failed at `now`. `uniform01` is a draw from [0, 1), of use only to jitter.
  /// `retry_after` is the wait that the server asked for: it replaces the delay, jitter and `delay_max` included, and
  /// the call ends when it would reach beyond `total_time_max`.
  Decision on_failure(Time now, ErrorClass error, double uniform01, std::optional<Duration> retry_after = std::nullopt);

  /// Attempts made so far, one that is going on included.
  [[nodiscard]] std::uint32_t attempts() const { return attempts_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  [[nodiscard]] Duration next_base();
  [[nodiscard]] Duration jittered(Duration base, double uniform01) const;

  Config config_;
  Time started_at_;
  Time now_;
  std::uint32_t attempts_ = 1;
  double factor_ = 1;  ///< base delay ÷ initial_delay
  Duration previous_delay_;
};

}  // namespace sim::policies
