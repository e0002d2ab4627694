#include "actors/rate_limit/gcra.hpp"

#include <algorithm>

namespace sim::policies {

Gcra::Gcra(Config config) : config_(config) {
  check(config_.burst > 0, "a burst has at least one request");
  check(config_.permits_per_period > 0, "a rate limiter lets at least one permit through per period");
  check(rates::is_span(config_.period), "the period of a rate limiter has a length");
}

RateDecision Gcra::acquire(Time now, std::uint32_t permits) {
  now_ = rates::checked(now_, now, permits);
  if (permits > config_.burst) {
    return rates::refuse(forever);
  }
  const rates::Wide arrival = rates::Wide{rates::nanoseconds(now)} * config_.permits_per_period;
  const rates::Wide tolerance = rates::Wide{config_.burst - permits} * config_.period.count();
  const rates::Wide too_early = theoretical_arrival_ - tolerance - arrival;
  if (too_early > 0) {
    return rates::refuse(rates::divided_up(too_early, config_.permits_per_period));
  }
  theoretical_arrival_ = std::max(arrival, theoretical_arrival_) + rates::Wide{permits} * config_.period.count();
  return rates::allow();
}

Time Gcra::theoretical_arrival_time() const {
  return Time{} + rates::divided_up(theoretical_arrival_, config_.permits_per_period);
}

}  // namespace sim::policies
