#include "actors/circuit_breaker/outcome_window.hpp"

#include "libsim/failure.hpp"

namespace sim::policies {

OutcomeWindow::Counts& OutcomeWindow::Counts::operator+=(const Counts& other) {
  arrivals += other.arrivals;
  rejected += other.rejected;
  successes += other.successes;
  failures += other.failures;
  timeouts += other.timeouts;
  slow += other.slow;
  return *this;
}

OutcomeWindow::Counts& OutcomeWindow::Counts::operator-=(const Counts& other) {
  arrivals -= other.arrivals;
  rejected -= other.rejected;
  successes -= other.successes;
  failures -= other.failures;
  timeouts -= other.timeouts;
  slow -= other.slow;
  return *this;
}

namespace {

Duration span_of(const OutcomeWindow::Config& config) {
  check(config.size > 0, "a window of outcomes holds at least one result or bucket");
  check(config.bucket_width > 0s, "a bucket of a time-based window is longer than nothing");
  check(config.bucket_width <= forever / config.size, "a time-based window reaches back less than 292 years");
  return config.bucket_width * config.size;
}

}  // namespace

OutcomeWindow::OutcomeWindow(Config config, Time start) : config_(config), start_(start), span_(span_of(config)) {
  if (config_.type == Type::count_based) {
    results_.set_capacity(config_.size);
  } else {
    buckets_.set_capacity(config_.size);
  }
}

OutcomeWindow::Counts OutcomeWindow::counts_of(Result result) {
  Counts counts;
  counts.successes = result.is_failure ? 0 : 1;
  counts.failures = result.is_failure ? 1 : 0;
  counts.timeouts = result.is_timeout ? 1 : 0;
  counts.slow = result.is_slow ? 1 : 0;
  return counts;
}

void OutcomeWindow::record(Result result, Time now) {
  const Counts counts = counts_of(result);
  if (config_.type == Type::time_based) {
    add_to_bucket(counts, now);
    return;
  }
  if (results_.full()) {
    totals_ -= counts_of(results_.front());
  }
  results_.push_back(result);
  totals_ += counts;
}

void OutcomeWindow::record_arrival(bool is_rejected, Time now) {
  check(config_.type == Type::time_based, "only a time-based window counts arrivals");
  Counts counts;
  counts.arrivals = 1;
  counts.rejected = is_rejected ? 1 : 0;
  add_to_bucket(counts, now);
}

void OutcomeWindow::add_to_bucket(const Counts& counts, Time now) {
  advance(now);
  if (buckets_.empty() || now - buckets_.back().starts_at >= config_.bucket_width) {
    buckets_.push_back({start_of_bucket_at(now), {}});
  }
  buckets_.back().counts += counts;
  totals_ += counts;
}

Time OutcomeWindow::start_of_bucket_at(Time now) const {
  return config_.bucket_start == BucketStart::on_grid ? now - (now - start_) % config_.bucket_width : now;
}

void OutcomeWindow::advance(Time now) {
  while (!buckets_.empty() && now - buckets_.front().starts_at >= span_) {
    totals_ -= buckets_.front().counts;
    buckets_.pop_front();
  }
}

void OutcomeWindow::clear() {
  totals_ = {};
  results_.clear();
  buckets_.clear();
}

}  // namespace sim::policies
