#pragma once

#include <utility>
#include <vector>

#include "actors/monitoring/operation_monitor.hpp"
#include "libsim/sim.hpp"

namespace sim::models::services {

/// Whoever listens to the monitor: keeps what it is told.
class AlertLog {
 public:
  using Inbox = sim::Inbox<actors::ThresholdEvent>;
  using Entry = std::pair<Time, actors::ThresholdEvent>;

  explicit AlertLog(Context& ctx) : ctx_(ctx), alerts_(ctx.counter("alerts_count")) {}
  void on(const actors::ThresholdEvent& event) {
    alerts_.add(event.is_exceeded ? 1 : 0);
    entries_.emplace_back(ctx_.now(), event);
  }
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  Context& ctx_;
  Counter& alerts_;
  std::vector<Entry> entries_;
};

}  // namespace sim::models::services
