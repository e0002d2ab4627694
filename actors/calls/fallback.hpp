#pragma once

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <utility>

#include "actors/calls/guarded_port.hpp"

namespace sim::calls {

/// Answers instead of a call that failed. `Source` decides what with: a reply kept from an earlier call, a part of it,
/// a default. It is a value with
///
///     std::optional<Reply> operator()(const M& request, const CallError& error, Time now);  // empty: the error stands
///     void remember(const M& request, const Reply& reply, Time now);                        // may be missing
template <class Source>
class Fallback {
 public:
  static constexpr std::string_view name = "fallback";
  using Config = Source;

  explicit Fallback(const LayerSetup<Config>& setup)
      : ctx_(setup.ctx),
        source_(setup.config),
        used_(setup.ctx.counter(fmt::format("{}_used", setup.prefix))),
        missing_(setup.ctx.counter(fmt::format("{}_missing", setup.prefix))) {}

  template <class Next>
  Task<typename Next::Outcome> call(Next next, CallScope scope) {
    auto outcome = co_await next(scope);
    if (outcome) {
      if constexpr (requires { source_.remember(next.request(), *outcome, ctx_.now()); }) {
        source_.remember(next.request(), *outcome, ctx_.now());
      }
      co_return outcome;
    }
    auto instead = source_(next.request(), outcome.error(), ctx_.now());
    if (!instead) {
      missing_.add();
      co_return outcome;
    }
    used_.add();
    co_return std::move(*instead);
  }

 private:
  Context& ctx_;
  Source source_;
  Counter& used_;
  Counter& missing_;
};

}  // namespace sim::calls
