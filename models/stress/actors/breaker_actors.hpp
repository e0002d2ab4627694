#pragma once

#include <cstdint>
#include <optional>

#include "actors/circuit_breaker/circuit_breaker.hpp"
#include "actors/faults/failing_service.hpp"
#include "libsim/duration_sum.hpp"
#include "libsim/sim.hpp"

namespace sim::models::stress {

using policies::CircuitBreaker;

struct BackendAnswer {
  bool succeeded = false;

  friend bool operator==(const BackendAnswer&, const BackendAnswer&) = default;
};

struct BackendCall {
  using Reply = BackendAnswer;

  friend bool operator==(const BackendCall&, const BackendCall&) = default;
};

struct MakeBackendAnswer {
  BackendAnswer operator()(const BackendCall&, const actors::RequestOutcome& outcome) const {
    return {!outcome.error.has_value()};
  }
};
using Backend = actors::FailingService<BackendCall, MakeBackendAnswer>;

/// What came of a call through a breaker.
enum class BreakerResult : std::uint8_t { succeeded, failed, rejected };

struct BreakerAnswer {
  BreakerResult result = BreakerResult::succeeded;

  friend bool operator==(const BreakerAnswer&, const BreakerAnswer&) = default;
};

struct BreakerCall {
  using Reply = BreakerAnswer;

  friend bool operator==(const BreakerCall&, const BreakerCall&) = default;
};

/// A breaker tells of each change of its state, after the answer to the call that brought it about.
struct BreakerChanged {
  CircuitBreaker::State to = CircuitBreaker::State::closed;

  friend bool operator==(const BreakerChanged&, const BreakerChanged&) = default;
};

/// A breaker between callers and a backend.
class BreakerGate {
 public:
  struct Config {
    CircuitBreaker::Config rules = {};
  };
  using Inbox = sim::Inbox<BreakerCall>;

  BreakerGate(Context& ctx, Config config, Port<BackendCall> backend)
      : ctx_(ctx), breaker_(config.rules, ctx.now()), backend_(backend) {}

  /// To be called before the simulation begins: callers and breaker know each other.
  void connect(Port<BreakerChanged> observer) { observer_ = observer; }

  Process on(BreakerCall, ReplyTo<BreakerAnswer> reply_to) {
    const auto ticket = breaker_.try_acquire(ctx_.now());
    announce();
    if (!ticket) {
      ctx_.reply(reply_to, BreakerAnswer{BreakerResult::rejected});
      co_return;
    }
    const Time began_at = ctx_.now();
    const auto answer = co_await ctx_.ask(backend_, BackendCall{});
    const bool succeeded = answer.has_value() && answer->succeeded;
    breaker_.record(*ticket, succeeded ? CircuitBreaker::Outcome::success : CircuitBreaker::Outcome::failure,
                    ctx_.now() - began_at, ctx_.now());
    ctx_.reply(reply_to, BreakerAnswer{succeeded ? BreakerResult::succeeded : BreakerResult::failed});
    announce();
  }

 private:
  void announce() {
    if (breaker_.statistics().transitions_count > announced_) {
      announced_ = breaker_.statistics().transitions_count;
      ctx_.send(observer_, BreakerChanged{breaker_.last_transition()->to});
    }
  }

  Context& ctx_;
  CircuitBreaker breaker_;
  Port<BackendCall> backend_;
  Port<BreakerChanged> observer_;
  std::uint64_t announced_ = 0;
};

/// Calls again and again, and writes down what it is told: answers, and changes of the breaker.
class BreakerCaller {
 public:
  struct Config {
    Duration duration = 5s;
    Distribution pause = exponential(50ms);
  };
  using Inbox = sim::Inbox<BreakerChanged>;

  BreakerCaller(Context& ctx, Config config, Port<BreakerCall> gate)
      : ctx_(ctx),
        config_(config),
        gate_(gate),
        pause_rng_(ctx.random("pause")),
        open_(ctx.gauge("breaker_open_bool")) {}

  Process run() {
    while (ctx_.now() - Time{} < config_.duration) {
      const bool is_open = state_ == CircuitBreaker::State::open;
      const Time called_at = ctx_.now();
      const auto answer = co_await ctx_.ask(gate_, BreakerCall{});
      check(answer.has_value(), "a breaker answers every call");
      time_ += ctx_.now() - called_at;
      ++calls_;
      count(answer->result, is_open && state_ == CircuitBreaker::State::open);
      co_await ctx_.sleep(config_.pause.sample(pause_rng_));
    }
  }

  void on(const BreakerChanged& changed) {
    state_ = changed.to;
    open_.set(state_ == CircuitBreaker::State::open ? 1 : 0);
    if (state_ == CircuitBreaker::State::open) {
      failures_at_opening_ = failures_at_opening_.value_or(failed_);
      ++openings_;
    }
    if (state_ == CircuitBreaker::State::closed) {
      closed_at_ = ctx_.now();
    }
  }

  [[nodiscard]] std::uint64_t calls() const { return calls_; }
  [[nodiscard]] std::uint64_t succeeded() const { return succeeded_; }
  [[nodiscard]] std::uint64_t failed() const { return failed_; }
  [[nodiscard]] std::uint64_t rejected() const { return rejected_; }
  [[nodiscard]] DurationSum time() const { return time_; }  ///< of all calls together
  [[nodiscard]] std::uint64_t openings() const { return openings_; }
  [[nodiscard]] CircuitBreaker::State state() const { return state_; }
  /// Calls that were made while the breaker was open, and stayed so: those it rejected and those it let through.
  [[nodiscard]] std::uint64_t rejected_while_open() const { return rejected_while_open_; }
  [[nodiscard]] std::uint64_t let_through_while_open() const { return let_through_while_open_; }
  /// Failures seen when the first opening was announced.
  [[nodiscard]] const std::optional<std::uint64_t>& failures_at_opening() const { return failures_at_opening_; }
  /// When the breaker last closed.
  [[nodiscard]] const std::optional<Time>& closed_at() const { return closed_at_; }

 private:
  void count(BreakerResult result, bool while_open) {
    const bool is_rejected = result == BreakerResult::rejected;
    ++(is_rejected ? rejected_ : result == BreakerResult::failed ? failed_ : succeeded_);
    if (while_open) {
      ++(is_rejected ? rejected_while_open_ : let_through_while_open_);
    }
  }

  Context& ctx_;
  Config config_;
  Port<BreakerCall> gate_;
  RandomStream& pause_rng_;
  Gauge& open_;
  CircuitBreaker::State state_ = CircuitBreaker::State::closed;
  std::uint64_t calls_ = 0;
  std::uint64_t succeeded_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t rejected_ = 0;
  DurationSum time_;
  std::uint64_t openings_ = 0;
  std::uint64_t rejected_while_open_ = 0;
  std::uint64_t let_through_while_open_ = 0;
  std::optional<std::uint64_t> failures_at_opening_;
  std::optional<Time> closed_at_;
};

}  // namespace sim::models::stress
