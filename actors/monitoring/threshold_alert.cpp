#include "actors/monitoring/threshold_alert.hpp"

#include <cmath>

#include "libsim/failure.hpp"

namespace sim::policies {

ThresholdAlert::ThresholdAlert(Config config) : config_(config) {
  check(!std::isnan(config_.threshold), "the threshold of an alert is a number");
  for (const Duration duration : {config_.pending_duration, config_.keep_firing_duration}) {
    check(duration >= 0s && duration < forever, "the durations of an alert are not negative and end");
  }
  if (config_.recovery_threshold) {
    check(config_.direction == Direction::above ? *config_.recovery_threshold <= config_.threshold
                                                : *config_.recovery_threshold >= config_.threshold,
          "the recovery threshold of an alert lies on the good side of its threshold");
  }
}

bool ThresholdAlert::is_beyond(double value) const {
  const bool is_above = config_.direction == Direction::above;
  if (state_ == State::firing && config_.recovery_threshold) {
    return is_above ? value > *config_.recovery_threshold : value < *config_.recovery_threshold;
  }
  if (value == config_.threshold) {
    return config_.bound == Bound::inclusive;
  }
  return is_above ? value > config_.threshold : value < config_.threshold;
}

std::optional<ThresholdAlert::Change> ThresholdAlert::observe(Time now, double value) {
  check(!std::isnan(value), "an observed value is a number");
  advance(now);
  ++statistics_.observations_count;
  is_beyond_ = is_beyond(value);
  return judge(now);
}

std::optional<ThresholdAlert::Change> ThresholdAlert::advance(Time now) {
  check(now >= now_, "time does not go back");
  const auto due = next_change_at();
  now_ = now;
  return due && *due <= now ? judge(*due) : std::nullopt;
}

std::optional<Time> ThresholdAlert::next_change_at() const {
  if (config_.evaluation == Evaluation::at_observations) {
    return std::nullopt;
  }
  if (state_ == State::pending) {
    return active_since_ + config_.pending_duration;
  }
  return recovered_at_ ? std::optional(*recovered_at_ + config_.keep_firing_duration) : std::nullopt;
}

std::optional<Time> ThresholdAlert::active_since() const {
  return state_ == State::inactive ? std::nullopt : std::optional(active_since_);
}

/// What the state becomes at this time, given that the metric is beyond or not.
std::optional<ThresholdAlert::Change> ThresholdAlert::judge(Time now) {
  if (is_beyond_) {
    recovered_at_.reset();
    if (state_ == State::firing) {
      return std::nullopt;
    }
    const bool begins = state_ == State::inactive;
    if (begins) {
      active_since_ = now;
    }
    if (now - active_since_ >= config_.pending_duration) {
      return fire(now);
    }
    state_ = State::pending;
    return begins ? std::optional(Change{now, Event::pending}) : std::nullopt;
  }
  if (state_ == State::pending) {
    state_ = State::inactive;
    ++statistics_.cancelled_count;
    return Change{now, Event::cancelled};
  }
  if (state_ == State::firing) {
    recovered_at_ = recovered_at_.value_or(now);
    return now - *recovered_at_ >= config_.keep_firing_duration ? resolve(now) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<ThresholdAlert::Change> ThresholdAlert::fire(Time at) {
  state_ = State::firing;
  fired_at_ = at;
  ++statistics_.fired_count;
  return Change{at, Event::fired};
}

std::optional<ThresholdAlert::Change> ThresholdAlert::resolve(Time at) {
  state_ = State::inactive;
  recovered_at_.reset();
  ++statistics_.resolved_count;
  statistics_.firing_time += at - fired_at_;
  return Change{at, Event::resolved};
}

std::string_view to_text(ThresholdAlert::State state) {
  switch (state) {
    case ThresholdAlert::State::inactive:
      return "inactive";
    case ThresholdAlert::State::pending:
      return "pending";
    case ThresholdAlert::State::firing:
      return "firing";
  }
  check(false, "the state of an alert is one of those listed");
  return {};
}

std::string_view to_text(ThresholdAlert::Event event) {
  switch (event) {
    case ThresholdAlert::Event::pending:
      return "pending";
    case ThresholdAlert::Event::cancelled:
      return "cancelled";
    case ThresholdAlert::Event::fired:
      return "fired";
    case ThresholdAlert::Event::resolved:
      return "resolved";
  }
  check(false, "the event of an alert is one of those listed");
  return {};
}

}  // namespace sim::policies
