#pragma once

#include <cstdint>
#include <utility>

#include "actors/database/database_messages.hpp"
#include "libsim/sim.hpp"

namespace sim::models::resilience {

/// Stands before a database and fails so many writes in a row, as one does that resets its connections; then it lets
/// them through.
class FlakyPrimary {
 public:
  struct Config {
    Distribution error_latency = lognormal_p50_p99(5ms, 40ms);
  };
  struct FailNext {
    std::uint32_t count = 0;
  };
  using Inbox = sim::Inbox<FailNext, actors::DatabaseWrite>;

  FlakyPrimary(Context& ctx, Config config, Port<actors::DatabaseWrite> database)
      : ctx_(ctx),
        config_(std::move(config)),
        database_(database),
        error_rng_(ctx.random("error_latency")),
        errors_(ctx.counter("transient_errors_count")) {}

  void on(const FailNext& order) { errors_left_ = order.count; }

  Process on(actors::DatabaseWrite write, ReplyTo<actors::DatabaseAnswer> reply_to) {
    if (errors_left_ > 0) {
      --errors_left_;
      errors_.add();
      co_await ctx_.sleep(config_.error_latency.sample(error_rng_));
      actors::DatabaseAnswer failed;
      failed.succeeded = false;
      failed.error = policies::ErrorClass::server_error;
      ctx_.reply(reply_to, failed);
      co_return;
    }
    const auto answer = co_await ctx_.ask(database_, write);
    if (answer) {
      ctx_.reply(reply_to, *answer);
    }
  }

 private:
  Context& ctx_;
  Config config_;
  Port<actors::DatabaseWrite> database_;
  std::uint32_t errors_left_ = 0;
  RandomStream& error_rng_;
  Counter& errors_;
};

}  // namespace sim::models::resilience
