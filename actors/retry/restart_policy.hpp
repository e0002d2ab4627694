#pragma once

#include <cstdint>
#include <optional>

#include "libsim/time.hpp"

namespace sim::policies {

/// When to start something again that ended: exponential back-off with a cap, forgotten after a long quiet run.
class RestartPolicy {
 public:
  struct Config {
    bool restart_on_failure = true;
    Duration initial_delay = 1s;
    double multiplier = 2;
    Duration delay_max = 1min;
    Duration reset_after = 10min;     ///< a run at least this long makes the next end the first again
    std::uint32_t restarts_max = 0;   ///< in a row, without a reset between them; 0: no limit
    bool restart_on_success = false;  ///< also after an end that is no failure
    bool first_is_immediate = false;  ///< no delay before the first restart in a row, `initial_delay` before the second

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// What Kubernetes calls the restart policy of a pod.
  enum class Restarts { always, on_failure, never };

  /// Restarts of Kubernetes: at once, then after 10 s, doubled up to 5 min, reset after a run of 10 min.
  /// Source: Kubernetes documentation, "Pod Lifecycle"; Lukša, "Kubernetes in Action", 2nd ed., section 6.2.1.
  [[nodiscard]] static Config kubernetes(Restarts restarts = Restarts::always);

  explicit RestartPolicy(Config config);

  void on_started(Time now) { started_at_ = now; }

  /// How long to wait before the next start; nothing when it is not to be started again.
  std::optional<Duration> on_failure(Time now) { return on_end(now, config_.restart_on_failure); }
  /// The same after an end that is no failure, with the same delays.
  std::optional<Duration> on_success(Time now) { return on_end(now, config_.restart_on_success); }

  [[nodiscard]] std::uint32_t ends_in_a_row() const { return ends_in_a_row_; }

 private:
  std::optional<Duration> on_end(Time now, bool restarts);
  [[nodiscard]] Duration delay() const;

  Config config_;
  std::optional<Time> started_at_;
  std::uint32_t ends_in_a_row_ = 0;
};

}  // namespace sim::policies
