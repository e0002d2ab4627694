#include "actors/containers/heap_account.hpp"

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

/// Sums of doubles that were added in another order differ by so much at most.
constexpr double rounding_mb = 1e-6;

}  // namespace

HeapAccount::HeapAccount(const Config& config) : config_(config), used_mb_max_(config.base_mb) {
  check(config_.base_mb >= 0, "a heap has a base that is not negative");
  check(config_.collection_threshold_mb > 0, "collections lie so many MB apart");
}

void HeapAccount::allocate(double mb) {
  check(mb >= 0, "an allocation is not negative");
  allocated_since_collection_mb_ += mb;
  if (config_.collects && allocated_since_collection_mb_ >= config_.collection_threshold_mb) {
    garbage_mb_ = 0;
    allocated_since_collection_mb_ = mb;  // what led to the collection comes after it
    ++collections_count_;
  }
  live_mb_ += mb;
  used_mb_max_ = std::max(used_mb_max_, used_mb());
}

void HeapAccount::release(double mb, double leaked_mb) {
  check(mb >= 0 && mb <= live_mb_ + rounding_mb, "what is released was allocated");
  check(leaked_mb >= 0 && leaked_mb <= mb, "what leaks is a part of what is released");
  live_mb_ = std::max(live_mb_ - mb, 0.0);
  leaked_mb_ += leaked_mb;
  garbage_mb_ += mb - leaked_mb;
}

}  // namespace sim::policies
