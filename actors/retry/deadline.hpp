#pragma once

#include <algorithm>
#include <cstdint>

#include "libsim/duration_sum.hpp"
#include "libsim/failure.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// The instant at which a caller gives up. It travels with the request, so that everyone on the way knows how much time
/// is left. At that instant it is too late already: the same rule everywhere decides between an answer and a timeout of
/// the same time.
class Deadline {
 public:
  /// Never.
  constexpr Deadline() = default;
  explicit constexpr Deadline(Time at) : at_(at) {}

  /// `timeout` after `now`; never for `forever` and for what lies beyond the end of virtual time.
  [[nodiscard]] static constexpr Deadline after(Time now, Duration timeout) {
    return timeout >= Time::max() - now ? Deadline{} : Deadline{now + timeout};
  }

  /// The deadline of a call made on behalf of this one: `timeout` after `now`, but no later than this.
  [[nodiscard]] constexpr Deadline child(Time now, Duration timeout) const {
    return std::min(*this, after(now, timeout));
  }

  [[nodiscard]] constexpr bool is_infinite() const { return at_ == Time::max(); }
  [[nodiscard]] constexpr Time at() const { return at_; }
  [[nodiscard]] constexpr bool is_expired(Time now) const { return now >= at_; }

  /// 0 when it is too late, `forever` when there is no deadline.
  [[nodiscard]] constexpr Duration remaining(Time now) const {
    return is_infinite() ? forever : std::max(at_ - now, Duration{0});
  }

  friend constexpr bool operator==(const Deadline&, const Deadline&) = default;
  friend constexpr bool operator<(const Deadline& first, const Deadline& second) { return first.at_ < second.at_; }

 private:
  Time at_ = Time::max();
};

/// How much work was done for callers who had given up: the work that a service could have spared.
class WastedWork {
 public:
  struct Statistics {
    std::uint64_t useful_count = 0;   ///< finished before the deadline
    std::uint64_t wasted_count = 0;   ///< finished at or after it
    std::uint64_t spared_count = 0;   ///< not begun, because it was too late already
    DurationSum useful_time;          ///< of work that finished in time
    DurationSum wasted_time;          ///< of work that finished too late, from its start
    DurationSum after_deadline_time;  ///< the part of it that lay after the deadline

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  /// Whether to begin work for this deadline at `now`; counts it when not.
  [[nodiscard]] bool should_start(Deadline deadline, Time now) {
    statistics_.spared_count += deadline.is_expired(now) ? 1 : 0;
    return !deadline.is_expired(now);
  }

  void on_finished(Deadline deadline, Time started_at, Time finished_at) {
    check(finished_at >= started_at, "work finishes after it started");
    if (!deadline.is_expired(finished_at)) {
      ++statistics_.useful_count;
      statistics_.useful_time += finished_at - started_at;
      return;
    }
    ++statistics_.wasted_count;
    statistics_.wasted_time += finished_at - started_at;
    statistics_.after_deadline_time += finished_at - std::max(started_at, deadline.at());
  }

  /// Of the time spent, 0 to 1; 0 when none was spent.
  [[nodiscard]] double wasted_share() const {
    const double wasted_s = to_seconds(statistics_.wasted_time);
    const double all_s = wasted_s + to_seconds(statistics_.useful_time);
    return all_s > 0 ? wasted_s / all_s : 0;
  }

  [[nodiscard]] const Statistics& statistics() const { return statistics_; }

 private:
  Statistics statistics_;
};

}  // namespace sim::policies
