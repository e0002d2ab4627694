#pragma once

#include <cstdint>
#include <optional>

#include "actors/rate_limit/rate_limiter.hpp"
#include "libsim/sim.hpp"

namespace sim::models::stress {

struct CallVerdict {
  bool allowed = false;
  Duration retry_after{};  ///< for a blocked call

  friend bool operator==(const CallVerdict&, const CallVerdict&) = default;
};

struct LimitedCall {
  using Reply = CallVerdict;

  friend bool operator==(const LimitedCall&, const LimitedCall&) = default;
};

/// An endpoint that tells each call whether its limiter lets it in: at once, but a leaky bucket holds calls back.
class LimitedEndpoint {
 public:
  struct Config {
    policies::RateLimiter::Config rules = {};
  };
  using Inbox = sim::Inbox<LimitedCall>;

  LimitedEndpoint(Context& ctx, Config config) : ctx_(ctx), limiter_(config.rules, ctx.now()) {}

  Process on(LimitedCall, ReplyTo<CallVerdict> reply_to) {
    const policies::RateDecision decision = limiter_.acquire(ctx_.now());
    if (decision.delay > Duration{0}) {
      co_await ctx_.sleep(decision.delay);
    }
    ctx_.reply(reply_to, CallVerdict{decision.allowed, decision.retry_after});
  }

 private:
  Context& ctx_;
  policies::RateLimiter limiter_;
};

/// Calls one time after the other. If a call was blocked, it comes once more at the end, exactly when the last blocked
/// one was told to.
class EagerCaller {
 public:
  struct Config {
    std::uint32_t calls_count = 150;
    Distribution pause = exponential(1ms);
  };
  using Inbox = sim::Inbox<>;

  EagerCaller(Context& ctx, Config config, Port<LimitedCall> endpoint)
      : ctx_(ctx), config_(config), endpoint_(endpoint), pause_rng_(ctx.random("pause")) {}

  Process run() {
    for (std::uint32_t number = 0; number < config_.calls_count; ++number) {
      const auto verdict = co_await ctx_.ask(endpoint_, LimitedCall{});
      check(verdict.has_value(), "a limiter answers every call");
      ++(verdict->allowed ? allowed_ : blocked_);
      if (!verdict->allowed) {
        last_retry_after_ = verdict->retry_after;
        free_at_ = ctx_.now() + verdict->retry_after;
      }
      if (number + 1 < config_.calls_count) {
        co_await ctx_.sleep(config_.pause.sample(pause_rng_));
      }
    }
    ended_at_ = ctx_.now();
    co_await obey();
  }

  [[nodiscard]] std::uint64_t allowed() const { return allowed_; }
  [[nodiscard]] std::uint64_t blocked() const { return blocked_; }
  [[nodiscard]] Time ended_at() const { return ended_at_; }                      ///< the time of the last call
  [[nodiscard]] Duration last_retry_after() const { return last_retry_after_; }  ///< what the last blocked one was told
  /// Whether a call was let in that came exactly when the last blocked one was told to come; true if none was blocked.
  [[nodiscard]] bool allowed_as_told() const { return allowed_as_told_; }

 private:
  Task<> obey() {
    if (free_at_ && *free_at_ > ctx_.now()) {
      co_await ctx_.sleep(*free_at_ - ctx_.now());
      const auto verdict = co_await ctx_.ask(endpoint_, LimitedCall{});
      allowed_as_told_ = verdict.has_value() && verdict->allowed;
    }
  }

  Context& ctx_;
  Config config_;
  Port<LimitedCall> endpoint_;
  RandomStream& pause_rng_;
  std::uint64_t allowed_ = 0;
  std::uint64_t blocked_ = 0;
  std::optional<Time> free_at_;
  Duration last_retry_after_{};
  Time ended_at_{};
  bool allowed_as_told_ = true;
};

}  // namespace sim::models::stress
