#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "actors/calls/guarded_port.hpp"
#include "actors/calls/permit_line.hpp"

namespace sim::calls {

/// Keeps one slow service from taking all that its callers have: so many calls at once, a bounded line for the rest.
class Bulkhead {
 public:
  static constexpr std::string_view name = "bulkhead";
  struct Config {
    std::uint32_t concurrent_calls_max = 25;  ///< resilience4j's `maxConcurrentCalls`
    Duration wait_max{0};                     ///< for a permit; 0: none waits
    std::uint32_t waiting_max = 0xffffffff;   ///< places in the line

    friend bool operator==(const Config&, const Config&) = default;
  };

  explicit Bulkhead(const LayerSetup<Config>& setup)
      : ctx_(setup.ctx),
        wait_max_(setup.config.wait_max),
        line_(setup.ctx, {setup.config.concurrent_calls_max, wait_max_ > Duration{0} ? setup.config.waiting_max : 0}),
        in_use_(setup.ctx.gauge(fmt::format("{}_calls", setup.prefix))),
        rejected_(setup.ctx.counter(fmt::format("{}_rejected", setup.prefix))),
        timed_out_(setup.ctx.counter(fmt::format("{}_timed_out", setup.prefix))) {}

  template <class Next>
  Task<typename Next::Outcome> call(Next next, CallScope scope) {
    PermitLine::Turn turn(line_);
    if (turn.rejected()) {
      rejected_.add();
      co_return tl::unexpected(CallError{CallFailure::bulkhead_full, {}});
    }
    co_await ctx_.within(wait_max_, turn.wait());
    if (!turn.granted()) {
      timed_out_.add();
      co_return tl::unexpected(CallError{CallFailure::bulkhead_full, {}});
    }
    const InUse in_use(in_use_);
    co_return co_await next(scope);
  }

  [[nodiscard]] std::uint32_t in_use() const { return line_.in_use(); }

 private:
  /// Counts a call in while its frame lives.
  class InUse {
   public:
    explicit InUse(Gauge& gauge) : gauge_(gauge) { gauge_.add(1); }
    InUse(const InUse&) = delete;
    InUse& operator=(const InUse&) = delete;
    ~InUse() { gauge_.add(-1); }

   private:
    Gauge& gauge_;
  };

  Context& ctx_;
  Duration wait_max_;
  PermitLine line_;
  Gauge& in_use_;
  Counter& rejected_;
  Counter& timed_out_;
};

}  // namespace sim::calls
