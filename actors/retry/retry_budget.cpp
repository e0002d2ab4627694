#include "actors/retry/retry_budget.hpp"

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::policies {

WindowRetryBudget::WindowRetryBudget(Config config) : config_(config) {
  check(config_.window > 0s && config_.window % slices == 0ns, "a budget window has ten slices of whole nanoseconds");
}

void WindowRetryBudget::on_request(Time now) {
  ++advance(now).requests;
  ++requests_;
}

bool WindowRetryBudget::try_retry(Time now) {
  Slice& slice = advance(now);
  if (100 * (retries_ + 1) > config_.budget_percent * requests_ + 100 * std::uint64_t{config_.retries_min}) {
    return false;
  }
  ++slice.retries;
  ++retries_;
  return true;
}

/// Empties the slices that have left the window. Returns the current one.
WindowRetryBudget::Slice& WindowRetryBudget::advance(Time now) {
  check(now >= now_, "the time of a retry budget never goes back");
  now_ = now;
  const std::int64_t current = now.time_since_epoch() / (config_.window / slices);
  const std::int64_t passed = std::min(current - slice_, slices);
  for (std::int64_t step = 1; step <= passed; ++step) {
    Slice& oldest = ring_[static_cast<std::size_t>((slice_ + step) % slices)];
    requests_ -= oldest.requests;
    retries_ -= oldest.retries;
    oldest = {};
  }
  slice_ = current;
  return ring_[static_cast<std::size_t>(current % slices)];
}

bool ConcurrentRetryBudget::try_retry(std::uint32_t active_requests) {
  const std::uint64_t share = std::uint64_t{active_requests} * config_.budget_percent / 100;
  if (active_retries_ >= std::max<std::uint64_t>(share, config_.min_retry_concurrency)) {
    return false;
  }
  ++active_retries_;
  return true;
}

void ConcurrentRetryBudget::on_retry_finished() {
  check(active_retries_ > 0, "a retry finishes after it began");
  --active_retries_;
}

RetryQuota::RetryQuota(Config config) : config_(config), tokens_(config.capacity) {
  check(config_.retry_cost > 0 && config_.timeout_retry_cost > 0, "a retry costs at least one token");
}

std::optional<std::uint32_t> RetryQuota::try_retry(ErrorClass error) {
  const std::uint32_t cost = error == ErrorClass::timed_out ? config_.timeout_retry_cost : config_.retry_cost;
  if (cost > tokens_) {
    return std::nullopt;
  }
  tokens_ -= cost;
  return cost;
}

void RetryQuota::on_success(std::optional<std::uint32_t> last_retry_cost) {
  const std::uint32_t refund = last_retry_cost.value_or(config_.no_retry_increment);
  tokens_ += std::min(refund, config_.capacity - tokens_);
}

RetryThrottle::RetryThrottle(Config config)
    : thousandths_max_(1000 * config.tokens_max), thousandths_(thousandths_max_) {
  check(config.tokens_max > 0 && config.tokens_max <= 1000, "a retry throttle has 1 to 1000 tokens");
  check(config.token_ratio >= 0.001 && config.token_ratio <= 1000, "a token ratio is 0.001 to 1000");
  // The small addend keeps 1.001, a little less in binary, from becoming 1000 thousandths.
  thousandths_per_success_ = static_cast<std::uint32_t>(config.token_ratio * 1000 + 1e-6);
}

void RetryThrottle::on_failure() { thousandths_ -= std::min<std::uint32_t>(thousandths_, 1000); }

void RetryThrottle::on_success() { thousandths_ = std::min(thousandths_max_, thousandths_ + thousandths_per_success_); }

}  // namespace sim::policies
