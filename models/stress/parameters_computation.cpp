#include "models/stress/parameter_groups.hpp"

namespace sim::models::stress {

namespace {

using harness::Parameters;

void describe_compute_pool(Parameters& parameters, Config::ComputePool& compute_pool) {
  parameters.add("compute_pool.workers", compute_pool.workers_count)
      .unit("workers")
      .range(1, 10'000)
      .meaning("tasks that are computed at once")
      .source(document);
  parameters.add("compute_pool.tasks", compute_pool.tasks_count)
      .unit("tasks")
      .range(1, 100'000)
      .meaning("tasks, all given at once: the squares of 0, 1, 2, …")
      .source(document);
  parameters.add("compute_pool.queue_max", compute_pool.queue_max)
      .unit("tasks")
      .range(0, 1'000'000)
      .meaning("tasks that may wait for a worker; more are rejected")
      .source("assumed: high enough to reject none");
  parameters.add("compute_pool.task_time", compute_pool.task_time)
      .meaning("time for one task")
      .source("stress test plan: 10 ms");
  parameters.add("compute_pool.task_timeout", compute_pool.task_timeout)
      .range(1us, 24h)
      .or_forever()
      .meaning("how long a task may run")
      .source("assumed: far above a task's time");
}

void describe_compute_timeout(Parameters& parameters, Config::ComputeTimeout& compute_timeout) {
  parameters.add("compute_timeout.limit", compute_timeout.limit)
      .range(1us, 1h)
      .meaning("how long a task may run")
      .source(document);
  parameters.add("compute_timeout.fast_task", compute_timeout.fast_task)
      .meaning("time for the fast task")
      .source("assumed: in the test plan it takes nothing");
  parameters.add("compute_timeout.slow_task", compute_timeout.slow_task)
      .meaning("time for the slow task")
      .source("stress test plan: a sleep of 200 ms");
  parameters.add("compute_timeout.workers", compute_timeout.workers_count)
      .unit("workers")
      .range(1, 1'000)
      .meaning("workers of the pool")
      .source("assumed: one, to show what a slow task leaves behind");
  parameters
      .add("compute_timeout.on_timeout", compute_timeout.on_timeout,
           {{"keep_worker", policies::WorkerPool::OnTimeout::keep_worker},
            {"free_worker", policies::WorkerPool::OnTimeout::free_worker},
            {"replace_worker", policies::WorkerPool::OnTimeout::replace_worker}})
      .meaning(
          "what becomes of the worker: it goes on with the task, takes the next one at once, or is replaced by a new "
          "one")
      .source("stress test plan: nobody stops the task");
}

void describe_deduplication(Parameters& parameters, Config::Deduplication& deduplication) {
  parameters.add("deduplication.values", deduplication.values_count)
      .unit("values")
      .range(1, 100'000)
      .meaning("values to be searched")
      .source(document);
  parameters.add("deduplication.modulus", deduplication.modulus)
      .unit("values")
      .range(1, 100'000)
      .meaning("the values are 0 to this less one, over and over")
      .source(document);
  parameters
      .add("deduplication.search", deduplication.search,
           {{"hash_set", DuplicateSearch::hash_set},
            {"recent_set", DuplicateSearch::recent_set},
            {"all_against_all", DuplicateSearch::all_against_all}})
      .meaning("a set of all values seen, a set of those seen last, or every value compared with all that follow")
      .source("stress test plan: a set of all");
  parameters.add("deduplication.remembered_max", deduplication.remembered_max)
      .unit("values")
      .range(1, 100'000)
      .meaning("values that the set of those seen last has room for")
      .source("assumed: half of the different values");
  parameters.add("deduplication.slice", deduplication.slice)
      .unit("values")
      .range(1, 100'000)
      .meaning("values after which the search lets other work have its turn")
      .source(assumed);
  parameters.add("deduplication.cost_per_value", deduplication.cost_per_value)
      .meaning("time for one value with a set: look up, then insert")
      .source("assumed: hash sets of JavaScript engines take 50 to 150 ns");
  parameters.add("deduplication.cost_per_comparison", deduplication.cost_per_comparison)
      .meaning("time for one comparison of two values")
      .source("assumed: array elements in the cache of a processor");
}

void describe_memoization(Parameters& parameters, Config::Memoization& memoization) {
  parameters.add("memoization.remembers", memoization.remembers).meaning("results are kept").source(document);
  parameters.add("memoization.single_flight", memoization.single_flight)
      .meaning("whoever asks for what is being computed waits for it")
      .source("off: the test plan only remembers what is ready");
  parameters.add("memoization.at_once", memoization.at_once)
      .meaning("all calls at the same time; off: each after the answer to the one before")
      .source("off: test plan");
  parameters.add("memoization.rounds", memoization.rounds_count)
      .unit("rounds")
      .range(1, 10'000)
      .meaning("how often f(5), f(5), f(3) are called")
      .source(document);
  parameters.add("memoization.entries_max", memoization.entries_max)
      .unit("entries")
      .range(1, 1'000'000)
      .meaning("results that there is room for")
      .source("assumed: the test plan has no bound");
  parameters.add("memoization.cost_per_unit", memoization.cost_per_unit)
      .meaning("time to compute f(n), for each of n: a million additions")
      .source("stress test plan: the additions; assumed: 1 ns for each");
}

}  // namespace

void describe_computation(harness::Parameters& parameters, Config& config) {
  describe_compute_pool(parameters, config.compute_pool);
  describe_compute_timeout(parameters, config.compute_timeout);
  describe_deduplication(parameters, config.deduplication);
  describe_memoization(parameters, config.memoization);
}

}  // namespace sim::models::stress
