#pragma once

#include <cstdint>
#include <vector>

#include "libsim/containers/indexed_heap.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// Jobs that share servers equally: each progresses at the rate min(1, servers / jobs).
///
/// All jobs have the same rate at any time, so the work that a job has had since it came is the growth of one number,
/// and the next to finish is the one with the least sum of that number at its arrival and its work. The number is kept
/// in units of 2^-32 ns and cut off to them at every change of the rate; a job leaves at the whole nanosecond nearest
/// to the time at which its work is done (halves upwards). Jobs whose work is done at the same time leave in the order
/// of their arrival. Source: Kleinrock, Queueing Systems vol. 2 (1976), section 4.4.
class ProcessorSharing {
 public:
  explicit ProcessorSharing(std::uint32_t servers) : servers_(servers) {}

  /// `id` is a small number that is not in use.
  void add(Time now, std::uint32_t id, Duration work);

  /// Takes out the job that is done at `next_finish_at()`.
  std::uint32_t finish(Time now);

  /// The number of servers that work; may be 0.
  void set_servers(Time now, std::uint32_t servers);

  /// `Time::max()` when nothing is going to finish.
  [[nodiscard]] Time next_finish_at() const { return next_finish_at_; }
  [[nodiscard]] std::uint32_t jobs() const { return static_cast<std::uint32_t>(due_.size()); }
  [[nodiscard]] bool has(std::uint32_t id) const { return due_.contains(id); }

  /// What the job still needs, to the nearest nanosecond.
  [[nodiscard]] Duration work_left(Time now, std::uint32_t id) const;

 private:
  __extension__ using Work = unsigned __int128;  ///< in 2^-32 ns: 31 bits more than 292 years

  struct Finish {
    Work at = 0;  ///< what `attained_` will be
    std::uint64_t sequence = 0;

    friend bool operator<(const Finish& one, const Finish& other) {
      return one.at != other.at ? one.at < other.at : one.sequence < other.sequence;
    }
  };

  [[nodiscard]] Work attained(Time now) const;
  void advance(Time now);
  void schedule();

  std::uint32_t servers_;
  std::uint64_t next_sequence_ = 0;
  Time since_{};
  Work attained_ = 0;  ///< by a job that was there since somebody came to an empty station; 0 when nobody is there
  IndexedHeap<Finish> due_;
  Time next_finish_at_ = Time::max();
};

}  // namespace sim::policies
