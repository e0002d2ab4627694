#pragma once

#include <cstdint>

#include "actors/rate_limit/rate_decision.hpp"

namespace sim::policies {

/// The generic cell rate algorithm: a limiter whose whole state is one instant, the theoretical arrival time (TAT) of
/// the next request.
///
/// With the emission interval T = `period / permits_per_period` and the tolerance τ = (`burst` - 1) × T, a request is
/// allowed when it comes no earlier than TAT - τ (inclusive); then TAT becomes max(now, TAT) + T. So `burst` requests
/// may come at once after a pause, and in any interval of length t at most `burst + t / T`. A request for n permits
/// counts as n requests, all or none. T is kept as a ratio and not rounded. Source: ITU-T I.371, virtual scheduling;
/// redis-cell's `max_burst` is `burst - 1`.
class Gcra {
 public:
  struct Config {
    std::uint32_t burst = 1;
    std::uint32_t permits_per_period = 1;
    Duration period = 1s;

    friend bool operator==(const Config&, const Config&) = default;
  };

  explicit Gcra(Config config);

  RateDecision acquire(Time now, std::uint32_t permits = 1);

  /// The theoretical arrival time, rounded up to a nanosecond.
  [[nodiscard]] Time theoretical_arrival_time() const;
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  Config config_;
  Time now_{};
  rates::Wide theoretical_arrival_ = 0;  ///< nanoseconds × permits_per_period
};

}  // namespace sim::policies
