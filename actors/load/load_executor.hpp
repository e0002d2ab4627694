#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "libsim/time.hpp"

namespace sim::policies {

/// `iterations` in all, taken by whichever virtual user is free.
struct SharedIterations {
  std::uint32_t vus = 1;
  std::uint64_t iterations = 1;
  Duration max_duration = 10min;  ///< without the graceful stop; what has not started by then is dropped

  friend bool operator==(const SharedIterations&, const SharedIterations&) = default;
};

/// `iterations` for each virtual user.
struct PerVuIterations {
  std::uint32_t vus = 1;
  std::uint64_t iterations = 1;
  Duration max_duration = 10min;

  friend bool operator==(const PerVuIterations&, const PerVuIterations&) = default;
};

/// A closed loop: each virtual user starts its next iteration when the one before has ended.
struct ConstantVus {
  std::uint32_t vus = 1;
  Duration duration{};  ///< without the graceful stop

  friend bool operator==(const ConstantVus&, const ConstantVus&) = default;
};

struct LoadStage {
  Duration duration{};       ///< 0: a jump
  std::uint32_t target = 0;  ///< virtual users, or iterations per time unit, at the end of the stage

  friend bool operator==(const LoadStage&, const LoadStage&) = default;
};

/// A closed loop of as many virtual users as a line from target to target says.
struct RampingVus {
  std::uint32_t start_vus = 1;
  std::vector<LoadStage> stages = {};
  Duration graceful_ramp_down = 30s;  ///< how long a virtual user that is no longer wanted may finish its iteration

  friend bool operator==(const RampingVus&, const RampingVus&) = default;
};

/// `rate` iterations per `time_unit` with equal gaps, the first one at once, whatever became of those before.
struct ConstantArrivalRate {
  std::uint32_t rate = 1;
  Duration time_unit = 1s;
  Duration duration{};
  std::uint32_t pre_allocated_vus = 1;
  std::uint32_t max_vus = 0;  ///< 0: as many as are pre-allocated

  friend bool operator==(const ConstantArrivalRate&, const ConstantArrivalRate&) = default;
};

/// The same with a rate that goes in straight lines from target to target. The i-th iteration starts when the integral
/// of the rate reaches i.
struct RampingArrivalRate {
  std::uint32_t start_rate = 0;
  Duration time_unit = 1s;
  std::vector<LoadStage> stages = {};
  std::uint32_t pre_allocated_vus = 1;
  std::uint32_t max_vus = 0;

  friend bool operator==(const RampingArrivalRate&, const RampingArrivalRate&) = default;
};

/// The load of a k6 scenario as a schedule: which virtual user starts which iteration when, how long it may take, and
/// which iterations are dropped because no virtual user is free.
///
/// Whoever runs the iterations calls `start_next` at `next_change_at` until it returns nothing, and `ended` when an
/// iteration ends. Both may be called at any time between, but `next_change_at` is never passed over. Of what happens
/// at one moment, what is told first counts first: an iteration that ends before `start_next` is called frees its
/// virtual user for the arrival of that moment.
/// Source: Grafana k6 documentation, "Executors", "Graceful stop", "Dropped iterations", "Arrival-rate VU allocation".
class LoadExecutor {
 public:
  enum class VuId : std::uint32_t {};

  using Executor =
      std::variant<SharedIterations, PerVuIterations, ConstantVus, RampingVus, ConstantArrivalRate, RampingArrivalRate>;

  struct Config {
    Executor executor = {};
    Duration start_time = 0s;      ///< before the first iteration
    Duration graceful_stop = 30s;  ///< how long iterations may go on after the executor's duration

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct Iteration {
    VuId vu{};
    std::uint64_t number = 0;  ///< in the order of starting, from 0
    Time interrupt_at{};       ///< whoever runs it ends it then, if it has not ended before

    friend bool operator==(const Iteration&, const Iteration&) = default;
  };

  /// What happened so far. Iterations that run are started and neither completed nor interrupted.
  struct Statistics {
    std::uint64_t started_count = 0;
    std::uint64_t completed_count = 0;
    std::uint64_t interrupted_count = 0;
    std::uint64_t dropped_count = 0;

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  /// The schedule begins at `begin`. A wrong setting is asserted.
  explicit LoadExecutor(Config config, Time begin = Time{});

  /// The next iteration that starts by the schedule at `now`; call it until there is none.
  std::optional<Iteration> start_next(Time now);

