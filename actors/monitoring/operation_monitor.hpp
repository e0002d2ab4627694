#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/calls/api_messages.hpp"
#include "actors/monitoring/threshold_alert.hpp"
#include "libsim/duration_sum.hpp"
#include "libsim/sim.hpp"
#include "libsim/statistics/order_statistics.hpp"

namespace sim::actors {

/// Watches how long operations take, and tells a listener when one of them exceeds its threshold and when it no longer
/// does. It compares a percentile of the latest calls, once there are so many: with a window of 1 every call by itself.
/// The median passes over the single call that hangs, which would spoil a mean.
class OperationMonitor {
 public:
  struct Config {
    std::map<std::string, Duration> thresholds;  ///< by operation; one without is recorded and not watched
    std::uint32_t window_calls = 20;             ///< of one operation, at least 1
    double percentile = 50;                      ///< of these calls, nearest rank
    /// The percentile must fall below this share of the threshold before the operation counts as recovered.
    double recovery_share = 0.9;

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// What the monitor knows of one operation.
  struct Figures {
    std::uint64_t calls_count = 0;
    std::uint64_t succeeded_count = 0;
    std::uint64_t slow_calls_count = 0;  ///< single ones above the threshold
    DurationSum total;

    friend bool operator==(const Figures&, const Figures&) = default;
  };
  using Inbox = sim::Inbox<RecordOperation>;

  OperationMonitor(Context& ctx, Config config, Port<ThresholdEvent> listener)
      : ctx_(ctx), config_(std::move(config)), listener_(listener) {
    check(config_.window_calls > 0, "a monitor looks at one call at least");
  }

  void on(const RecordOperation& record) {
    Watched& watched = watched_[record.operation];
    ++watched.figures.calls_count;
    watched.figures.succeeded_count += record.succeeded ? 1 : 0;
    watched.figures.total += record.took;
    const auto threshold = config_.thresholds.find(record.operation);
    if (threshold != config_.thresholds.end()) {
      watched.figures.slow_calls_count += record.took > threshold->second ? 1 : 0;
      compare(watched, record, threshold->second);
    }
  }

  /// By operation.
  [[nodiscard]] std::map<std::string, Figures> figures() const {
    std::map<std::string, Figures> figures;
    for (const auto& [operation, watched] : watched_) {
      figures.emplace(operation, watched.figures);
    }
    return figures;
  }

 private:
  struct Watched {
    Figures figures;
    std::deque<Duration> latest;
    std::optional<policies::ThresholdAlert> alert;
  };

  void compare(Watched& watched, const RecordOperation& record, Duration threshold) {
    watched.latest.push_back(record.took);
    if (watched.latest.size() > config_.window_calls) {
      watched.latest.pop_front();
    }
    if (watched.latest.size() < config_.window_calls) {
      return;
    }
    if (!watched.alert) {
      const double threshold_s = to_seconds(threshold);
      watched.alert.emplace(policies::ThresholdAlert::Config{
          .threshold = threshold_s, .recovery_threshold = threshold_s * config_.recovery_share});
    }
    const Duration value = percentile_of(watched.latest);
    if (const auto change = watched.alert->observe(ctx_.now(), to_seconds(value))) {
      const bool is_exceeded = change->event == policies::ThresholdAlert::Event::fired;
      ctx_.send(listener_, ThresholdEvent{record.operation, is_exceeded, value, threshold});
    }
  }

  [[nodiscard]] Duration percentile_of(const std::deque<Duration>& latest) const {
    std::vector<Duration> ascending(latest.begin(), latest.end());
    std::sort(ascending.begin(), ascending.end());
    return ascending[nearest_rank(config_.percentile, ascending.size()) - 1];
  }

  Context& ctx_;
  Config config_;
  Port<ThresholdEvent> listener_;
  std::map<std::string, Watched> watched_;
};

}  // namespace sim::actors
