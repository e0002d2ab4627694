#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "actors/server/service_messages.hpp"
#include "libsim/duration_sum.hpp"
#include "libsim/statistics/moments.hpp"
#include "libsim/time.hpp"

namespace sim::models::queueing {

/// Follows every job from its arrival until it leaves, and keeps what became of those that left while measured.
///
/// Waits and sojourns are of the jobs that were let in: those that gave up have both, those that were lost neither. In
/// a network they are sums over the stations that a job visited.
class Record {
 public:
  /// Of all jobs that were there when the measured time began or came within it.
  struct Counts {
    std::uint64_t present = 0;
    std::uint64_t arrived = 0;  ///< of them: those that came within it
    std::uint64_t served = 0;
    std::uint64_t lost = 0;
    std::uint64_t abandoned = 0;
  };

  /// Waits and sojourns are kept of the first `followed_max` jobs only.
  explicit Record(std::uint32_t classes, std::uint64_t followed_max = std::numeric_limits<std::uint64_t>::max())
      : followed_max_(followed_max), waits_of_class_s_(classes), sojourns_of_class_s_(classes) {}

  /// A job comes; its name is free again when it has left.
  actors::JobId enter(Time now, std::uint32_t job_class, std::uint32_t station);

  /// The station that the job is at, its class, and the time that it has waited at stations which it has left.
  [[nodiscard]] std::uint32_t station_of(actors::JobId job) const { return at(job).station; }
  [[nodiscard]] std::uint32_t class_of(actors::JobId job) const { return at(job).job_class; }
  void move(actors::JobId job, std::uint32_t station) { at(job).station = station; }
  void add_wait(actors::JobId job, Duration waited) { at(job).waited += waited; }

  /// The job leaves for good.
  void leave(Time now, actors::JobId job, actors::ServiceOutcome outcome);

  /// The measured time begins: forgets all that left before.
  void begin(Time now);

  /// The sum of the times that jobs spent in the system within the measured time, those that are still there included.
  [[nodiscard]] DurationSum time_in_system(Time now) const;

  [[nodiscard]] const Counts& counts() const { return counts_; }
  [[nodiscard]] std::uint64_t in_system() const { return slots_.size() - free_.size(); }
  [[nodiscard]] const std::vector<double>& waits_s() const { return waits_s_; }
  [[nodiscard]] const std::vector<double>& sojourns_s() const { return sojourns_s_; }
  [[nodiscard]] const std::vector<Moments>& waits_of_class_s() const { return waits_of_class_s_; }
  [[nodiscard]] const std::vector<Moments>& sojourns_of_class_s() const { return sojourns_of_class_s_; }

 private:
  struct Slot {
    Time entered_at{};
    Duration waited{};
    std::uint32_t job_class = 0;
    std::uint32_t station = 0;
    bool is_followed = false;
    bool is_free = false;
  };

  [[nodiscard]] const Slot& at(actors::JobId job) const { return slots_[static_cast<std::size_t>(job)]; }
  [[nodiscard]] Slot& at(actors::JobId job) { return slots_[static_cast<std::size_t>(job)]; }
  [[nodiscard]] Duration within(Time now, const Slot& slot) const;

  std::uint64_t followed_max_;
  std::uint64_t entered_ = 0;
  std::vector<Slot> slots_;
  std::vector<std::size_t> free_;
  Time began_at_{};
  DurationSum left_;  ///< time in system of those that have left
  Counts counts_;
  std::vector<double> waits_s_;
  std::vector<double> sojourns_s_;
  std::vector<Moments> waits_of_class_s_;
  std::vector<Moments> sojourns_of_class_s_;
};

}  // namespace sim::models::queueing