  /// An iteration ended: before its `interrupt_at` it is completed, at that time interrupted. The result is the next
  /// iteration of the same virtual user, when that starts at once.
  std::optional<Iteration> ended(Time now, VuId vu);

  /// When `start_next` will next start or drop something; nothing when that depends on iterations that run, or when
  /// all is over.
  [[nodiscard]] std::optional<Time> next_change_at() const;

  /// Nothing runs and nothing will.
  [[nodiscard]] bool is_over() const { return running_ == 0 && !next_change_at(); }

  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  /// Virtual users that run an iteration.
  [[nodiscard]] std::uint32_t running() const { return running_; }
  /// Virtual users made so far, pre-allocated ones included.
  [[nodiscard]] std::uint32_t allocated_vus() const { return allocated_vus_; }
  /// The most virtual users that can ever run at once.
  [[nodiscard]] std::uint32_t vus_max() const { return static_cast<std::uint32_t>(vus_.size()); }
  /// Iterations that the settings ask for, started or dropped in the end; nothing for the closed loops, which start as
  /// many as they can.
  [[nodiscard]] std::optional<std::uint64_t> scheduled_count() const { return scheduled_count_; }
  /// The last moment of the graceful stop: nothing runs from then on.
  [[nodiscard]] Time ends_at() const;
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  struct Vu {
    bool is_running = false;
    std::uint64_t started_count = 0;
    Time started_at{};
    Time interrupt_at{};
    std::uint32_t starts_without_time = 0;
  };

  /// A stage on the time axis: a line from one level to another.
  struct Line {
    Time from_at{};
    Time to_at{};
    std::uint32_t from = 0;
    std::uint32_t to = 0;
  };

  void set_up(const SharedIterations& settings);
  void set_up(const PerVuIterations& settings);
  void set_up(const ConstantVus& settings);
  void set_up(const RampingVus& settings);
  void set_up(const ConstantArrivalRate& settings);
  void set_up(const RampingArrivalRate& settings);
  void set_up_lines(std::uint32_t start_level, const std::vector<LoadStage>& stages);
  void set_up_loops(std::uint32_t start_vus, const std::vector<LoadStage>& stages);
  void set_up_arrivals(Duration time_unit, std::uint32_t pre_allocated_vus, std::uint32_t max_vus);

  void advance(Time now);
  [[nodiscard]] static Time reaches(const Line& line, std::uint32_t level);

  void find_next_vu();
  [[nodiscard]] bool is_wanted(std::uint32_t vu) const;
  [[nodiscard]] bool has_iterations_left() const;
  [[nodiscard]] bool may_start(std::uint32_t vu) const;
  [[nodiscard]] Time interruption_of(std::uint32_t vu) const;

  void find_next_arrival();
  [[nodiscard]] std::uint64_t area_of(const Line& line) const;
  [[nodiscard]] Time reaches_area(const Line& line, std::uint64_t area) const;
  [[nodiscard]] std::optional<std::uint32_t> take_free_vu();

  Iteration start(std::uint32_t number);

  Config config_;
  Time begin_;  ///< with the start time
  Time end_{};  ///< nothing starts from then on, but the last iteration of a ramping arrival rate
  Time now_{};
  std::vector<Line> lines_;
  std::size_t present_line_ = 0;
  std::size_t step_line_ = 0;    ///< the line of the next step
  std::optional<Time> step_at_;  ///< the next start of a virtual user, or the next arrival

  // Looping virtual users.
  std::uint32_t begun_vus_ = 0;  ///< the level up to the next step
  std::uint64_t iterations_per_vu_max_ = 0xffff'ffff'ffff'ffff;
  Duration graceful_ramp_down_{};

  // Arrivals. Under a line of rates lies an area, a whole number: the sum of the rates at both ends × its length in
  // `area_grain_`. So it is exact whether an iteration starts at the end of a stage or not at all.
  bool is_arrival_rate_ = false;
  bool starts_at_once_ = false;  ///< the first iteration, which is that of the constant rate
  Duration area_grain_ = 1ns;
  std::uint64_t area_per_iteration_ = 0;
  std::uint64_t area_before_ = 0;  ///< under the lines before `step_line_`
  std::uint64_t arrivals_ = 0;     ///< so far

  std::optional<std::uint64_t> scheduled_count_;
  std::vector<Vu> vus_;
  std::vector<std::uint32_t> free_vus_;  ///< of the arrival rates; who became free last is taken first
  std::uint32_t allocated_vus_ = 0;
  std::uint32_t running_ = 0;
  Statistics statistics_;
};

}  // namespace sim::policies
