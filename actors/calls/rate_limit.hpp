#pragma once

#include <fmt/format.h>

#include <string_view>

#include "actors/calls/guarded_port.hpp"
#include "actors/calls/turn_line.hpp"
#include "actors/rate_limit/rate_limiter.hpp"

namespace sim::calls {

/// Keeps calls within a rate, those of this client alone. With `wait_max` they wait for their turn, first come, first
/// served; one that would have to wait longer is turned away at once.
class RateLimit {
 public:
  static constexpr std::string_view name = "rate_limit";
  struct Config {
    policies::RateLimiter::Config limiter;
    Duration wait_max{0};  ///< for a permit; 0: none waits

    friend bool operator==(const Config&, const Config&) = default;
  };

  explicit RateLimit(const LayerSetup<Config>& setup)
      : ctx_(setup.ctx),
        wait_max_(setup.config.wait_max),
        limiter_(setup.config.limiter, setup.ctx.now()),
        line_(setup.ctx, {.max_concurrent_calls = 1, .max_wait_duration = wait_max_}),
        waited_(setup.ctx.tally(fmt::format("{}_wait_s", setup.prefix))),
        rejected_(setup.ctx.counter(fmt::format("{}_rejected", setup.prefix))) {}

  template <class Next>
  Task<typename Next::Outcome> call(Next next, CallScope scope) {
    const Time began = ctx_.now();
    const policies::RateDecision decision = co_await permit();
    if (!decision.allowed) {
      rejected_.add();
      co_return tl::unexpected(CallError{policies::ErrorClass::throttled, decision.retry_after});
    }
    if (decision.delay > Duration{0}) {
      co_await ctx_.sleep(decision.delay);
    }
    waited_.add(to_seconds(ctx_.now() - began));
    co_return co_await next(scope);
  }

 private:
  /// Takes a permit, waiting for it while that is worth it.
  Task<policies::RateDecision> permit() {
    const Time latest = policies::Deadline::after(ctx_.now(), wait_max_).at();
    TurnLine::Turn turn(line_);  // whoever is first in line asks; the others may not overtake
    const bool granted = co_await turn.take();
    if (!granted) {
      co_return policies::RateDecision{.allowed = false, .retry_after = wait_max_};
    }
    for (;;) {
      const policies::RateDecision decision = limiter_.acquire(ctx_.now());
      if (decision.allowed || decision.retry_after > latest - ctx_.now()) {
        co_return decision;
      }
      co_await ctx_.sleep(decision.retry_after);
    }
  }

  Context& ctx_;
  Duration wait_max_;
  policies::RateLimiter limiter_;
  TurnLine line_;
  Tally& waited_;
  Counter& rejected_;
};

}  // namespace sim::calls
