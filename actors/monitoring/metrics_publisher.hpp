#pragma once

#include <vector>

#include "actors/monitoring/monitor_messages.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// Stands for the metrics service of the platform: keeps the latest figures and counts what it was told.
class MetricsPublisher {
 public:
  struct Config {};
  using Inbox = sim::Inbox<PublishMetrics>;

  MetricsPublisher(Context& ctx, Config) : published_(ctx.counter("published_metrics_count")) {}

  void on(const PublishMetrics& figures) {
    published_.add(figures.summaries.size());
    latest_ = figures.summaries;
  }

  [[nodiscard]] const std::vector<policies::MetricSummary>& latest() const { return latest_; }

 private:
  Counter& published_;
  std::vector<policies::MetricSummary> latest_;
};

}  // namespace sim::actors
