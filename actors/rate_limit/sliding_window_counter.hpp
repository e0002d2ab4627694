#pragma once

#include <cstdint>

#include "actors/rate_limit/rate_decision.hpp"

namespace sim::policies {

/// Approximates the sliding log with two numbers: permits of the current window, and those of the previous one weighted
/// by the part of it that a window ending now would still cover.
///
/// Windows are [k × window, (k + 1) × window) of virtual time. A request is allowed while `current + previous ×
/// (window - elapsed) / window + permits` is at most `limit` (inclusive, compared without rounding). As the estimate
/// takes the previous permits for evenly spread, an interval of one window may see up to, but not quite, twice the
/// limit; a window of the grid never sees more than the limit. Rejected requests leave no trace. Source: the method
/// described in "How we built rate limiting capable of scaling to millions of domains", Cloudflare (2017).
class SlidingWindowCounter {
 public:
  struct Config {
    std::uint32_t limit = 100;  ///< permits per window
    Duration window = 1s;

    friend bool operator==(const Config&, const Config&) = default;
  };

  explicit SlidingWindowCounter(Config config);

  RateDecision acquire(Time now, std::uint32_t permits = 1);

  /// Permits of the window of the last request, and of the one before it.
  [[nodiscard]] std::uint32_t current() const { return current_; }
  [[nodiscard]] std::uint32_t previous() const { return previous_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  void move_window(Time now);
  [[nodiscard]] Duration wait(Time now, std::uint32_t permits) const;

  Config config_;
  Time now_{};
  Time window_starts_at_{};
  std::uint32_t current_ = 0;
  std::uint32_t previous_ = 0;
};

}  // namespace sim::policies
