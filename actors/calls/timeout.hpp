#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "actors/calls/guarded_port.hpp"

namespace sim::calls {

/// Gives up waiting after a while, and tells what lies within by when it must be done. Before `Retry` it bounds all
/// attempts together, after it each one. The other side goes on working: nobody takes a request back. A reply exactly
/// at the timeout is late.
class Timeout {
 public:
  static constexpr std::string_view name = "timeout";
  struct Config {
    Duration timeout = 30s;  ///< Polly's default

    friend bool operator==(const Config&, const Config&) = default;
  };

  explicit Timeout(const LayerSetup<Config>& setup)
      : ctx_(setup.ctx),
        timeout_(setup.config.timeout),
        expired_(setup.ctx.counter(fmt::format("{}_expired", setup.prefix))) {
    check(timeout_ > Duration{0}, "a timeout is longer than 0 s");
  }

  template <class Next>
  Task<typename Next::Outcome> call(Next next, CallScope scope) {
    scope.deadline = scope.deadline.child(ctx_.now(), timeout_);
    const Duration wait = scope.deadline.remaining(ctx_.now());
    auto outcome = co_await ctx_.within(wait, next(scope));
    if (!outcome) {
      expired_.add();
      co_return tl::unexpected(CallError{policies::ErrorClass::timed_out, {}});
    }
    co_return std::move(*outcome);
  }

 private:
  Context& ctx_;
  Duration timeout_;
  Counter& expired_;
};

}  // namespace sim::calls
