#pragma once

#include <boost/circular_buffer.hpp>
#include <cstdint>

#include "actors/rate_limit/rate_decision.hpp"

namespace sim::policies {

/// Remembers when every allowed permit was taken and never lets more than `limit` of them into any interval of one
/// window.
///
/// A permit taken at t counts in [t, t + window): exactly one window later it no longer does. Rejected requests leave
/// no trace. Permits taken at the same instant share one entry; the memory is at most one entry per permit of the
/// limit.
class SlidingWindowLog {
 public:
  struct Config {
    std::uint32_t limit = 100;  ///< permits per window
    Duration window = 1s;

    friend bool operator==(const Config&, const Config&) = default;
  };

  explicit SlidingWindowLog(Config config);

  RateDecision acquire(Time now, std::uint32_t permits = 1);

  /// Permits that counted at the last request.
  [[nodiscard]] std::uint32_t consumed() const { return consumed_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  struct Entry {
    Time at{};
    std::uint32_t permits = 0;
  };

  void forget_old(Time now);
  void record(Time now, std::uint32_t permits);
  [[nodiscard]] Time free_at(std::uint32_t permits) const;

  Config config_;
  Time now_{};
  std::uint32_t consumed_ = 0;
  boost::circular_buffer<Entry> log_;  ///< oldest first
};

}  // namespace sim::policies
