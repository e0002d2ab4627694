#pragma once

#include "actors/monitoring/monitor_messages.hpp"
#include "actors/monitoring/performance_monitor_rules.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// Collects measured values and hands count, extremes, average and percentiles of each metric to a publisher, in
/// regular intervals as long as there is something new.
class PerformanceMonitor {
 public:
  struct Config {
    Duration publish_interval = 60s;

    friend bool operator==(const Config&, const Config&) = default;
  };
  using Inbox = sim::Inbox<RecordMetric>;

  PerformanceMonitor(Context& ctx, Config config, Port<PublishMetrics> publisher)
      : ctx_(ctx), config_(config), publisher_(publisher) {}

  void on(const RecordMetric& metric) { monitor_.record(metric.name, metric.value); }

  Process run() {
    for (;;) {
      co_await ctx_.sleep(config_.publish_interval);
      if (monitor_.take_unpublished_count() > 0) {
        ctx_.send(publisher_, PublishMetrics{monitor_.summaries()});
      }
    }
  }

  [[nodiscard]] const policies::PerformanceMonitor& figures() const { return monitor_; }

 private:
  Context& ctx_;
  Config config_;
  Port<PublishMetrics> publisher_;
  policies::PerformanceMonitor monitor_;
};

}  // namespace sim::actors
