#include "actors/load_shedding/bulkhead.hpp"

#include <algorithm>
#include <utility>

#include "libsim/failure.hpp"

namespace sim::policies {

Bulkhead::Bulkhead(Config config)
    : config_(config),
      limit_({.permits_max = config.max_concurrent_calls,
              .waiting_max = config.max_wait_duration > 0s ? config.max_waiting_calls : 0}) {
  check(config_.max_wait_duration >= 0s, "a wait is not negative");
}

Bulkhead::Entry Bulkhead::enter(Time now, Permit call) {
  advance(now);
  switch (limit_.acquire(call)) {
    case ConcurrencyLimit::Acquired::granted:
      ++statistics_.accepted_count;
      return Entry::accepted;
    case ConcurrencyLimit::Acquired::waiting:
      waiters_.push_back({call, now});
      return Entry::waiting;
    case ConcurrencyLimit::Acquired::rejected:
      break;
  }
  ++statistics_.rejected_count;
  return Entry::rejected;
}

std::optional<Permit> Bulkhead::leave(Time now) {
  advance(now);
  const std::optional<Permit> next = limit_.release();
  if (next) {
    statistics_.waited += now - waiters_.front().since;
    ++statistics_.accepted_count;
    waiters_.pop_front();
  }
  return next;
}

bool Bulkhead::cancel(Time now, Permit call) {
  advance(now);
  if (!limit_.cancel(call)) {
    return false;
  }
  std::erase_if(waiters_, [call](const Waiter& waiter) { return waiter.call == call; });
  ++statistics_.cancelled_count;
  return true;
}

void Bulkhead::advance(Time now) {
  check(now >= now_, "the time of a bulkhead never goes back");
  now_ = now;
  while (!waiters_.empty() && now - waiters_.front().since >= config_.max_wait_duration) {
    const Permit call = waiters_.front().call;
    limit_.cancel(call);
    waiters_.pop_front();
    timed_out_.push_back(call);
    ++statistics_.timed_out_count;
  }
}

std::optional<Time> Bulkhead::next_timeout_at() const {
  const bool is_limited = !waiters_.empty() && config_.max_wait_duration < Time::max() - waiters_.front().since;
  return is_limited ? std::optional(waiters_.front().since + config_.max_wait_duration) : std::nullopt;
}

std::vector<Permit> Bulkhead::take_timed_out() { return std::exchange(timed_out_, {}); }

}  // namespace sim::policies
