#include "actors/rate_limit/leaky_bucket.hpp"

#include <algorithm>

namespace sim::policies {

LeakyBucket::LeakyBucket(Config config) : config_(config) {
  check(config_.capacity > 0, "a leaky bucket holds at least one permit");
  check(config_.drain_permits > 0, "a leaky bucket leaks");
  check(rates::is_span(config_.drain_period), "a leaky bucket takes some time to leak");
}

RateDecision LeakyBucket::acquire(Time now, std::uint32_t permits) {
  now_ = rates::checked(now_, now, permits);
  if (permits > config_.capacity) {
    return rates::refuse(forever);
  }
  const rates::Wide found = water(now);
  const rates::Wide room = rates::Wide{config_.capacity - permits} * config_.drain_period.count();
  if (found > room) {
    return rates::refuse(rates::divided_up(found - room, config_.drain_permits));
  }
  empty_at_ = rates::Wide{rates::nanoseconds(now)} * config_.drain_permits + found +
              rates::Wide{permits} * config_.drain_period.count();
  return {true, Duration{0}, found == 0 ? Duration{0} : rates::divided_up(found, config_.drain_permits)};
}

double LeakyBucket::level(Time now) const {
  return static_cast<double>(water(now)) / static_cast<double>(config_.drain_period.count());
}

/// Permits × drain_period, of which `drain_permits` run out per nanosecond.
rates::Wide LeakyBucket::water(Time now) const {
  return std::max<rates::Wide>(0, empty_at_ - rates::Wide{rates::nanoseconds(now)} * config_.drain_permits);
}

}  // namespace sim::policies
