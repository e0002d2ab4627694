#pragma once

#include <array>
#include <cstdint>

#include "libsim/time.hpp"

namespace sim::policies {

/// Gives up the less important for the more important as load rises: first features, then requests.
///
/// The load is any number that grows with it: a utilisation, a queue length, an age of the oldest request. The level
/// rises at once, over several levels if need be, to the highest one whose `enter` the load has reached (inclusive). It
/// falls to the highest one whose `leave` the load is not below, but only after the load has been low enough for a
/// lower level for `calm_duration` without a break. Two thresholds per level keep it from going back and forth. Source
/// of the classes: Beyer et al., Site Reliability Engineering (2016), chapter 21; they are Google's criticalities.
class LoadShedder {
 public:
  enum class Level : std::uint8_t { normal, degraded, minimal, shedding };
  static constexpr std::size_t levels = 4;

  /// Most important first.
  enum class Priority : std::uint8_t { critical_plus, critical, sheddable_plus, sheddable };
  static constexpr std::size_t priorities = 4;

  /// Chosen by the caller, 0 to 31.
  enum class Feature : std::uint8_t {};

  struct Threshold {
    double enter = 0;
    double leave = 0;  ///< below `enter`

    friend bool operator==(const Threshold&, const Threshold&) = default;
  };

  struct Config {
    Threshold degraded = {0.70, 0.60};  ///< these three rise from level to level
    Threshold minimal = {0.85, 0.75};
    Threshold shedding = {0.95, 0.85};
    Duration calm_duration = 0s;
    /// The least important requests that are still admitted, by level.
    std::array<Priority, levels> lowest_admitted = {Priority::sheddable, Priority::sheddable, Priority::sheddable_plus,
                                                    Priority::critical};
    /// Features that are switched off, by level: bit k stands for feature k. What is off at a level is off above, too.
    std::array<std::uint32_t, levels> features_off = {0, 0, 0, 0};

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct Statistics {
    std::array<std::uint64_t, priorities> admitted_count{};
    std::array<std::uint64_t, priorities> shed_count{};
    std::uint64_t level_changes_count = 0;

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit LoadShedder(Config config, Time start = Time{});

  /// Takes a measurement of the load; returns the level that holds from now on.
  Level observe(Time now, double load);

  /// Whether a request is let in at the present level; counts it.
  [[nodiscard]] bool admit(Priority priority);

  [[nodiscard]] bool is_enabled(Feature feature) const;
  [[nodiscard]] Level level() const { return level_; }
  /// How long the level has been `level` in all, up to `now`.
  [[nodiscard]] Duration time_at(Level level, Time now) const;
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }

 private:
  [[nodiscard]] const Threshold& threshold(Level level) const;
  [[nodiscard]] Level highest_entered(double load) const;
  [[nodiscard]] Level highest_kept(double load) const;
  void set_level(Time now, Level level);

  Config config_;
  Time now_;
  Time level_since_;
  Time calm_since_ = Time::max();  ///< since when the load has been low enough for a lower level
  Level level_ = Level::normal;
  std::array<Duration, levels> time_at_{};
  Statistics statistics_;
};

}  // namespace sim::policies
