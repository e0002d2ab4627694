#include "actors/monitoring/burn_rate_alert.hpp"

#include <utility>

#include "libsim/failure.hpp"

namespace sim::policies {

BurnRateAlert::BurnRateAlert(Config config, Time start) : config_(std::move(config)), now_(start) {
  check(config_.objective > 0 && config_.objective < 1, "an objective is a share above 0 and below 1");
  check(config_.buckets_per_window > 0, "a window has at least one bucket");
  for (const Rule& rule : config_.rules) {
    check(rule.burn_rate >= 0, "a burn rate is not negative");
    check(rule.short_window <= rule.long_window, "the short window of a rule is no longer than its long one");
    check(rule.short_window >= 1ns * config_.buckets_per_window, "a bucket of a window is at least a nanosecond long");
    const auto window = [&](Duration length) {
      return OutcomeWindow({.type = OutcomeWindow::Type::time_based,
                            .size = config_.buckets_per_window,
                            .bucket_width = length / config_.buckets_per_window},
                           start);
    };
    watches_.push_back({window(rule.long_window), window(rule.short_window)});
  }
  changes_.reserve(watches_.size());
}

void BurnRateAlert::record(Time now, bool is_error) {
  check(now >= now_, "time does not go back");
  now_ = now;
  ++(is_error ? statistics_.error_count : statistics_.good_count);
  for (Watch& watch : watches_) {
    watch.long_window.record({.is_failure = is_error}, now);
    watch.short_window.record({.is_failure = is_error}, now);
  }
}

std::span<const BurnRateAlert::Change> BurnRateAlert::evaluate(Time now) {
  check(now >= now_, "time does not go back");
  now_ = now;
  changes_.clear();
  for (std::uint32_t rule = 0; rule < watches_.size(); ++rule) {
    Watch& watch = watches_[rule];
    watch.long_window.advance(now);
    watch.short_window.advance(now);
    const double threshold = config_.rules[rule].burn_rate;
    const bool is_firing = burn_rate(watch.long_window) > threshold && burn_rate(watch.short_window) > threshold;
    if (std::exchange(watch.is_firing, is_firing) != is_firing) {
      ++(is_firing ? statistics_.fired_count : statistics_.resolved_count);
      changes_.push_back({rule, is_firing});
    }
  }
  return changes_;
}

double BurnRateAlert::burn_rate(const OutcomeWindow& window) const {
  const OutcomeWindow::Counts& counts = window.counts();
  const double errors = counts.failures;
  return counts.results() == 0 ? 0 : errors / (counts.results() * (1 - config_.objective));
}

double BurnRateAlert::budget_spent(double burn_rate, Duration window, Duration period) {
  return burn_rate * to_seconds(window) / to_seconds(period);
}

}  // namespace sim::policies
