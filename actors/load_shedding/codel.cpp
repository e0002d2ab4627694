#include "actors/load_shedding/codel.hpp"

#include <cmath>

#include "libsim/failure.hpp"

namespace sim::policies {

CoDel::CoDel(Config config) : config_(config) {
  check(config_.target > 0s && config_.target < config_.interval, "an acceptable wait is shorter than the interval");
}

bool CoDel::should_drop(Time now, Duration waited, bool is_last) {
  check(now >= now_, "the time of a queue never goes back");
  now_ = now;
  const bool drops = decide(now, has_been_too_long(now, waited, is_last));
  ++(drops ? statistics_.dropped_count : statistics_.kept_count);
  return drops;
}

bool CoDel::has_been_too_long(Time now, Duration waited, bool is_last) {
  if (waited < config_.target || is_last) {
    too_long_from_ = Time::max();
    return false;
  }
  if (too_long_from_ == Time::max()) {
    too_long_from_ = now + config_.interval;
    return false;
  }
  return now >= too_long_from_;
}

bool CoDel::decide(Time now, bool too_long) {
  if (!too_long) {
    is_dropping_ = has_dropped_ = false;
    return false;
  }
  if (!is_dropping_) {
    begin_dropping(now);
    return true;
  }
  if (has_dropped_) {
    drop_next_ = next_after(drop_next_);
    has_dropped_ = false;
  }
  if (now < drop_next_) {
    return false;
  }
  ++drops_;
  has_dropped_ = true;
  return true;
}

void CoDel::begin_dropping(Time now) {
  const std::uint32_t reached = drops_ - drops_at_start_;
  const bool is_recent = drops_ > 0 && now - drop_next_ < 16 * config_.interval;
  drops_ = reached > 1 && is_recent ? reached : 1;
  drops_at_start_ = drops_;
  is_dropping_ = true;
  drop_next_ = next_after(now);
}

/// The square root is correctly rounded everywhere, so that this is the same on every machine.
Time CoDel::next_after(Time drop) const {
  const double wait_ns = static_cast<double>(config_.interval.count()) / std::sqrt(static_cast<double>(drops_));
  return drop + Duration{static_cast<std::int64_t>(wait_ns)};
}

}  // namespace sim::policies
