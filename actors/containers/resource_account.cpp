#include "actors/containers/resource_account.hpp"

#include "libsim/failure.hpp"

namespace sim::policies {

ResourceAccount::ResourceAccount(Config config, Time started_at)
    : config_(config), started_at_(started_at), settled_at_(started_at) {
  check(config_.background_cores >= 0 && config_.background_cores <= 1, "the background takes a share of one core");
}

void ResourceAccount::begin_work(Time now) {
  settle(now);
  ++busy_cores_;
  check(busy_cores_ <= config_.cpu_cores, "a container never uses more cores than it has");
}

void ResourceAccount::end_work(Time now) {
  check(busy_cores_ > 0, "a core stops working after it began");
  settle(now);
  --busy_cores_;
}

void ResourceAccount::end_message() {
  check(messages_count_ > 0, "a message ends after it began");
  --messages_count_;
}

void ResourceAccount::leak(double mb) {
  check(mb >= 0, "memory leaks in one direction only");
  leaked_mb_ += mb;
}

double ResourceAccount::busy_core_time_s(Time now) const {
  const Duration unsettled = now - settled_at_;
  DurationSum foreground = foreground_;
  foreground.add(unsettled, busy_cores_);
  const Duration background = now - started_at_ - without_idle_core_ - (has_idle_core() ? Duration{} : unsettled);
  return to_seconds(foreground) + config_.background_cores * to_seconds(background);
}

double ResourceAccount::capacity_core_time_s(Time now) const {
  return config_.cpu_cores * to_seconds(now - started_at_);
}

double ResourceAccount::cpu_percent() const {
  return 100 * (busy_cores_ + (has_idle_core() ? config_.background_cores : 0)) / config_.cpu_cores;
}

double ResourceAccount::memory_mb() const {
  return config_.memory_base_mb + config_.memory_per_session_mb * sessions_count_ +
         config_.memory_per_message_mb * messages_count_ + leaked_mb_;
}

void ResourceAccount::settle(Time now) {
  check(now >= settled_at_, "the time of an account never goes back");
  foreground_.add(now - settled_at_, busy_cores_);
  without_idle_core_ += has_idle_core() ? Duration{} : now - settled_at_;
  settled_at_ = now;
}

}  // namespace sim::policies
