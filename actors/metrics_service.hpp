#pragma once

#include <cstdint>
#include <utility>

#include "actors/messages/metrics_service_messages.hpp"
#include "actors/policies/rate_limiter.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// Stands for a hosted metrics service: stores batches, after some time, and throttles those beyond its rate limit.
/// Batches of more than `batch_size_max` metrics are a bug of the publisher (asserted).
class MetricsService {
 public:
  struct Config {
    policies::RateLimiter::Config rate_limit{
        .algorithm = policies::RateLimiter::Algorithm::token_bucket, .limit = 10, .window = 1s};  ///< of batches
    std::uint32_t batch_size_max = 20;
    Distribution latency = lognormal_p50_p99(20ms, 100ms);

    friend bool operator==(const Config&, const Config&) = default;
  };
  using Inbox = sim::Inbox<StoreMetrics>;

  MetricsService(Context& ctx, Config config)
      : ctx_(ctx),
        config_(std::move(config)),
        limiter_(config_.rate_limit, ctx.now()),
        latency_rng_(ctx.random("latency")),
        stored_(ctx.counter("stored_metrics_count")),
        batches_(ctx.counter("stored_batches_count")),
        throttled_(ctx.counter("throttled_batches_count")) {}

  Process on(StoreMetrics request, ReplyTo<MetricsStored> reply_to) {
    check(request.metrics.size() <= config_.batch_size_max, "a batch is no larger than the metrics service takes");
    const policies::RateDecision decision = limiter_.acquire(ctx_.now());
    if (!decision.allowed) {
      throttled_.add();
      ctx_.reply(reply_to, MetricsStored{false, decision.retry_after});
      co_return;
    }
    co_await ctx_.sleep(config_.latency.sample(latency_rng_));
    batches_.add();
    stored_.add(request.metrics.size());
    ctx_.reply(reply_to, MetricsStored{});
  }

 private:
  Context& ctx_;
  Config config_;
  policies::RateLimiter limiter_;
  RandomStream& latency_rng_;
  Counter& stored_;
  Counter& batches_;
  Counter& throttled_;
};

}  // namespace sim::actors
