#include "actors/rate_limit/sliding_window_log.hpp"

#include <algorithm>

namespace sim::policies {

SlidingWindowLog::SlidingWindowLog(Config config) : config_(config), log_(16) {
  check(config_.limit > 0, "a rate limiter lets at least one permit through per window");
  check(rates::is_span(config_.window), "the window of a rate limiter has a length");
}

RateDecision SlidingWindowLog::acquire(Time now, std::uint32_t permits) {
  now_ = rates::checked(now_, now, permits);
  forget_old(now);
  if (permits > config_.limit) {
    return rates::refuse(forever);
  }
  if (consumed_ > config_.limit - permits) {
    return rates::refuse(free_at(permits) - now);
  }
  record(now, permits);
  return rates::allow();
}

void SlidingWindowLog::forget_old(Time now) {
  while (!log_.empty() && now - log_.front().at >= config_.window) {
    consumed_ -= log_.front().permits;
    log_.pop_front();
  }
}

void SlidingWindowLog::record(Time now, std::uint32_t permits) {
  consumed_ += permits;
  if (!log_.empty() && log_.back().at == now) {
    log_.back().permits += permits;
    return;
  }
  if (log_.full()) {
    log_.set_capacity(2 * log_.capacity());
  }
  log_.push_back({now, permits});
}

/// When so many permits have left the window that the request fits in.
Time SlidingWindowLog::free_at(std::uint32_t permits) const {
  std::uint32_t excess = consumed_ - (config_.limit - permits);
  auto oldest = log_.begin();
  while (oldest != log_.end() && excess > oldest->permits) {
    excess -= oldest->permits;
    ++oldest;
  }
  check(oldest != log_.end(), "the log has all the permits that count");
  return oldest->at + config_.window;
}

}  // namespace sim::policies
