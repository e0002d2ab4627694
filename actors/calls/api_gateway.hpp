#pragma once

#include <utility>
#include <vector>

#include "actors/calls/api_messages.hpp"
#include "actors/rate_limit/rate_limiter.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// The front door of a provider: keeps each account within its rate limit, and hands the rest to one endpoint per
/// operation. Who asks too often is told so (`throttled`, with the time to wait), as by HTTP 429.
class ApiGateway {
 public:
  struct Config {
    policies::RateLimiter::Config limit;
    Distribution refusal_latency = lognormal_p50_p99(40ms, 200ms);  ///< until the caller has read the refusal
    Duration timeout = 60s;  ///< an endpoint that says nothing for so long is a `server_error`

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// One attempt as the gateway saw it.
  struct Visit {
    ApiOperation operation{};
    ApiCallId call{};
    Time arrived_at{};
    Time left_at = Time::max();  ///< has not left yet
    bool was_throttled = false;

    friend bool operator==(const Visit&, const Visit&) = default;
  };

  using Inbox = sim::Inbox<ApiRequest>;

  /// The endpoints by the number of the operation.
  ApiGateway(Context& ctx, Config config, std::vector<Port<ApiRequest>> endpoints)
      : ctx_(ctx),
        config_(std::move(config)),
        endpoints_(std::move(endpoints)),
        limiter_(config_.limit, ctx.now()),
        refusal_rng_(ctx.random("refusal")),
        throttled_(ctx.counter("throttled_count")),
        in_progress_(ctx.gauge("in_progress_requests")) {}

  Process on(ApiRequest request, ReplyTo<ApiReply> reply_to) {
    const std::size_t number = visits_.size();
    visits_.push_back({.operation = request.operation, .call = request.call, .arrived_at = ctx_.now()});
    const policies::RateDecision decision = limiter_.acquire(ctx_.now());
    ApiReply reply;
    if (decision.allowed) {
      in_progress_.add(1);
      const auto answer =
          co_await ctx_.ask(endpoints_.at(static_cast<std::size_t>(request.operation)), request, config_.timeout);
      in_progress_.add(-1);
      reply = answer ? *answer : ApiReply{calls::CallError{policies::ErrorClass::server_error, {}}};
    } else {
      throttled_.add();
      visits_[number].was_throttled = true;
      co_await ctx_.sleep(config_.refusal_latency.sample(refusal_rng_));
      reply.error = calls::CallError{policies::ErrorClass::throttled, decision.retry_after};
    }
    visits_[number].left_at = ctx_.now();
    ctx_.reply(reply_to, reply);
  }

  /// In the order of their arrival.
  [[nodiscard]] const std::vector<Visit>& visits() const { return visits_; }

 private:
  Context& ctx_;
  Config config_;
  std::vector<Port<ApiRequest>> endpoints_;
  policies::RateLimiter limiter_;
  std::vector<Visit> visits_;
  RandomStream& refusal_rng_;
  Counter& throttled_;
  Gauge& in_progress_;
};

}  // namespace sim::actors
