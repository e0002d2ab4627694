#pragma once

#include <cstdint>
#include <utility>

#include "actors/faults/fault.hpp"
#include "actors/faults/fault_messages.hpp"
#include "actors/monitoring/metrics_service_messages.hpp"
#include "actors/rate_limit/rate_limiter.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// Stands for a hosted metrics service: stores batches, after some time, and throttles those beyond its rate limit.
/// Batches of more than `batch_size_max` metrics are a bug of the publisher (asserted). A request that fails is never
/// answered, and its batch is not stored.
class MetricsService {
 public:
  struct Config {
    policies::RateLimiter::Config rate_limit{
        .algorithm = policies::RateLimiter::Algorithm::token_bucket, .limit = 10, .window = 1s};  ///< of batches
    std::uint32_t batch_size_max = 20;
    Distribution latency = lognormal_p50_p99(20ms, 100ms);
    double failure_probability = 0;

    friend bool operator==(const Config&, const Config&) = default;
  };
  using Inbox = sim::Inbox<StoreMetrics, ApplyFault, EndFault>;

  MetricsService(Context& ctx, Config config)
      : ctx_(ctx),
        config_(std::move(config)),
        limiter_(config_.rate_limit, ctx.now()),
        latency_rng_(ctx.random("latency")),
        fault_rng_(ctx.random("fault")),
        injected_rng_(ctx.random("injected-fault")),
        stored_(ctx.counter("stored_metrics_count")),
        batches_(ctx.counter("stored_batches_count")),
        throttled_(ctx.counter("throttled_batches_count")),
        failed_(ctx.counter("failed_batches_count")) {}

  Process on(StoreMetrics request, ReplyTo<MetricsStored> reply_to) {
    check(request.metrics.size() <= config_.batch_size_max, "a batch is no larger than the metrics service takes");
    const policies::RateDecision decision = limiter_.acquire(ctx_.now());
    if (!decision.allowed) {
      throttled_.add();
      ctx_.reply(reply_to, MetricsStored{false, decision.retry_after});
      co_return;
    }
    const auto& effect = faults_.effect();
    const Duration latency = config_.latency.sample(latency_rng_);
    co_await ctx_.sleep(policies::scaled_latency(latency, effect.latency_factor) + effect.slow_delay);
    if (fails()) {
      failed_.add();
      co_return;
    }
    batches_.add();
    stored_.add(request.metrics.size());
    ctx_.reply(reply_to, MetricsStored{});
  }

  void on(const ApplyFault& fault) { faults_.apply(fault.number, fault.fault); }
  void on(const EndFault& fault) { faults_.end(fault.number); }

  /// The faults that it takes: requests that begin while it is slow are slow, those that end under errors fail.
  [[nodiscard]] static constexpr policies::FaultKinds faults() {
    return {policies::FaultKind::slow, policies::FaultKind::errors};
  }

 private:
  [[nodiscard]] bool fails() {
    const bool by_itself = fault_rng_.chance(config_.failure_probability);
    if (faults_.size() == 0) {
      return by_itself;
    }
    policies::SplitDraw draw(injected_rng_.uniform01());
    return faults_.error(draw).has_value() || by_itself;
  }

  Context& ctx_;
  Config config_;
  policies::RateLimiter limiter_;
  RandomStream& latency_rng_;
  RandomStream& fault_rng_;
  RandomStream& injected_rng_;  ///< of its own, so that a fault moves no other draw
  policies::ActiveFaults faults_;
  Counter& stored_;
  Counter& batches_;
  Counter& throttled_;
  Counter& failed_;
};

}  // namespace sim::actors
