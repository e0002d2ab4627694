#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "libsim/failure.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// What a rate limiter says to one request.
struct RateDecision {
  bool allowed = false;
  /// 0 when allowed. Otherwise the shortest wait after which the same request is allowed if nothing else is asked
  /// meanwhile; `forever` when it asks for more permits than the limiter ever gives at once.
  Duration retry_after{};
  Duration delay{};  ///< how long an allowed request is held back before it goes on; only a leaky bucket does that

  friend bool operator==(const RateDecision&, const RateDecision&) = default;
};

/// The arithmetic that all rate limiters share: whole numbers only, so that a million small refills add up to exactly
/// what one large refill gives.
namespace rates {

/// Permits times nanoseconds need more than 64 bits.
__extension__ typedef __int128 Wide;

/// The smallest whole number of nanoseconds that is at least `numerator / denominator`; both are not negative.
[[nodiscard]] inline Duration divided_up(Wide numerator, std::uint32_t denominator) {
  const Wide quotient = (numerator + denominator - 1) / denominator;
  return Duration{static_cast<std::int64_t>(std::min<Wide>(quotient, forever.count()))};
}

[[nodiscard]] inline std::int64_t nanoseconds(Time time) { return time.time_since_epoch().count(); }

/// The multiple of `period` at or before `time`, which is not before the start of the simulation.
[[nodiscard]] inline Time multiple_before(Time time, Duration period) {
  return time - time.time_since_epoch() % period;
}

/// Whether a window or a period has a length, of at most a hundred years: adding it to a time overflows only in
/// simulations of centuries.
[[nodiscard]] inline bool is_span(Duration duration) { return duration > 0s && duration <= 24h * 36'525; }

[[nodiscard]] inline RateDecision allow() { return {true, Duration{0}, Duration{0}}; }
[[nodiscard]] inline RateDecision refuse(Duration retry_after) { return {false, retry_after, Duration{0}}; }

/// What every limiter asserts of every request. Returns `now`, the new time of the limiter.
inline Time checked(Time before, Time now, std::uint32_t permits) {
  check(now >= before, "the time of a rate limiter never goes back");
  check(permits > 0, "a request asks for at least one permit");
  return now;
}

}  // namespace rates
}  // namespace sim::policies
