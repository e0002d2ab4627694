#include "actors/rate_limit/fixed_window.hpp"

namespace sim::policies {

FixedWindow::FixedWindow(Config config) : config_(config) {
  check(config_.limit > 0, "a rate limiter lets at least one permit through per window");
  check(rates::is_span(config_.window), "the window of a rate limiter has a length");
  check(config_.block_duration == 0s || rates::is_span(config_.block_duration),
        "a block lasts some time, or 0 for none");
}

RateDecision FixedWindow::acquire(Time now, std::uint32_t permits) {
  now_ = rates::checked(now_, now, permits);
  if (now >= window_ends_at_) {
    open_window(now);
  }
  if (consumed_ + permits <= config_.limit) {
    consumed_ += permits;
    return rates::allow();
  }
  if (config_.rejected_requests_count) {
    consumed_ += permits;
  }
  if (config_.block_duration > 0s && !has_rejected_) {
    window_ends_at_ = now + config_.block_duration;
  }
  has_rejected_ = true;
  return rates::refuse(permits > config_.limit ? forever : window_ends_at_ - now);
}

void FixedWindow::open_window(Time now) {
  const bool at_request = config_.anchor == Anchor::first_request;
  window_ends_at_ = (at_request ? now : rates::multiple_before(now, config_.window)) + config_.window;
  consumed_ = 0;
  has_rejected_ = false;
}

}  // namespace sim::policies
