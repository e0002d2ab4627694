#pragma once

#include <cstdint>

#include "libsim/duration_sum.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// The CPU and memory account of one container, from its start on.
///
/// CPU is kept as busy core time: work in the foreground is counted from begin to end, and a constant share of one core
/// goes to the background, which has to wait while the foreground takes all cores: no more cores are busy than there
/// are. Memory is a base, a part per session, a part per message in progress, and what leaked.
class ResourceAccount {
 public:
  struct Config {
    std::uint32_t cpu_cores = 2;
    double background_cores = 0.05;  ///< share of a core that is busy in an idle container: preview server, polling
    double memory_base_mb = 300;
    double memory_per_session_mb = 60;
    double memory_per_message_mb = 120;  ///< while the message is worked on
    double memory_limit_mb = 8192;

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// The background takes at most one core (asserted).
  ResourceAccount(Config config, Time started_at);

  /// One core starts or stops to work. More cores than there are is a failed check.
  void begin_work(Time now);
  void end_work(Time now);

  void add_session() { ++sessions_count_; }
  void begin_message() { ++messages_count_; }
  void end_message();
  void leak(double mb);

  [[nodiscard]] std::uint32_t busy_cores() const { return busy_cores_; }
  [[nodiscard]] std::uint32_t sessions_count() const { return sessions_count_; }
  /// Busy core seconds since the start, background included.
  [[nodiscard]] double busy_core_time_s(Time now) const;
  /// Cores times seconds since the start.
  [[nodiscard]] double capacity_core_time_s(Time now) const;
  /// Share of all cores that is busy at this moment.
  [[nodiscard]] double cpu_percent() const;
  [[nodiscard]] double memory_mb() const;
  [[nodiscard]] double leaked_mb() const { return leaked_mb_; }
  [[nodiscard]] bool is_out_of_memory() const { return memory_mb() > config_.memory_limit_mb; }

 private:
  void settle(Time now);
  [[nodiscard]] bool has_idle_core() const { return busy_cores_ < config_.cpu_cores; }

  Config config_;
  Time started_at_;
  Time settled_at_;
  DurationSum foreground_;
  Duration without_idle_core_{};
  std::uint32_t busy_cores_ = 0;
  std::uint32_t sessions_count_ = 0;
  std::uint32_t messages_count_ = 0;
  double leaked_mb_ = 0;
};

}  // namespace sim::policies
