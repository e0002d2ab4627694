#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "libsim/containers/linked_map.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// So many workers, one task each at a time, the other tasks in line in the order they came; tasks may time out.
///
/// Every call takes the time, which never goes back (asserted), and returns what there is to do now: tasks to start,
/// tasks that ran too long, tasks that were rejected. What is due at the time of a call comes before the call: a task
/// that ends exactly `task_timeout` after its start has timed out.
class WorkerPool {
 public:
  /// Chosen by the caller, unique among the tasks in the pool (asserted).
  enum class TaskId : std::uint64_t {};
  /// Counted from 1; a replacement has a number of its own.
  enum class WorkerId : std::uint64_t {};

  /// What becomes of the worker of a task that times out.
  enum class OnTimeout {
    free_worker,     ///< the task is stopped and the worker takes the next one at once
    replace_worker,  ///< the worker is killed and a new one takes its place after `worker_start_time`
    keep_worker,     ///< nobody stops the task: the worker is lost until it ends by itself
  };

  struct Config {
    std::uint32_t workers = 4;
    std::uint32_t queue_max = 0xffffffff;  ///< tasks in line; more are rejected
    Duration task_timeout = forever;       ///< from the start of the task, not from its submission
    OnTimeout on_timeout = OnTimeout::free_worker;
    Duration worker_start_time = 0s;  ///< of a replacement; the first workers are there at once

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct Action {
    enum class Kind {
      start,     ///< `worker` begins `task`, which `waited`
      time_out,  ///< `task` ran for `task_timeout`
      reject,    ///< the line that `task` wanted to join is full
    };
    Kind kind = Kind::start;
    TaskId task{};
    WorkerId worker{};
    Duration waited = 0s;

    friend bool operator==(const Action&, const Action&) = default;
  };
  /// In the order in which they happened; valid until the next call that is not const.
  using Actions = std::span<const Action>;

  struct Statistics {
    std::uint64_t started_count = 0;
    std::uint64_t finished_count = 0;  ///< in time
    std::uint64_t timed_out_count = 0;
    std::uint64_t late_count = 0;  ///< ends of tasks that had timed out
    std::uint64_t rejected_count = 0;
    std::uint64_t cancelled_count = 0;
    std::uint64_t replaced_count = 0;
    std::uint32_t queued_max = 0;

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit WorkerPool(Config config);

  /// Lets time pass: timeouts, and replacements that become ready.
  Actions advance(Time now);

  /// When `advance` will next change something; nothing while it only depends on calls.
  [[nodiscard]] std::optional<Time> next_change_at() const;

  /// `start` at once when a worker is idle, `reject` when the line is full; otherwise the task waits.
  Actions submit(Time now, TaskId task);

  /// A task has ended. One that still waits cannot end (asserted); one that is not known has timed out before and only
  /// counts as late.
  Actions finish(Time now, TaskId task);

  /// Leaves the line. Nothing happens to a task that does not wait.
  Actions cancel(Time now, TaskId task);

  [[nodiscard]] std::uint32_t idle() const { return static_cast<std::uint32_t>(idle_.size()); }
  /// Workers with a task that has not timed out.
  [[nodiscard]] std::uint32_t running() const { return static_cast<std::uint32_t>(running_.size()); }
  /// Workers with a task that has timed out and goes on (`keep_worker`).
  [[nodiscard]] std::uint32_t lost() const { return static_cast<std::uint32_t>(overdue_.size()); }
  /// Replacements that are not ready.
  [[nodiscard]] std::uint32_t starting() const { return static_cast<std::uint32_t>(starting_.size()); }
  [[nodiscard]] std::uint32_t queued() const { return static_cast<std::uint32_t>(queue_.size()); }
  [[nodiscard]] bool is_queued(TaskId task) const { return queue_.contains(task); }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  struct Run {
    WorkerId worker{};
    Time started_at{};
  };

  void begin_call(Time now);
  void run_due();
  void time_out_oldest();
  [[nodiscard]] std::optional<Time> first_timeout_at() const;
  [[nodiscard]] std::optional<Time> first_ready_at() const;
  void start(TaskId task, WorkerId worker, Time submitted_at);
  void serve(WorkerId worker);

  Config config_;
  Time now_{};
  std::uint64_t workers_made_ = 0;
  std::vector<WorkerId> idle_;           ///< the last one to become idle is the first to work
  LinkedMap<TaskId, Run> running_;       ///< the longest first
  LinkedMap<TaskId, WorkerId> overdue_;  ///< timed out and going on
  LinkedMap<WorkerId, Time> starting_;   ///< since when, the longest first
  LinkedMap<TaskId, Time> queue_;        ///< since when, the longest first
  std::vector<Action> actions_;
  Statistics statistics_;
};

}  // namespace sim::policies
