#include "actors/queues/backpressure.hpp"

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::policies {

Backpressure::Backpressure(Config config) : config_(config) {
  check(config_.low_water_mark < config_.high_water_mark, "the low water mark lies below the high one");
  check(!config_.is_strict || config_.low_water_mark > 0, "no level is below a low water mark of 0");
}

Backpressure::Signal Backpressure::update(Time now, std::uint64_t level) {
  check(now >= now_, "the time of a backpressure never goes back");
  now_ = now;
  level_ = level;
  level_max_ = std::max(level_max_, level);
  if (!is_paused_ && (config_.is_strict ? level > config_.high_water_mark : level >= config_.high_water_mark)) {
    is_paused_ = true;
    paused_at_ = now;
    ++pauses_count_;
    return Signal::pause;
  }
  if (is_paused_ && (config_.is_strict ? level < config_.low_water_mark : level <= config_.low_water_mark)) {
    is_paused_ = false;
    paused_time_ += now - paused_at_;
    return Signal::resume;
  }
  return Signal::none;
}

Duration Backpressure::paused_time(Time now) const {
  check(now >= now_, "the time of a backpressure never goes back");
  return is_paused_ ? paused_time_ + (now - paused_at_) : paused_time_;
}

}  // namespace sim::policies
