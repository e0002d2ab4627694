#include <algorithm>
#include <vector>

#include "actors/pools/worker_pool.hpp"
#include "models/stress/actors/compute_actors.hpp"
#include "models/stress/measures.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

namespace {

using actors::WorkOutcome;
using ComputePool = actors::WorkerPool<ComputeSquare, SquareWork>;
using Answers = std::vector<ComputeClient::Answer>;

bool is_correct(const ComputeClient::Answer& answer) {
  return answer.worked.outcome == WorkOutcome::done &&
         answer.worked.result == std::uint64_t{answer.task.number} * answer.task.number;
}

std::uint64_t count(const Answers& answers, WorkOutcome outcome) {
  return static_cast<std::uint64_t>(std::count_if(
      answers.begin(), answers.end(), [&](const auto& answer) { return answer.worked.outcome == outcome; }));
}

/// Of the line and the workers, and of the client's clock. A worker that nobody stops works on after its task has timed
/// out for the client: then there is nothing to compare.
void check_littles_law(harness::ScenarioRun& run, Simulation& simulation, const policies::WorkerPool::Config& rules,
                       const Answers& answers) {
  if (rules.on_timeout == policies::WorkerPool::OnTimeout::keep_worker && count(answers, WorkOutcome::timed_out) > 0) {
    return;
  }
  DurationSum took;
  for (const auto& answer : answers) {
    took += answer.took;
  }
  const auto integral = [&](const char* gauge) { return simulation.metrics().gauge(gauge, "pool").integral(); };
  run.check_littles_law("tasks", integral("workers_queued_tasks") + integral("workers_running_count"),
                        to_seconds(took));
}

void report_tasks(harness::ScenarioRun& run, const Answers& answers) {
  report_count(run, "tasks", answers.size());
  report_count(run, "tasks_done", count(answers, WorkOutcome::done), answers.size());
  report_count(run, "tasks_timed_out", count(answers, WorkOutcome::timed_out), answers.size());
  report_count(run, "tasks_rejected", count(answers, WorkOutcome::rejected), answers.size());
  run.report_account({.whole = "tasks", .parts = {"tasks_done", "tasks_timed_out", "tasks_rejected"}});
}

}  // namespace

void compute_pool(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.compute_pool;
  Simulation& simulation = run.simulation();
  ComputePool::Config workers;
  workers.rules.workers = settings.workers_count;
  workers.rules.queue_max = settings.queue_max;
  workers.rules.task_timeout = settings.task_timeout;
  workers.work.fast_time = settings.task_time;
  const auto pool = simulation.spawn<ComputePool>("pool", workers);
  ComputeClient::Config script{.tasks = {}, .at_once = true};
  for (std::uint32_t number = 0; number < settings.tasks_count; ++number) {
    script.tasks.push_back({number, false});
  }
  const auto client = simulation.spawn<ComputeClient>("client", script, Port<ComputeSquare>(pool));
  simulation.run();

  const Answers& answers = simulation.get(client).answers();
  Duration duration{};
  Duration waited_max{};
  for (const auto& answer : answers) {
    duration = std::max(duration, answer.took);
    waited_max = std::max(waited_max, answer.worked.waited);
  }
  report_count(run, "tasks_correct",
               static_cast<std::uint64_t>(std::count_if(answers.begin(), answers.end(), is_correct)), answers.size());
  report_count(run, "workers_running_max", simulation.get(pool).running_max(), answers.size());
  report_ms(run, "duration", duration, answers.size());
  report_ms(run, "waited_max", waited_max, answers.size());
  report_tasks(run, answers);
  check_littles_law(run, simulation, workers.rules, answers);
}

void compute_timeout(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.compute_timeout;
  Simulation& simulation = run.simulation();
  ComputePool::Config workers;
  workers.rules.workers = settings.workers_count;
  workers.rules.task_timeout = settings.limit;
  workers.rules.on_timeout = settings.on_timeout;
  workers.work = {settings.fast_task, settings.slow_task};
  const auto pool = simulation.spawn<ComputePool>("pool", workers);
  // a fast task, a slow one, and one more to see what the slow one left behind
  const ComputeClient::Config script{.tasks = {{6, false}, {7, true}, {8, false}}, .at_once = false};
  const auto client = simulation.spawn<ComputeClient>("client", script, Port<ComputeSquare>(pool));
  simulation.run();

  const Answers& answers = simulation.get(client).answers();
  const auto& slow = answers[1];
  const auto& next = answers[2];
  report_bool(run, "fast_ok", is_correct(answers[0]));
  report_bool(run, "slow_timed_out", slow.worked.outcome == WorkOutcome::timed_out);
  report_ms(run, "slow_answered_after", slow.took);
  report_ms(run, "next_task_waited", next.worked.waited);
  report_tasks(run, answers);
  check_littles_law(run, simulation, workers.rules, answers);
}

}  // namespace sim::models::stress
