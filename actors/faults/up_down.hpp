#pragma once

#include <cstdint>
#include <optional>

#include "libsim/failure.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// A component that works, fails, is repaired and works again: an alternating renewal process, whose availability tends
/// to mean up time / (mean up time + mean repair time). Source: Trivedi, "Probability and Statistics with Reliability,
/// Queuing, and Computer Science Applications", 2nd ed. (2002), section 6.7. The lengths of the stretches come from the
/// caller, who draws them.
class UpDown {
 public:
  /// Starts up, for `first_up_time`; `forever`: never fails.
  UpDown(Time start, Duration first_up_time) : since_(start), next_change_at_(after(start, first_up_time)) {}

  [[nodiscard]] bool is_up() const { return is_up_; }

  /// When `change` is due; nothing when the present stretch never ends.
  [[nodiscard]] std::optional<Time> next_change_at() const { return next_change_at_; }

  /// Goes from one state to the other, exactly when it is due (asserted), for `stretch`.
  void change(Time now, Duration stretch) {
    check(next_change_at_ == now, "a state changes when its stretch ends");
    (is_up_ ? up_time_ : down_time_) += now - since_;
    failures_count_ += is_up_ ? 1 : 0;
    is_up_ = !is_up_;
    since_ = now;
    next_change_at_ = after(now, stretch);
  }

  [[nodiscard]] Duration up_time(Time now) const { return up_time_ + (is_up_ ? present(now) : 0s); }
  [[nodiscard]] Duration down_time(Time now) const { return down_time_ + (is_up_ ? 0s : present(now)); }

  /// Share of the time so far; 1 while no time has passed.
  [[nodiscard]] double availability(Time now) const {
    const double up_s = to_seconds(up_time(now));
    const double all_s = up_s + to_seconds(down_time(now));
    return all_s > 0 ? up_s / all_s : 1;
  }

  [[nodiscard]] std::uint64_t failures_count() const { return failures_count_; }

 private:
  [[nodiscard]] Duration present(Time now) const {
    check(now >= since_, "time does not go back");
    return now - since_;
  }
  [[nodiscard]] static std::optional<Time> after(Time now, Duration stretch) {
    check(stretch >= 0s, "a stretch of time is not negative");
    return stretch >= Time::max() - now ? std::nullopt : std::optional(now + stretch);
  }

  bool is_up_ = true;
  Time since_;
  std::optional<Time> next_change_at_;
  Duration up_time_{};
  Duration down_time_{};
  std::uint64_t failures_count_ = 0;
};

}  // namespace sim::policies
