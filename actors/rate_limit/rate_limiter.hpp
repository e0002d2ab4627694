#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "actors/rate_limit/fixed_window.hpp"
#include "actors/rate_limit/gcra.hpp"
#include "actors/rate_limit/leaky_bucket.hpp"
#include "actors/rate_limit/rate_decision.hpp"
#include "actors/rate_limit/sliding_window_counter.hpp"
#include "actors/rate_limit/sliding_window_log.hpp"
#include "actors/rate_limit/token_bucket.hpp"
#include "libsim/expected.hpp"

namespace sim::policies {

/// One of the six rate limiters, chosen by name: so that a model or a command line can compare them at the same rate.
class RateLimiter {
 public:
  enum class Algorithm {
    fixed_window,
    sliding_window_log,
    sliding_window_counter,
    token_bucket,
    leaky_bucket,
    gcra,
  };

  /// `limit` permits per `window`, whichever algorithm. The other fields are for some algorithms; the rest ignore them.
  struct Config {
    Algorithm algorithm = Algorithm::token_bucket;
    std::uint32_t limit = 100;
    Duration window = 1s;     ///< buckets: the time in which `limit` permits come in; gcra: limit × emission interval
    std::uint32_t burst = 0;  ///< buckets: capacity; gcra: requests at once; 0: as `limit`
    bool starts_full = true;  ///< token bucket
    bool refill_in_whole_windows = false;    ///< token bucket
    std::uint32_t interval_permits_max = 0;  ///< token bucket: a second limit of permits per window; 0: none
    bool window_opens_with_request = false;  ///< fixed window
    bool rejected_requests_count = false;    ///< fixed window
    Duration block_duration = 0s;            ///< fixed window

    friend bool operator==(const Config&, const Config&) = default;
  };

  explicit RateLimiter(const Config& config, Time start = Time{});
  explicit RateLimiter(FixedWindow limiter) : limiter_(limiter) {}
  explicit RateLimiter(SlidingWindowLog limiter) : limiter_(std::move(limiter)) {}
  explicit RateLimiter(SlidingWindowCounter limiter) : limiter_(limiter) {}
  explicit RateLimiter(TokenBucket limiter) : limiter_(limiter) {}
  explicit RateLimiter(LeakyBucket limiter) : limiter_(limiter) {}
  explicit RateLimiter(Gcra limiter) : limiter_(limiter) {}

  /// Takes `permits` (at least 1) at `now`, which never goes back, or takes nothing.
  RateDecision acquire(Time now, std::uint32_t permits = 1) {
    return std::visit([&](auto& limiter) { return limiter.acquire(now, permits); }, limiter_);
  }

  [[nodiscard]] Algorithm algorithm() const { return static_cast<Algorithm>(limiter_.index()); }

 private:
  /// In the order of `Algorithm`.
  using Limiter = std::variant<FixedWindow, SlidingWindowLog, SlidingWindowCounter, TokenBucket, LeakyBucket, Gcra>;

  [[nodiscard]] static Limiter made(const Config& config, Time start);

  Limiter limiter_;
};

/// The names of the algorithms, in their order.
inline constexpr std::array<std::string_view, 6> rate_limiter_algorithm_names = {
    "fixed_window", "sliding_window_log", "sliding_window_counter", "token_bucket", "leaky_bucket", "gcra"};

[[nodiscard]] std::string_view to_text(RateLimiter::Algorithm algorithm);

/// The algorithm of this name. The error has the name and all that there are.
[[nodiscard]] Expected<RateLimiter::Algorithm> parse_rate_limiter_algorithm(std::string_view name);

}  // namespace sim::policies
