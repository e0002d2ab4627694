#include "actors/rate_limit/sliding_window_counter.hpp"

namespace sim::policies {

namespace {

/// How far into its window the weight of `previous` permits has fallen to `room`: the least e with
/// previous × (window - e) / window <= room. The whole window when there is no room for any of it.
Duration elapsed_until_room(std::uint32_t previous, std::uint32_t room, Duration window) {
  if (previous <= room) {
    return Duration{0};
  }
  return window - Duration{static_cast<std::int64_t>(rates::Wide{room} * window.count() / previous)};
}

}  // namespace

SlidingWindowCounter::SlidingWindowCounter(Config config) : config_(config) {
  check(config_.limit > 0, "a rate limiter lets at least one permit through per window");
  check(rates::is_span(config_.window), "the window of a rate limiter has a length");
}

RateDecision SlidingWindowCounter::acquire(Time now, std::uint32_t permits) {
  now_ = rates::checked(now_, now, permits);
  move_window(now);
  if (permits > config_.limit) {
    return rates::refuse(forever);
  }
  const Duration covered = window_starts_at_ + config_.window - now;
  const rates::Wide estimate =
      (rates::Wide{current_} + permits) * config_.window.count() + rates::Wide{previous_} * covered.count();
  if (estimate > rates::Wide{config_.limit} * config_.window.count()) {
    return rates::refuse(wait(now, permits));
  }
  current_ += permits;
  return rates::allow();
}

void SlidingWindowCounter::move_window(Time now) {
  const Time starts_at = rates::multiple_before(now, config_.window);
  if (starts_at == window_starts_at_) {
    return;
  }
  previous_ = starts_at - window_starts_at_ == config_.window ? current_ : 0;
  current_ = 0;
  window_starts_at_ = starts_at;
}

/// The weight of the previous window falls until this one ends; then this one takes its place.
Duration SlidingWindowCounter::wait(Time now, std::uint32_t permits) const {
  const Duration elapsed = now - window_starts_at_;
  if (current_ <= config_.limit - permits) {
    return elapsed_until_room(previous_, config_.limit - permits - current_, config_.window) - elapsed;
  }
  return config_.window + elapsed_until_room(current_, config_.limit - permits, config_.window) - elapsed;
}

}  // namespace sim::policies
