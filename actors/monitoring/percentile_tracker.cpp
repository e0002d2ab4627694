#include "actors/monitoring/percentile_tracker.hpp"

#include <algorithm>
#include <cmath>

#include "libsim/failure.hpp"
#include "libsim/statistics/order_statistics.hpp"

namespace sim::policies {

PercentileTracker::PercentileTracker(Config config) : config_(config), samples_(config.samples_max) {
  check(config_.samples_max > 0, "a window of values holds at least one");
  check(config_.window > 0s, "a window of values is longer than nothing");
}

void PercentileTracker::record(Time now, double value) {
  check(std::isfinite(value), "a recorded value is a finite number");
  advance(now);
  if (samples_.full()) {
    ++statistics_.displaced_count;  // the buffer overwrites its oldest element
  }
  samples_.push_back({now, value});
  ++statistics_.recorded_count;
  is_sorted_ = false;
}

void PercentileTracker::advance(Time now) {
  check(now >= now_, "time does not go back");
  now_ = now;
  while (!samples_.empty() && now - samples_.front().at >= config_.window) {
    samples_.pop_front();
    ++statistics_.expired_count;
    is_sorted_ = false;
  }
}

std::optional<double> PercentileTracker::percentile(Time now, double percent) {
  advance(now);
  if (samples_.empty()) {
    return std::nullopt;
  }
  if (!is_sorted_) {
    sorted_.clear();
    for (const Sample& sample : samples_) {
      sorted_.push_back(sample.value);
    }
    std::sort(sorted_.begin(), sorted_.end());
    is_sorted_ = true;
  }
  return sim::percentile(sorted_, percent);
}

std::optional<double> PercentileTracker::mean(Time now) {
  advance(now);
  if (samples_.empty()) {
    return std::nullopt;
  }
  double sum = 0;
  for (const Sample& sample : samples_) {
    sum += sample.value;
  }
  return sum / static_cast<double>(samples_.size());
}

}  // namespace sim::policies
