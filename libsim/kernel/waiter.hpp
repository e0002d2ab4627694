#pragma once

#include <coroutine>

#include "libsim/kernel/context.hpp"

namespace sim {

/// Where a process waits until another process or a handler of the same actor wakes it: one waits on `co_await waiter`,
/// another calls `waiter.wake()`, in either order. Wakes once. Lives in the frame of the one who waits; whoever shall
/// wake it must forget it when it goes.
class Waiter {
 public:
  explicit Waiter(Context& ctx) : kernel_(ctx.kernel()), self_(ctx.id()) {}
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() { kernel_.cancel(timer_); }

  /// The process goes on at the present time, after everything that is already scheduled for it.
  void wake() {
    if (waiting_ && !woken_) {
      timer_ = kernel_.post_timer(Duration{0}, detail::wake_delivery, self_, detail::Wake{waiting_});
    }
    woken_ = true;
  }
  [[nodiscard]] bool woken() const { return woken_; }

  [[nodiscard]] bool await_ready() const { return woken_; }
  void await_suspend(std::coroutine_handle<> process) { waiting_ = process; }
  void await_resume() const {}

 private:
  detail::Kernel& kernel_;
  ActorId self_;
  std::coroutine_handle<> waiting_;
  bool woken_ = false;
  TimerId timer_{};
};

}  // namespace sim
