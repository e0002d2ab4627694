#include "actors/rate_limit/token_bucket.hpp"

#include <algorithm>

namespace sim::policies {

TokenBucket::TokenBucket(Config config, Time start)
    : config_(config),
      now_(start),
      refilled_at_(start),
      full_content_(rates::Wide{config.capacity} * config.refill_period.count()),
      interval_starts_at_(start) {
  check(config_.capacity > 0, "a token bucket has room for at least one token");
  check(config_.refill_tokens > 0, "a token bucket is refilled");
  check(rates::is_span(config_.refill_period), "the refill of a token bucket takes some time");
  check(rates::is_span(config_.interval), "the interval of a rate limiter has a length");
  content_ = config_.starts_full ? full_content_ : 0;
}

RateDecision TokenBucket::acquire(Time now, std::uint32_t permits) {
  now_ = rates::checked(now_, now, permits);
  const bool is_capped = config_.interval_tokens_max > 0;
  if (permits > config_.capacity || (is_capped && permits > config_.interval_tokens_max)) {
    return rates::refuse(forever);
  }
  refill(now);
  move_interval(now);
  const Duration wait = std::max(wait_for_tokens(permits), wait_for_interval(permits));
  if (wait > 0s) {
    return rates::refuse(wait);
  }
  content_ -= rates::Wide{permits} * config_.refill_period.count();
  interval_tokens_ += is_capped ? permits : 0;
  return rates::allow();
}

double TokenBucket::tokens() const {
  return static_cast<double>(content_) / static_cast<double>(config_.refill_period.count());
}

std::uint32_t TokenBucket::whole_tokens() const {
  return static_cast<std::uint32_t>(content_ / config_.refill_period.count());
}

void TokenBucket::refill(Time now) {
  Duration elapsed = now - refilled_at_;
  if (config_.refill == Refill::whole_periods) {
    elapsed -= elapsed % config_.refill_period;
  }
  refilled_at_ += elapsed;
  content_ = std::min(full_content_, content_ + rates::Wide{elapsed.count()} * config_.refill_tokens);
}

void TokenBucket::move_interval(Time now) {
  if (now - interval_starts_at_ >= config_.interval) {
    interval_starts_at_ = now;
    interval_tokens_ = 0;
  }
}

Duration TokenBucket::wait_for_tokens(std::uint32_t permits) const {
  const rates::Wide missing = rates::Wide{permits} * config_.refill_period.count() - content_;
  if (missing <= 0) {
    return Duration{0};
  }
  if (config_.refill == Refill::continuous) {
    return rates::divided_up(missing, config_.refill_tokens);
  }
  const rates::Wide per_period = rates::Wide{config_.refill_tokens} * config_.refill_period.count();
  const rates::Wide periods = (missing + per_period - 1) / per_period;
  const rates::Wide wait = periods * config_.refill_period.count() - (now_ - refilled_at_).count();
  return rates::divided_up(wait, 1);
}

Duration TokenBucket::wait_for_interval(std::uint32_t permits) const {
  const bool is_capped = config_.interval_tokens_max > 0;
  return is_capped && interval_tokens_ > config_.interval_tokens_max - permits
             ? interval_starts_at_ + config_.interval - now_
             : Duration{0};
}

}  // namespace sim::policies
