#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

#include "actors/monitoring/alarm.hpp"
#include "actors/pools/worker_messages.hpp"
#include "actors/pools/worker_pool_rules.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// Workers that take tasks of type `Task` from one line: `policies::WorkerPool` with timers.
///
/// `Task::Reply` is `Worked<Result>`. `work.time(task, random)` says how long a worker needs, `work.result(task)` what
/// comes out, computed when the time is over. Whoever asks has its answer when the task is done, has run too long, or
/// is rejected; what a task brings after its timeout is lost.
template <Askable Task, class Work>
class WorkerPool {
 public:
  using Reply = typename Task::Reply;

  struct Config {
    policies::WorkerPool::Config rules = {};
    Work work = {};
  };

  struct TaskEnded {
    policies::WorkerPool::TaskId task{};

    static constexpr std::string_view message_name = "WorkerPool::TaskEnded";
    friend bool operator==(const TaskEnded&, const TaskEnded&) = default;
  };
  struct AlarmRang {
    static constexpr std::string_view message_name = "WorkerPool::AlarmRang";
    friend bool operator==(const AlarmRang&, const AlarmRang&) = default;
  };
  using Inbox = sim::Inbox<Task, TaskEnded, AlarmRang>;

  WorkerPool(Context& ctx, Config config)
      : ctx_(ctx),
        config_(std::move(config)),
        rules_(config_.rules),
        alarm_(ctx),
        work_rng_(ctx.random("work")),
        wait_(ctx.tally("worker_wait_s")),
        running_(ctx.gauge("workers_running_count")),
        queued_(ctx.gauge("workers_queued_tasks")) {}

  void on(const Task& task, ReplyTo<Reply> reply_to) {
    const TaskId id{++last_number_};
    tasks_.emplace(id, Place{task, reply_to, Duration{0}, TimerId{}});
    settle(rules_.submit(ctx_.now(), id));
  }
  void on(const TaskEnded& ended) {
    const Actions actions = rules_.finish(ctx_.now(), ended.task);
    // a task that ends at the very moment of its timeout has timed out
    if (const auto place = tasks_.find(ended.task); place != tasks_.end() && !timed_out(actions, ended.task)) {
      const Reply reply{WorkOutcome::done, config_.work.result(place->second.task), place->second.waited};
      ctx_.reply(place->second.reply_to, reply);
      tasks_.erase(place);
    }
    settle(actions);
  }
  void on(const AlarmRang&) {
    alarm_.has_rung();
    settle(rules_.advance(ctx_.now()));
  }

  [[nodiscard]] const policies::WorkerPool& rules() const { return rules_; }
  /// The most tasks that ran at the same time.
  [[nodiscard]] std::uint32_t running_max() const { return running_max_; }

 private:
  using TaskId = policies::WorkerPool::TaskId;
  using Actions = policies::WorkerPool::Actions;
  using Action = policies::WorkerPool::Action;

  struct Place {
    Task task;
    ReplyTo<Reply> reply_to;
    Duration waited{};
    TimerId timer{};
  };

  static bool timed_out(Actions actions, TaskId task) {
    return std::any_of(actions.begin(), actions.end(), [&](const Action& action) {
      return action.kind == Action::Kind::time_out && action.task == task;
    });
  }

  void settle(Actions actions) {
    for (const Action& action : actions) {
      if (action.kind == Action::Kind::start) {
        start(action);
      } else {
        give_up(action);
      }
    }
    running_max_ = std::max(running_max_, rules_.running() + rules_.lost());
    running_.set(rules_.running() + rules_.lost());
    queued_.set(rules_.queued());
    alarm_.set(rules_.next_change_at());
  }
  void start(const Action& action) {
    Place& place = tasks_.at(action.task);
    place.waited = action.waited;
    wait_.add(to_seconds(action.waited));
    place.timer = ctx_.after(config_.work.time(place.task, work_rng_), TaskEnded{action.task});
  }
  void give_up(const Action& action) {
    const auto node = tasks_.extract(action.task);
    const Place& place = node.mapped();
    const bool is_timeout = action.kind == Action::Kind::time_out;
    if (is_timeout && rules_.config().on_timeout != policies::WorkerPool::OnTimeout::keep_worker) {
      ctx_.cancel(place.timer);
    }
    const Reply reply{is_timeout ? WorkOutcome::timed_out : WorkOutcome::rejected, {}, place.waited};
    ctx_.reply(place.reply_to, reply);
  }

  Context& ctx_;
  Config config_;
  policies::WorkerPool rules_;
  Alarm<AlarmRang> alarm_;
  RandomStream& work_rng_;
  Tally& wait_;
  Gauge& running_;
  Gauge& queued_;
  std::uint64_t last_number_ = 0;
  std::map<TaskId, Place> tasks_;  ///< that wait or run
  std::uint32_t running_max_ = 0;
};

}  // namespace sim::actors
