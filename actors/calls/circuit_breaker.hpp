#pragma once

#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "actors/calls/guarded_port.hpp"
#include "actors/circuit_breaker/circuit_breaker.hpp"

namespace sim::calls {

/// Stops calling what fails, and tries it again after a while. Errors outside of `failures` are no result: what an
/// inner layer turned away says nothing about the service. A call that is cut short from outside (by a `Timeout` before
/// this layer) is none either, so a service that hangs is seen only when the timeout lies within.
class CircuitBreaker {
 public:
  static constexpr std::string_view name = "breaker";
  struct Config {
    policies::CircuitBreaker::Config breaker;
    policies::ErrorClasses failures = {policies::ErrorClass::connection_failed, policies::ErrorClass::timed_out,
                                       policies::ErrorClass::throttled, policies::ErrorClass::server_error};

    friend bool operator==(const Config&, const Config&) = default;
  };

  explicit CircuitBreaker(const LayerSetup<Config>& setup)
      : ctx_(setup.ctx),
        failures_(setup.config.failures),
        breaker_(setup.config.breaker, setup.ctx.now()),
        rejected_(setup.ctx.counter(fmt::format("{}_rejected", setup.prefix))),
        opened_(setup.ctx.counter(fmt::format("{}_opened", setup.prefix))) {}

  template <class Next>
  Task<typename Next::Outcome> call(Next next, CallScope scope) {
    const auto ticket = breaker_.try_acquire(ctx_.now());
    if (!ticket) {
      rejected_.add();
      co_return tl::unexpected(CallError{policies::ErrorClass::rejected, {}});
    }
    Admitted admitted(*this, *ticket);
    auto outcome = co_await next(scope);
    admitted.end(result_of(outcome));
    co_return outcome;
  }

  [[nodiscard]] const policies::CircuitBreaker& policy() const { return breaker_; }

 private:
  using Outcome = policies::CircuitBreaker::Outcome;

  /// A call on its way: its ticket goes back when its frame goes.
  class Admitted {
   public:
    Admitted(CircuitBreaker& layer, policies::CircuitBreaker::Ticket ticket)
        : layer_(layer), ticket_(ticket), began_(layer.ctx_.now()) {}
    Admitted(const Admitted&) = delete;
    Admitted& operator=(const Admitted&) = delete;
    ~Admitted() {
      if (ticket_) {
        layer_.breaker_.release(*ticket_);
      }
    }

    void end(Outcome outcome) {
      layer_.record(*ticket_, outcome, layer_.ctx_.now() - began_);
      ticket_.reset();
    }

   private:
    CircuitBreaker& layer_;
    std::optional<policies::CircuitBreaker::Ticket> ticket_;
    Time began_;
  };

  template <class CallOutcome>
  [[nodiscard]] Outcome result_of(const CallOutcome& outcome) const {
    if (outcome) {
      return Outcome::success;
    }
    const policies::ErrorClass error = outcome.error().error;
    if (!failures_.contains(error)) {
      return Outcome::ignored;
    }
    return error == policies::ErrorClass::timed_out ? Outcome::timeout : Outcome::failure;
  }

  void record(policies::CircuitBreaker::Ticket ticket, Outcome outcome, Duration duration) {
    const std::uint64_t opened_before = breaker_.statistics().opened_count;
    breaker_.record(ticket, outcome, duration, ctx_.now());
    opened_.add(breaker_.statistics().opened_count - opened_before);
  }

  Context& ctx_;
  policies::ErrorClasses failures_;
  policies::CircuitBreaker breaker_;
  Counter& rejected_;
  Counter& opened_;
};

}  // namespace sim::calls
