#pragma once

#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "actors/calls/guarded_port.hpp"
#include "actors/calls/retry_budget.hpp"
#include "actors/retry/retry_schedule.hpp"

namespace sim::calls {

/// Tries again. Stops when the schedule ends, the budget of all calls is used up, or the next attempt would begin at or
/// after the caller's deadline; the last error stands.
class Retry {
 public:
  static constexpr std::string_view name = "retry";
  struct Config {
    policies::RetrySchedule::Config schedule;
    RetryBudget::Config budget;  ///< none by default

    friend bool operator==(const Config&, const Config&) = default;
  };

  explicit Retry(const LayerSetup<Config>& setup)
      : ctx_(setup.ctx),
        schedule_(setup.config.schedule),
        budget_(setup.config.budget),
        jitter_rng_(setup.ctx.random(fmt::format("{}_jitter", setup.prefix))),
        retries_(setup.ctx.counter(fmt::format("{}_retries", setup.prefix))),
        refused_(setup.ctx.counter(fmt::format("{}_budget_refused", setup.prefix))),
        exhausted_(setup.ctx.counter(fmt::format("{}_exhausted", setup.prefix))) {}

  template <class Next>
  Task<typename Next::Outcome> call(Next next, CallScope scope) {
    policies::RetrySchedule schedule(schedule_, ctx_.now());
    RetryBudget::Call budget(budget_, ctx_.now());
    for (;;) {
      auto outcome = co_await next(scope);
      if (outcome) {
        budget.on_success();
        co_return outcome;
      }
      const auto delay = delay_before_next(schedule, budget, outcome.error(), scope.deadline);
      if (!delay) {
        co_return outcome;
      }
      retries_.add();
      co_await ctx_.sleep(*delay);
    }
  }

 private:
  [[nodiscard]] std::optional<Duration> delay_before_next(policies::RetrySchedule& schedule, RetryBudget::Call& budget,
                                                          const CallError& error, policies::Deadline deadline) {
    using Outcome = policies::RetrySchedule::Outcome;
    const Time now = ctx_.now();
    const auto retry_after =
        error.retry_after > Duration{0} ? std::optional<Duration>(error.retry_after) : std::nullopt;
    const auto decision = schedule.on_failure(now, error.error, jitter_rng_.uniform01(), retry_after);
    if (decision.outcome != Outcome::retry) {
      exhausted_.add(decision.outcome == Outcome::not_retryable ? 0 : 1);
      return std::nullopt;
    }
    if (deadline.remaining(now) <= decision.delay) {
      exhausted_.add();
      return std::nullopt;
    }
    if (!budget.try_retry(now, error.error)) {
      refused_.add();
      return std::nullopt;
    }
    return decision.delay;
  }

  Context& ctx_;
  policies::RetrySchedule::Config schedule_;
  RetryBudget budget_;
  RandomStream& jitter_rng_;
  Counter& retries_;
  Counter& refused_;
  Counter& exhausted_;
};

}  // namespace sim::calls
