#pragma once

#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

#include "libsim/kernel/dispatch.hpp"
#include "libsim/kernel/kernel.hpp"

namespace sim::detail {

inline void deliver_wake(Kernel&, void*, Event& event) { payload_of<Wake>(event).process.resume(); }
inline constexpr Delivery wake_delivery = make_delivery<Wake>(&deliver_wake, "Wake");

/// Suspends a process for a while. Its timer goes with the frame it lives in.
class Sleep {
 public:
  Sleep(Kernel& kernel, ActorId self, Duration duration) : kernel_(kernel), self_(self), duration_(duration) {}
  Sleep(const Sleep&) = delete;
  Sleep& operator=(const Sleep&) = delete;
  ~Sleep() { kernel_.cancel(timer_); }

  [[nodiscard]] bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> process) {
    timer_ = kernel_.post_timer(duration_, wake_delivery, self_, Wake{process});
  }
  void await_resume() const {}

 private:
  Kernel& kernel_;
  ActorId self_;
  Duration duration_;
  TimerId timer_{};
};

/// Runs a step of a process until it ends or its time is up, whichever is first; see `Context::within`.
template <class T>
class Within {
 public:
  Within(Kernel& kernel, ActorId self, Duration limit, Task<T> step)
      : kernel_(kernel), self_(self), limit_(limit), step_(std::move(step)) {}
  Within(const Within&) = delete;
  Within& operator=(const Within&) = delete;
  ~Within() { kernel_.cancel(timer_); }

  [[nodiscard]] bool await_ready() const { return false; }
  [[nodiscard]] bool await_suspend(std::coroutine_handle<> process) {
    if (limit_ != forever) {
      timer_ = kernel_.post_timer(limit_, wake_delivery, self_, Wake{process});
    }
    return step_.await_suspend(process);
  }
  auto await_resume() {
    if constexpr (std::is_void_v<T>) {
      return step_.done() ? (step_.await_resume(), true) : false;
    } else {
      return step_.done() ? std::optional<T>(step_.await_resume()) : std::nullopt;
    }
  }

 private:
  Kernel& kernel_;
  ActorId self_;
  Duration limit_;
  Task<T> step_;
  TimerId timer_{};
};

}  // namespace sim::detail
