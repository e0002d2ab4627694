#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "libsim/time.hpp"

namespace sim::policies {

/// Says when a metric has been beyond a threshold for long enough, and when that is over.
///
/// Inactive: the metric is within bounds. Pending: it is beyond, but not yet for `pending_duration`. Firing: it is, or
/// was less than `keep_firing_duration` ago. A pending alert whose metric comes back has never been an alert. Every
/// call takes the time, which never goes back (asserted). What happens between two observations: see `Evaluation`.
/// Source: Prometheus 2, "Alerting rules" (`for`, `keep_firing_for`); Grafana, "Queries and conditions" (recovery
/// threshold).
class ThresholdAlert {
 public:
  enum class Direction { above, below };
  /// Whether a value that is exactly the threshold is beyond it.
  enum class Bound { inclusive, strict };
  enum class State { inactive, pending, firing };

  /// `at_observations`: only an observation changes the state, as a rule of Prometheus is judged at its evaluations
  /// only: an alert becomes firing at the first one after `pending_duration` that still finds the metric beyond.
  /// `continuous`: a value holds until the next one, and the state changes in between, at the moment it is due.
  enum class Evaluation { at_observations, continuous };

  struct Config {
    Direction direction = Direction::above;
    double threshold = 0;
    Bound bound = Bound::strict;
    /// Hysteresis: once firing, the metric is beyond until it has passed this value, which lies on the good side of the
    /// threshold; a value that is exactly this is not beyond any more. Nothing: the threshold and its bound.
    std::optional<double> recovery_threshold = std::nullopt;
    Duration pending_duration = 0s;      ///< 0: firing at once; `for` in Prometheus
    Duration keep_firing_duration = 0s;  ///< after the metric was first found within bounds again
    Evaluation evaluation = Evaluation::at_observations;

    friend bool operator==(const Config&, const Config&) = default;
  };

  enum class Event { pending, cancelled, fired, resolved };

  struct Change {
    Time at{};
    Event event{};

    friend bool operator==(const Change&, const Change&) = default;
  };

  struct Statistics {
    std::uint64_t observations_count = 0;
    std::uint64_t fired_count = 0;
    std::uint64_t resolved_count = 0;
    std::uint64_t cancelled_count = 0;  ///< pending ones that never fired
    Duration firing_time{};             ///< of alerts that were resolved

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit ThresholdAlert(Config config);

  /// The metric has this value, a number (asserted). The result is the last change that this led to: one that fires
  /// without having to wait is not told to be pending first.
  std::optional<Change> observe(Time now, double value);

  /// Lets time pass; only a continuous alert changes by itself. Call it at `next_change_at`: a change that came due
  /// before an observation is otherwise made unseen.
  std::optional<Change> advance(Time now);

  [[nodiscard]] std::optional<Time> next_change_at() const;

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool is_firing() const { return state_ == State::firing; }
  /// Since when the metric is beyond; nothing while the alert is inactive.
  [[nodiscard]] std::optional<Time> active_since() const;
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  [[nodiscard]] bool is_beyond(double value) const;
  std::optional<Change> judge(Time now);
  std::optional<Change> fire(Time at);
  std::optional<Change> resolve(Time at);

  Config config_;
  Time now_{};
  State state_ = State::inactive;
  bool is_beyond_ = false;
  Time active_since_{};
  Time fired_at_{};
  std::optional<Time> recovered_at_;  ///< firing, but found within bounds since then
  Statistics statistics_;
};

[[nodiscard]] std::string_view to_text(ThresholdAlert::State state);
[[nodiscard]] std::string_view to_text(ThresholdAlert::Event event);

}  // namespace sim::policies
