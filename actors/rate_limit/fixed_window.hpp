#pragma once

#include <cstdint>

#include "actors/rate_limit/rate_decision.hpp"

namespace sim::policies {

/// Counts permits per window and starts again from zero in the next one.
///
/// A window contains its first instant and not its end. A request is allowed while the count including it is at most
/// `limit`. Two windows that touch can let twice the limit through in an interval as long as one window.
class FixedWindow {
 public:
  enum class Anchor {
    multiples_of_window,  ///< windows are [k × window, (k + 1) × window) of virtual time
    first_request         ///< a window opens with the first request after the last one ended
  };

  struct Config {
    std::uint32_t limit = 100;  ///< permits per window
    Duration window = 1s;
    Anchor anchor = Anchor::multiples_of_window;
    bool rejected_requests_count = false;  ///< use up permits, too
    /// 0: no block. Otherwise the first rejected request of a window moves the end of that window to this long after
    /// itself, sooner or later. The bound of twice the limit holds for 0 and for blocks of at least one window.
    Duration block_duration = 0s;

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// 4 points per second, windows that open with a request, rejected requests count.
  /// Source: rate-limiter-flexible 11.4.0, options of RateLimiterMemory (its recorded steps are among the tests).
  [[nodiscard]] static Config rate_limiter_flexible() { return {4, 1s, Anchor::first_request, true, 0s}; }

  explicit FixedWindow(Config config);

  RateDecision acquire(Time now, std::uint32_t permits = 1);

  /// Permits counted in the window of the last request, rejected ones included if those count.
  [[nodiscard]] std::uint64_t consumed() const { return consumed_; }
  /// When the window of the last request ends; that instant belongs to the next window.
  [[nodiscard]] Time window_ends_at() const { return window_ends_at_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  void open_window(Time now);

  Config config_;
  Time now_{};
  Time window_ends_at_{};
  std::uint64_t consumed_ = 0;
  bool has_rejected_ = false;  ///< in this window
};

}  // namespace sim::policies
