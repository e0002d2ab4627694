#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "actors/monitoring/monitor_messages.hpp"
#include "libsim/sim.hpp"
#include "models/workflow/messages.hpp"

namespace sim::models::workflow {

/// Reads the CPU and the memory of all running tasks, and how many there are, in regular intervals.
class TaskSampler {
 public:
  struct Config {
    Duration interval = 5s;

    friend bool operator==(const Config&, const Config&) = default;
  };
  using Inbox = sim::Inbox<>;

  TaskSampler(Context& ctx, Config config, Port<DescribeTasks> fleet, Port<actors::RecordMetric> monitor)
      : ctx_(ctx),
        config_(config),
        fleet_(fleet),
        monitor_(monitor),
        cpu_(ctx.series("task_cpu_percent")),
        memory_(ctx.series("task_memory_percent")),
        tasks_(ctx.series("task_count")) {}

  Process run() {
    for (;;) {
      co_await ctx_.sleep(config_.interval);
      co_await take_sample();
    }
  }

  /// Means over the running tasks of a sample; a sample without tasks gives none.
  [[nodiscard]] const std::vector<double>& cpu_percents() const { return cpu_percents_; }
  [[nodiscard]] const std::vector<double>& memory_percents() const { return memory_percents_; }
  /// Every sample gives one.
  [[nodiscard]] const std::vector<double>& task_counts() const { return task_counts_; }

 private:
  Task<> take_sample() {
    const auto running = co_await ctx_.ask(fleet_, DescribeTasks{});
    check(running.has_value(), "a fleet knows its tasks");
    std::map<std::uint64_t, TaskUsage> usages;
    double cpu = 0;
    double memory = 0;
    for (const RunningTasks::Task& task : running->tasks) {
      const auto usage = co_await ctx_.ask(task.usage, ReadUsage{});
      if (!usage) {
        continue;  // gone meanwhile
      }
      const auto earlier = usages_.find(task.container);
      const TaskUsage before = earlier == usages_.end() ? TaskUsage{} : earlier->second;
      const double capacity = usage->capacity_core_s - before.capacity_core_s;
      if (capacity <= 0) {
        continue;  // ready at this very moment
      }
      cpu += 100 * (usage->busy_core_s - before.busy_core_s) / capacity;
      memory += usage->memory_percent;
      usages.emplace(task.container, *usage);
    }
    usages_ = std::move(usages);
    note(cpu, memory);
  }

  void note(double cpu_sum, double memory_sum) {
    const auto tasks = static_cast<double>(usages_.size());
    task_counts_.push_back(tasks);
    tasks_.add(tasks);
    ctx_.send(monitor_, {"resources.task_count", tasks});
    if (usages_.empty()) {
      return;
    }
    cpu_percents_.push_back(cpu_sum / tasks);
    memory_percents_.push_back(memory_sum / tasks);
    cpu_.add(cpu_percents_.back());
    memory_.add(memory_percents_.back());
    ctx_.send(monitor_, {"resources.cpu_percent", cpu_percents_.back()});
    ctx_.send(monitor_, {"resources.memory_percent", memory_percents_.back()});
  }

  Context& ctx_;
  Config config_;
  Port<DescribeTasks> fleet_;
  Port<actors::RecordMetric> monitor_;
  std::map<std::uint64_t, TaskUsage> usages_;  ///< of the latest sample
  std::vector<double> cpu_percents_;
  std::vector<double> memory_percents_;
  std::vector<double> task_counts_;
  Series& cpu_;
  Series& memory_;
  Series& tasks_;
};

}  // namespace sim::models::workflow
