#pragma once

#include <cstdint>
#include <optional>

#include "libsim/time.hpp"

namespace sim::policies {

/// When to start something again that failed: exponential back-off with a cap, forgotten after a long quiet run.
class RestartPolicy {
 public:
  struct Config {
    bool restart_on_failure = true;
    Duration initial_delay = 1s;
    double multiplier = 2;
    Duration delay_max = 1min;
    Duration reset_after = 10min;    ///< a run at least this long makes the next failure the first again
    std::uint32_t restarts_max = 0;  ///< in a row, without a reset between them; 0: no limit

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// Restart delays of Kubernetes: 10 s, doubled up to 5 min, reset after 10 min without a failure.
  /// Source: Kubernetes documentation, "Pod Lifecycle".
  [[nodiscard]] static Config kubernetes() { return {true, 10s, 2, 5min, 10min, 0}; }

  explicit RestartPolicy(Config config);

  void on_started(Time now) { started_at_ = now; }

  /// How long to wait before the next start; nothing when it is not to be started again.
  std::optional<Duration> on_failure(Time now);

  [[nodiscard]] std::uint32_t failures_in_a_row() const { return failures_in_a_row_; }

 private:
  [[nodiscard]] Duration delay() const;

  Config config_;
  std::optional<Time> started_at_;
  std::uint32_t failures_in_a_row_ = 0;
};

}  // namespace sim::policies
