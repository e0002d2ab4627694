#pragma once

#include <optional>

#include "libsim/sim.hpp"

namespace sim::actors {

/// The timer of an actor whose rules change by themselves, as at the end of a timeout: one `Message` to the actor when
/// they next do.
template <class Message>
class Alarm {
 public:
  explicit Alarm(Context& ctx) : ctx_(ctx) {}

  /// Moves the alarm to `next`, which may be never. One that is set for that time already stays as it is, and so comes
  /// before everything that has been set for that time since.
  void set(std::optional<Time> next) {
    if (next == at_) {
      return;
    }
    ctx_.cancel(timer_);
    at_ = next;
    if (next) {
      timer_ = ctx_.after(*next - ctx_.now(), Message{});
    }
  }

  /// The handler of the message says so first.
  void has_rung() { at_.reset(); }

 private:
  Context& ctx_;
  TimerId timer_{};
  std::optional<Time> at_;
};

}  // namespace sim::actors
