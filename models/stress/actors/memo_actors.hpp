#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "actors/cache/cache.hpp"
#include "actors/cache/single_flight.hpp"
#include "libsim/duration_sum.hpp"
#include "libsim/sim.hpp"
#include "libsim/statistics/time_weighted.hpp"

namespace sim::models::stress {

struct FunctionValue {
  std::uint64_t value = 0;

  friend bool operator==(const FunctionValue&, const FunctionValue&) = default;
};

/// Asks for f(argument).
struct EvaluateFunction {
  using Reply = FunctionValue;
  std::uint32_t argument = 0;

  friend bool operator==(const EvaluateFunction&, const EvaluateFunction&) = default;
};

/// The sum of the whole numbers below argument × 10⁶.
[[nodiscard]] constexpr std::uint64_t expensive_function(std::uint32_t argument) {
  const std::uint64_t terms = std::uint64_t{argument} * 1'000'000;
  return terms == 0 ? 0 : terms * (terms - 1) / 2;
}

/// Computes the function each time it is asked, in a time that grows with the argument.
class FunctionComputer {
 public:
  struct Config {
    Distribution cost_per_unit = lognormal_p50_p99(1ms, 2ms);  ///< for each 10⁶ terms
  };
  using Inbox = sim::Inbox<EvaluateFunction>;

  FunctionComputer(Context& ctx, Config config) : ctx_(ctx), config_(config), cost_rng_(ctx.random("cost")) {}

  Process on(EvaluateFunction request, ReplyTo<FunctionValue> reply_to) {
    ++computations_;
    co_await ctx_.sleep(config_.cost_per_unit.sample(cost_rng_) * std::int64_t{request.argument});
    ctx_.reply(reply_to, FunctionValue{expensive_function(request.argument)});
  }

  [[nodiscard]] std::uint64_t computations() const { return computations_; }  ///< begun

 private:
  Context& ctx_;
  Config config_;
  RandomStream& cost_rng_;
  std::uint64_t computations_ = 0;
};

/// Remembers what the computer said. The computation takes time: without single flight, whoever asks the same in the
/// meantime has it computed again.
class Memoizer {
 public:
  struct Config {
    bool remembers = true;
    bool single_flight = false;
    std::uint32_t entries_max = 100;
  };
  using Inbox = sim::Inbox<EvaluateFunction>;

  Memoizer(Context& ctx, Config config, Port<EvaluateFunction> computer)
      : ctx_(ctx),
        config_(config),
        computer_(computer),
        results_({.entries_max = config.entries_max, .ttl = forever}),
        waiting_(ctx.now()) {}

  Process on(EvaluateFunction request, ReplyTo<FunctionValue> reply_to) {
    if (config_.remembers) {
      if (const auto known = results_.get(request.argument, ctx_.now())) {
        ctx_.reply(reply_to, FunctionValue{*known});
        co_return;
      }
    }
    const std::uint64_t caller = askers_.size();
    askers_.push_back(reply_to);
    waiting_.add(ctx_.now(), 1);
    if (config_.single_flight && flights_.join(request.argument, caller) == Flights::Role::follower) {
      co_return;  // the leader's value is for this caller, too
    }
    const auto value = co_await ctx_.ask(computer_, request);
    check(value.has_value(), "a computation ends");
    if (config_.remembers) {
      results_.set(request.argument, value->value, ctx_.now());
    }
    tell(reply_to, *value);
    if (config_.single_flight) {
      for (const std::uint64_t follower : flights_.succeed(request.argument, caller).told) {
        tell(askers_[follower], *value);
      }
    }
  }

  /// Area under the number of those who wait for a value that is not known, in calls × seconds.
  [[nodiscard]] double waiting_integral() const { return waiting_.integral(ctx_.now()); }

 private:
  using Flights = policies::SingleFlight<std::uint32_t, std::uint64_t>;

  void tell(const ReplyTo<FunctionValue>& asker, const FunctionValue& value) {
    waiting_.add(ctx_.now(), -1);
    ctx_.reply(asker, value);
  }

  Context& ctx_;
  Config config_;
  Port<EvaluateFunction> computer_;
  policies::Cache<std::uint32_t, std::uint64_t> results_;
  Flights flights_;
  std::vector<ReplyTo<FunctionValue>> askers_;  ///< of all computations, by caller
  TimeWeighted waiting_;
};

/// Asks for one value after the other, or for all at once.
class FunctionCaller {
 public:
  struct Config {
    std::vector<std::uint32_t> arguments = {5, 5, 3};
    bool at_once = false;
  };
  using Inbox = sim::Inbox<>;

  FunctionCaller(Context& ctx, Config config, Port<EvaluateFunction> function)
      : ctx_(ctx), config_(std::move(config)), function_(function) {}

  Process run() {
    for (const std::uint32_t argument : config_.arguments) {
      if (config_.at_once) {
        ctx_.start(call_beside(argument));
      } else {
        co_await call(argument);
      }
    }
  }

  [[nodiscard]] std::uint64_t correct() const { return correct_; }
  [[nodiscard]] std::uint64_t wrong() const { return wrong_; }
  [[nodiscard]] Time ended_at() const { return ended_at_; }  ///< of the last call
  [[nodiscard]] DurationSum time() const { return time_; }   ///< of all calls together

 private:
  Process call_beside(std::uint32_t argument) { co_await call(argument); }
  Task<> call(std::uint32_t argument) {
    const Time called_at = ctx_.now();
    const auto value = co_await ctx_.ask(function_, EvaluateFunction{argument});
    time_ += ctx_.now() - called_at;
    const bool is_correct = value.has_value() && value->value == expensive_function(argument);
    ++(is_correct ? correct_ : wrong_);
    ended_at_ = ctx_.now();
  }

  Context& ctx_;
  Config config_;
  Port<EvaluateFunction> function_;
  std::uint64_t correct_ = 0;
  std::uint64_t wrong_ = 0;
  Time ended_at_{};
  DurationSum time_;
};

}  // namespace sim::models::stress
