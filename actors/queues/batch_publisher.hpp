#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include "actors/monitoring/metrics_service_messages.hpp"
#include "actors/monitoring/monitor_messages.hpp"
#include "actors/queues/publish_batcher.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// Hands the figures of a monitor to a metrics service in batches, and tries again those that fail.
///
/// A `PublishBatcher` with timers. What it cannot keep is dropped: `block`, which leaves an item with its sender, is
/// refused (asserted).
class BatchPublisher {
 public:
  using Batcher = policies::PublishBatcher<policies::MetricSummary>;

  struct Config {
    Batcher::Config batches{};
    Duration request_timeout = 5s;

    friend bool operator==(const Config&, const Config&) = default;
  };
  struct BatchDue {
    friend bool operator==(const BatchDue&, const BatchDue&) = default;
  };
  using Inbox = sim::Inbox<PublishMetrics, BatchDue>;

  BatchPublisher(Context& ctx, Config config, Port<StoreMetrics> service)
      : ctx_(ctx),
        config_(std::move(config)),
        service_(service),
        batcher_(config_.batches),
        retry_rng_(ctx.random("retry")) {
    check(config_.batches.overflow != Batcher::Overflow::block, "a publisher of metrics does not block their sender");
  }

  void on(const PublishMetrics& figures) {
    for (const policies::MetricSummary& summary : figures.summaries) {
      batcher_.add(ctx_.now(), summary);
    }
    set_timer();
  }

  Process on(BatchDue) {
    timer_.reset();
    const auto batch = batcher_.take_batch(ctx_.now());
    if (batch) {
      const StoreMetrics request{{batch->begin(), batch->end()}};
      end_attempt(co_await ctx_.ask(service_, request, config_.request_timeout));
    }
    set_timer();
  }

  [[nodiscard]] const Batcher& batcher() const { return batcher_; }

 private:
  void end_attempt(const Expected<MetricsStored, AskError>& reply) {
    using policies::ErrorClass;
    if (!reply) {
      batcher_.failed(ctx_.now(),
                      reply.error() == AskError::timed_out ? ErrorClass::timed_out : ErrorClass::connection_failed,
                      retry_rng_.uniform01());
    } else if (!reply->accepted) {
      batcher_.failed(ctx_.now(), ErrorClass::throttled, retry_rng_.uniform01(), reply->retry_after);
    } else {
      batcher_.published(ctx_.now());
    }
  }

  /// More items may make a batch due earlier than the timer says.
  void set_timer() {
    if (timer_) {
      ctx_.cancel(*timer_);
      timer_.reset();
    }
    if (const auto due = batcher_.next_batch_at()) {
      timer_ = ctx_.after(std::max(*due - ctx_.now(), Duration{0}), BatchDue{});
    }
  }

  Context& ctx_;
  Config config_;
  Port<StoreMetrics> service_;
  Batcher batcher_;
  RandomStream& retry_rng_;
  std::optional<TimerId> timer_;
};

}  // namespace sim::actors
