#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "actors/calls/call_error.hpp"
#include "actors/retry/deadline.hpp"
#include "libsim/sim.hpp"

namespace sim::calls {

/// A reply that may itself tell of a failure: `call_error(reply)`, found beside its type, is a
/// `std::optional<CallError>`.
template <class R>
concept MayFail = requires(const R reply) {
  { call_error(reply) } -> std::convertible_to<std::optional<CallError>>;
};

/// A request that carries the deadline of its caller, so that the other side can leave work that nobody waits for.
template <class M>
concept CarriesDeadline = requires(M request) {
  { request.deadline } -> std::same_as<policies::Deadline&>;
};

/// What the layers tell each other on the way inwards.
struct CallScope {
  policies::Deadline deadline;  ///< the caller waits no longer
};

/// What a layer is made from.
template <class Config>
struct LayerSetup {
  Context& ctx;
  std::string prefix;  ///< of the names of its metrics
  const Config& config;
};

/// A port with layers in front of it, the outermost first. The order is the meaning:
///
///     calls::GuardedPort<Charge, calls::Retry, calls::Timeout, calls::CircuitBreaker> payments_;
///     payments_(ctx, "payment", ports.payment, config.retry, config.timeout, config.circuit_breaker)
///     const auto outcome = co_await payments_.call(Charge{amount});
///
/// Here each attempt has a timeout of its own, and each counts for the breaker; with `Timeout` before `Retry` it is one
/// for all attempts. A layer may stand in it twice. Metrics: `<name>_calls`, `<name>_errors`, `<name>_duration_s`, and
/// those of each layer after `<name>_<layer>_`, numbered from its second place on (`payment_timeout_2_expired`).
///
/// A layer is a class with `static constexpr std::string_view name`, a `Config`, a constructor from
/// `LayerSetup<Config>` and `Task<typename Next::Outcome> call(Next next, CallScope scope)`, where `co_await
/// next(scope)` goes on inwards: once, often or never. `next.request()` is the request. A call is cut short by
/// destroying its frame, so what a layer holds during `next` lies in the frame.
template <Askable M, class... Layers>
class GuardedPort {
 public:
  using Reply = typename M::Reply;
  using Outcome = Expected<Reply, CallError>;

  GuardedPort(Context& ctx, std::string_view name, Port<M> port, const typename Layers::Config&... configs)
      : GuardedPort(ctx, name, port, std::index_sequence_for<Layers...>{}, configs...) {}
  GuardedPort(const GuardedPort&) = delete;
  GuardedPort& operator=(const GuardedPort&) = delete;

  /// Calls through all layers.
  Task<Outcome> call(M request) {
    const Time began = ctx_.now();
    calls_.add();
    Outcome outcome = co_await enter<0>(request, CallScope{});
    duration_.add(to_seconds(ctx_.now() - began));
    if (!outcome) {
      errors_.add();
    }
    co_return outcome;
  }

  /// The layer at a place, for its state.
  template <std::size_t Place>
  [[nodiscard]] const auto& layer() const {
    return std::get<Place>(layers_);
  }

 private:
  template <std::size_t Place>
  class Next {
   public:
    using Outcome = GuardedPort::Outcome;
    Next(GuardedPort& port, const M& request) : port_(&port), request_(&request) {}
    [[nodiscard]] const M& request() const { return *request_; }
    Task<Outcome> operator()(CallScope scope) const { return port_->template enter<Place>(*request_, scope); }

   private:
    GuardedPort* port_;
    const M* request_;
  };

  /// The names of a list of layers, each different.
  [[nodiscard]] static std::string prefix(std::string_view name, std::size_t place) {
    constexpr std::array<std::string_view, sizeof...(Layers)> names{Layers::name...};
    const auto same_before =
        std::count(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(place), names[place]);
    return same_before == 0 ? fmt::format("{}_{}", name, names[place])
                            : fmt::format("{}_{}_{}", name, names[place], same_before + 1);
  }

  template <std::size_t... Places>
  GuardedPort(Context& ctx, std::string_view name, Port<M> port, std::index_sequence<Places...> /*places*/,
              const typename Layers::Config&... configs)
      : ctx_(ctx),
        port_(port),
        calls_(ctx.counter(fmt::format("{}_calls", name))),
        errors_(ctx.counter(fmt::format("{}_errors", name))),
        duration_(ctx.tally(fmt::format("{}_duration_s", name))),
        layers_(LayerSetup<typename Layers::Config>{ctx, prefix(name, Places), configs}...) {}

  template <std::size_t Place>
  Task<Outcome> enter(const M& request, CallScope scope) {
    if constexpr (Place < sizeof...(Layers)) {
      return std::get<Place>(layers_).call(Next<Place + 1>(*this, request), scope);
    } else {
      return ask(request, scope);
    }
  }

  /// The innermost step. Waits as long as it takes: a layer that sets a deadline also ends the call at it.
  Task<Outcome> ask(M request, CallScope scope) {
    if constexpr (CarriesDeadline<M>) {
      request.deadline = std::min(request.deadline, scope.deadline);
    }
    auto reply = co_await ctx_.ask(port_, request);
    if (!reply) {
      co_return tl::unexpected(CallError{policies::ErrorClass::connection_failed, {}});
    }
    if constexpr (MayFail<Reply>) {
      if (const std::optional<CallError> error = call_error(*reply)) {
        co_return tl::unexpected(*error);
      }
    }
    co_return std::move(*reply);
  }

  Context& ctx_;
  Port<M> port_;
  Counter& calls_;
  Counter& errors_;
  Tally& duration_;
  std::tuple<Layers...> layers_;
};

}  // namespace sim::calls
