#include "actors/load_shedding/concurrency_limit.hpp"

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::policies {

ConcurrencyLimit::ConcurrencyLimit(Config config) : config_(config) {
  check(config_.permits_max > 0, "a concurrency limit has at least one permit");
}

ConcurrencyLimit::Acquired ConcurrencyLimit::acquire(Permit permit) {
  if (in_use_ < config_.permits_max) {
    ++in_use_;
    return Acquired::granted;
  }
  if (line_.size() >= config_.waiting_max) {
    return Acquired::rejected;
  }
  line_.push_back(permit);
  return Acquired::waiting;
}

std::optional<Permit> ConcurrencyLimit::release() {
  check(in_use_ > 0, "a permit is given back after it was granted");
  if (line_.empty()) {
    --in_use_;
    return std::nullopt;
  }
  const bool oldest_first = config_.waiting_order == WaitingOrder::first_in_first_out;
  const Permit next = oldest_first ? line_.front() : line_.back();
  oldest_first ? line_.pop_front() : line_.pop_back();
  return next;
}

bool ConcurrencyLimit::cancel(Permit permit) {
  const auto found = std::find(line_.begin(), line_.end(), permit);
  if (found == line_.end()) {
    return false;
  }
  line_.erase(found);
  return true;
}

}  // namespace sim::policies
