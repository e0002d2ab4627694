#pragma once

#include <fmt/format.h>

#include <string_view>

#include "actors/calls/guarded_port.hpp"
#include "actors/calls/turn_line.hpp"

namespace sim::calls {

/// Keeps one slow service from taking all that its callers have: so many calls at once, a bounded wait for the rest.
class Bulkhead {
 public:
  static constexpr std::string_view name = "bulkhead";
  using Config = policies::Bulkhead::Config;

  explicit Bulkhead(const LayerSetup<Config>& setup)
      : line_(setup.ctx, setup.config),
        active_(setup.ctx.gauge(fmt::format("{}_active_calls", setup.prefix))),
        rejected_(setup.ctx.counter(fmt::format("{}_rejected", setup.prefix))),
        timed_out_(setup.ctx.counter(fmt::format("{}_timed_out", setup.prefix))) {}

  template <class Next>
  Task<typename Next::Outcome> call(Next next, CallScope scope) {
    TurnLine::Turn turn(line_);
    const bool was_full = turn.refused();
    const bool granted = co_await turn.take();
    if (!granted) {
      (was_full ? rejected_ : timed_out_).add();
      co_return tl::unexpected(CallError{policies::ErrorClass::rejected, {}});
    }
    const Active active(active_);
    co_return co_await next(scope);
  }

  [[nodiscard]] const policies::Bulkhead& policy() const { return line_.bulkhead(); }

 private:
  /// Counts a call in while its frame lives.
  class Active {
   public:
    explicit Active(Gauge& gauge) : gauge_(gauge) { gauge_.add(1); }
    Active(const Active&) = delete;
    Active& operator=(const Active&) = delete;
    ~Active() { gauge_.add(-1); }

   private:
    Gauge& gauge_;
  };

  TurnLine line_;
  Gauge& active_;
  Counter& rejected_;
  Counter& timed_out_;
};

}  // namespace sim::calls
