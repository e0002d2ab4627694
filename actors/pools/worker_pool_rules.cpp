#include "actors/pools/worker_pool_rules.hpp"

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::policies {

using Kind = WorkerPool::Action::Kind;

WorkerPool::WorkerPool(Config config) : config_(config) {
  check(config_.workers > 0, "a pool has at least one worker");
  check(config_.task_timeout > 0s, "a task timeout is positive");
  check(config_.worker_start_time >= 0s, "a start time is not negative");
  for (workers_made_ = config_.workers; idle_.size() < config_.workers;) {
    idle_.push_back(WorkerId{config_.workers - idle_.size()});  // the first to work is worker 1
  }
}

WorkerPool::Actions WorkerPool::advance(Time now) {
  begin_call(now);
  return actions_;
}

std::optional<Time> WorkerPool::next_change_at() const {
  const auto timeout_at = first_timeout_at();
  const auto ready_at = first_ready_at();
  return timeout_at && ready_at ? std::min(timeout_at, ready_at) : (timeout_at ? timeout_at : ready_at);
}

WorkerPool::Actions WorkerPool::submit(Time now, TaskId task) {
  begin_call(now);
  check(!queue_.contains(task) && !running_.contains(task) && !overdue_.contains(task), "a task is submitted once");
  if (!idle_.empty()) {
    const WorkerId worker = idle_.back();
    idle_.pop_back();
    start(task, worker, now);
  } else if (queued() >= config_.queue_max) {
    ++statistics_.rejected_count;
    actions_.push_back({.kind = Kind::reject, .task = task});
  } else {
    queue_.add_newest(task, now);
    statistics_.queued_max = std::max(statistics_.queued_max, queued());
  }
  return actions_;
}

WorkerPool::Actions WorkerPool::finish(Time now, TaskId task) {
  begin_call(now);
  check(!queue_.contains(task), "a task ends after its start");
  if (const auto place = running_.find(task); place != decltype(running_)::nowhere) {
    const WorkerId worker = running_.value(place).worker;
    running_.erase(place);
    ++statistics_.finished_count;
    serve(worker);
    return actions_;
  }
  ++statistics_.late_count;
  if (const auto place = overdue_.find(task); place != decltype(overdue_)::nowhere) {
    const WorkerId worker = overdue_.value(place);
    overdue_.erase(place);
    serve(worker);
  }
  return actions_;
}

WorkerPool::Actions WorkerPool::cancel(Time now, TaskId task) {
  begin_call(now);
  if (const auto place = queue_.find(task); place != decltype(queue_)::nowhere) {
    queue_.erase(place);
    ++statistics_.cancelled_count;
  }
  return actions_;
}

void WorkerPool::begin_call(Time now) {
  check(now >= now_, "time does not go back");
  actions_.clear();
  for (auto due = next_change_at(); due && *due <= now; due = next_change_at()) {
    now_ = *due;
    run_due();
  }
  now_ = now;
}

void WorkerPool::run_due() {
  if (const auto ready_at = first_ready_at(); ready_at && *ready_at <= now_) {
    const WorkerId worker = starting_.key(starting_.oldest());
    starting_.erase(starting_.oldest());
    serve(worker);
    return;
  }
  time_out_oldest();
}

void WorkerPool::time_out_oldest() {
  const TaskId task = running_.key(running_.oldest());
  const WorkerId worker = running_.value(running_.oldest()).worker;
  running_.erase(running_.oldest());
  ++statistics_.timed_out_count;
  actions_.push_back({.kind = Kind::time_out, .task = task, .worker = worker});
  switch (config_.on_timeout) {
    case OnTimeout::free_worker:
      return serve(worker);
    case OnTimeout::replace_worker:
      starting_.add_newest(WorkerId{++workers_made_}, now_);
      ++statistics_.replaced_count;
      return;
    case OnTimeout::keep_worker:
      overdue_.add_newest(task, worker);
  }
}

std::optional<Time> WorkerPool::first_timeout_at() const {
  if (running_.empty() || config_.task_timeout == forever) {
    return std::nullopt;
  }
  return running_.value(running_.oldest()).started_at + config_.task_timeout;
}

std::optional<Time> WorkerPool::first_ready_at() const {
  return starting_.empty() ? std::nullopt
                           : std::optional(starting_.value(starting_.oldest()) + config_.worker_start_time);
}

void WorkerPool::start(TaskId task, WorkerId worker, Time submitted_at) {
  running_.add_newest(task, {worker, now_});
  ++statistics_.started_count;
  actions_.push_back({Kind::start, task, worker, now_ - submitted_at});
}

/// The worker takes the task that has waited longest, or becomes idle.
void WorkerPool::serve(WorkerId worker) {
  if (queue_.empty()) {
    idle_.push_back(worker);
    return;
  }
  const auto first = queue_.oldest();
  const TaskId task = queue_.key(first);
  const Time submitted_at = queue_.value(first);
  queue_.erase(first);
  start(task, worker, submitted_at);
}

}  // namespace sim::policies
