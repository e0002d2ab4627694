#include "models/queueing/record.hpp"

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::models::queueing {

using actors::JobId;
using actors::ServiceOutcome;

JobId Record::enter(Time now, std::uint32_t job_class, std::uint32_t station) {
  if (free_.empty()) {
    free_.push_back(slots_.size());
    slots_.emplace_back();
  }
  const std::size_t place = free_.back();
  free_.pop_back();
  slots_[place] = {.entered_at = now,
                   .waited = {},
                   .job_class = job_class,
                   .station = station,
                   .is_followed = entered_ < followed_max_};
  ++entered_;
  ++counts_.present;
  ++counts_.arrived;
  return JobId{place};
}

void Record::leave(Time now, JobId job, ServiceOutcome outcome) {
  Slot& slot = at(job);
  check(!slot.is_free, "a job leaves once");
  left_ += within(now, slot);
  if (outcome == ServiceOutcome::lost || outcome == ServiceOutcome::balked) {
    ++counts_.lost;
  } else {
    ++(outcome == ServiceOutcome::served ? counts_.served : counts_.abandoned);
  }
  if (slot.is_followed && outcome != ServiceOutcome::lost && outcome != ServiceOutcome::balked) {
    waits_s_.push_back(to_seconds(slot.waited));
    sojourns_s_.push_back(to_seconds(now - slot.entered_at));
    waits_of_class_s_[slot.job_class].add(waits_s_.back());
    sojourns_of_class_s_[slot.job_class].add(sojourns_s_.back());
  }
  slot.is_free = true;
  free_.push_back(static_cast<std::size_t>(job));
}

void Record::begin(Time now) {
  began_at_ = now;
  left_ = {};
  counts_ = {.present = in_system()};
  waits_s_.clear();
  sojourns_s_.clear();
  std::fill(waits_of_class_s_.begin(), waits_of_class_s_.end(), Moments{});
  std::fill(sojourns_of_class_s_.begin(), sojourns_of_class_s_.end(), Moments{});
}

DurationSum Record::time_in_system(Time now) const {
  DurationSum sum = left_;
  for (const Slot& slot : slots_) {
    sum += slot.is_free ? Duration{0} : within(now, slot);
  }
  return sum;
}

Duration Record::within(Time now, const Slot& slot) const { return now - std::max(slot.entered_at, began_at_); }

}  // namespace sim::models::queueing
