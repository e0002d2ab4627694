#pragma once

#include <cstdint>

#include "actors/rate_limit/rate_decision.hpp"

namespace sim::policies {

/// A queue that lets requests out at a constant rate: it takes the bursts out of its input.
///
/// Every admitted permit is water of which `drain_permits` run out per `drain_period`, continuously. A request is
/// admitted while the water and its own permits are at most `capacity` (inclusive), and goes on when the water that it
/// found has run out: at once from an empty bucket, otherwise `delay` later. What goes on is spaced by
/// `permits × drain_period / drain_permits`, rounded up to nanoseconds without adding up. It admits the same requests
/// as a full token bucket of the same capacity and rate, which lets them go on at once. Source: Turner, "New directions
/// in communications (or which way to the information age?)", IEEE Communications Magazine 24 (1986); there as a meter.
class LeakyBucket {
 public:
  struct Config {
    std::uint32_t capacity = 10;  ///< permits, the one that goes on at once included
    std::uint32_t drain_permits = 1;
    Duration drain_period = 1s;  ///< in which `drain_permits` run out

    friend bool operator==(const Config&, const Config&) = default;
  };

  explicit LeakyBucket(Config config);

  RateDecision acquire(Time now, std::uint32_t permits = 1);

  /// Permits in the bucket at `now`, the started one included; for output only.
  [[nodiscard]] double level(Time now) const;
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  [[nodiscard]] rates::Wide water(Time now) const;

  Config config_;
  Time now_{};
  rates::Wide empty_at_ = 0;  ///< nanoseconds × drain_permits
};

}  // namespace sim::policies
