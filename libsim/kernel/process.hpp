#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace sim {

namespace detail {

/// The processes of one actor: a ring of their promises, so that each can leave in constant time.
struct ProcessLink {
  ProcessLink* previous = this;
  ProcessLink* next = this;

  ProcessLink() = default;
  ProcessLink(const ProcessLink&) = delete;
  ProcessLink& operator=(const ProcessLink&) = delete;
  ~ProcessLink() { unlink(); }

  void insert_before(ProcessLink& other) {
    previous = other.previous;
    next = &other;
    previous->next = this;
    other.previous = this;
  }
  void unlink() {
    previous->next = next;
    next->previous = previous;
    previous = next = this;
  }
};

}  // namespace detail

/// A coroutine that an actor runs: sequential behaviour over virtual time. Started by the kernel (`run()`, a handler
/// that returns one, or `Context::start`); its frame goes when it ends or when the actor stops, whichever is first.
class [[nodiscard]] Process {
 public:
  struct promise_type : detail::ProcessLink {
    Process get_return_object() { return Process{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }  // the frame goes at once; its promise leaves the ring
    void return_void() {}
    void unhandled_exception() { throw; }  // ends the run: see Kernel::run_until
  };

  Process(Process&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Process& operator=(Process&&) = delete;
  ~Process() {
    if (handle_) {
      handle_.destroy();  // never started
    }
  }

  /// Gives the frame to its owner.
  [[nodiscard]] std::coroutine_handle<promise_type> release() { return std::exchange(handle_, nullptr); }

 private:
  explicit Process(std::coroutine_handle<promise_type> handle) : handle_(handle) {}

  std::coroutine_handle<promise_type> handle_;
};

namespace detail {

template <class T>
struct TaskResult {
  std::optional<T> value;
  template <class U>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
  T take() { return std::move(*value); }
};

template <>
struct TaskResult<void> {
  void return_void() {}
  void take() {}
};

}  // namespace detail

/// A step of a process, written as a coroutine of its own: `const T x = co_await step();`. Runs when awaited; an
/// exception reaches the awaiting coroutine; destroyed with the coroutine that holds it.
template <class T = void>
class [[nodiscard]] Task {
 public:
  struct promise_type : detail::TaskResult<T> {
    struct Final {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
        if (self.promise().has_waited) {
          return self.promise().caller;
        }
        return std::noop_coroutine();  // the caller sees that it need not wait
      }
      void await_resume() noexcept {}
    };

    Task get_return_object() { return Task{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    Final final_suspend() noexcept { return {}; }
    void unhandled_exception() { error = std::current_exception(); }

    std::coroutine_handle<> caller;
    std::exception_ptr error;
    bool has_waited = false;
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (handle_) {
      handle_.destroy();
    }
  }

  [[nodiscard]] bool done() const noexcept { return handle_.done(); }

  bool await_ready() noexcept { return false; }
  /// Runs the step until it ends or waits for the first time; the caller is suspended only when it waits. So any number
  /// of steps that never wait may follow each other, where handing over from frame to frame would fill the stack of
  /// unoptimised programs.
  bool await_suspend(std::coroutine_handle<> caller) noexcept {
    handle_.promise().caller = caller;
    handle_.resume();
    handle_.promise().has_waited = true;
    return !handle_.done();
  }
  T await_resume() {
    if (handle_.promise().error) {
      std::rethrow_exception(handle_.promise().error);
    }
    return handle_.promise().take();
  }

 private:
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}

  std::coroutine_handle<promise_type> handle_;
};

}  // namespace sim
