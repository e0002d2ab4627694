#include "models/resilience/actors/workflows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "libsim/statistics/time_weighted.hpp"

namespace sim::models::resilience {

namespace {

using policies::SagaRecord;
using policies::SagaState;

constexpr std::uint64_t stages_limit = 100;

SagaId id_of(std::uint64_t number, WorkflowPlan plan) {
  return SagaId{(number * stages_limit + plan.failing_stage) * stages_limit + plan.failing_compensation};
}

std::uint64_t failing_compensation(SagaId saga) { return static_cast<std::uint64_t>(saga) % stages_limit; }
std::uint64_t failing_stage(SagaId saga) { return static_cast<std::uint64_t>(saga) / stages_limit % stages_limit; }

actors::SagaOrchestrator::Config orchestrator_config(const Config::Workflow& workflow) {
  actors::SagaOrchestrator::Config config = workflow.orchestrator;
  config.saga.steps.resize(workflow.stages_count);
  config.saga.step_retry.attempts_max = workflow.step_attempts_max;
  config.saga.step_retry.initial_delay = workflow.retry_delay;
  config.saga.step_retry.delay_max = workflow.retry_delay_max;
  config.saga.compensation_retry.attempts_max = workflow.compensation_attempts_max;
  config.saga.compensation_retry.initial_delay = workflow.retry_delay;
  config.saga.compensation_retry.delay_max = workflow.retry_delay_max;
  return config;
}

/// Area under the number of sagas that have begun and not ended, as the log has it, in sagas × seconds.
double open_sagas_integral(const policies::SagaLog& log, Time now) {
  TimeWeighted open(Time{});
  for (const SagaRecord& record : log.records()) {
    if (record.kind == SagaRecord::Kind::saga_started) {
      open.add(record.at, 1);
    } else if (record.kind == SagaRecord::Kind::saga_ended) {
      open.add(record.at, -1);
    }
  }
  return open.integral(now);
}

bool is_failure(const SagaRecord& record) {
  return record.kind == SagaRecord::Kind::step_ended && record.result != policies::StepResult::succeeded;
}

/// From the end of the step that failed to the end of the last compensation, for each workflow that compensated
/// anything.
std::vector<double> compensation_times_s(const policies::SagaLog& log) {
  std::map<SagaId, Time> failed_at;
  std::map<SagaId, Time> undone_at;
  for (const SagaRecord& record : log.records()) {
    if (is_failure(record)) {
      failed_at.emplace(record.key.saga, record.at);
    } else if (record.kind == SagaRecord::Kind::compensation_ended) {
      undone_at[record.key.saga] = record.at;
    }
  }
  std::vector<double> times;
  for (const auto& [saga, at] : undone_at) {
    times.push_back(to_seconds(at - failed_at.at(saga)));
  }
  return times;
}

}  // namespace

Process WorkflowUsers::on(StartNow request) {
  ++started_count_;
  for (;;) {
    const actors::StartSaga start{request.saga};
    const auto accepted = co_await ctx_.ask(orchestrator_, start, 5s);
    if (accepted) {
      accepted_at_.emplace(request.saga, ctx_.now());
      co_return;
    }
    co_await ctx_.sleep(1s);
  }
}

void WorkflowUsers::on(const actors::SagaEnded& ended) {
  ended_.emplace(ended.saga, ended);
  ended_at_.emplace(ended.saga, ctx_.now());
}

double WorkflowUsers::accepted_time_s() const {
  double time_s = 0;
  for (const auto& [saga, accepted_at] : accepted_at_) {
    const auto end = ended_at_.find(saga);
    time_s += to_seconds((end == ended_at_.end() ? ctx_.now() : end->second) - accepted_at);
  }
  return time_s;
}

WorkflowCounts& WorkflowCounts::operator+=(const WorkflowCounts& other) {
  started += other.started;
  completed += other.completed;
  compensated += other.compensated;
  failed += other.failed;
  open += other.open;
  artifacts_created += other.artifacts_created;
  orphans_left += other.orphans_left;
  orphans_unreported += other.orphans_unreported;
  compensations_expected += other.compensations_expected;
  compensations_attempted += other.compensations_attempted;
  compensations_failed += other.compensations_failed;
  sides += other.sides;
  compensation_times_s.insert(compensation_times_s.end(), other.compensation_times_s.begin(),
                              other.compensation_times_s.end());
  return *this;
}

Workflows::Workflows(Simulation& simulation, const Config& config)
    : simulation_(simulation),
      config_(config.workflow),
      users_(simulation.spawn<WorkflowUsers>("users", WorkflowUsers::Config{})) {
  for (std::uint32_t stage = 1; stage <= config_.stages_count; ++stage) {
    actors::SagaParticipant::Config participant = config_.participant;
    participant.execution_fails = [stage](SagaId saga) { return failing_stage(saga) == stage; };
    participant.compensation_fails = [stage](SagaId saga) { return failing_compensation(saga) == stage; };
    participants_.push_back(
        simulation.spawn<actors::SagaParticipant>(fmt::format("stage-{}", stage), std::move(participant)));
  }
  spawn_orchestrator();
}

SagaId Workflows::start(WorkflowPlan plan, Duration delay) {
  const SagaId saga = id_of(++last_number_, plan);
  simulation_.send(users_, WorkflowUsers::StartNow{saga}, delay);
  return saga;
}

void Workflows::drain() {
  const Time last = simulation_.now() + drain_limit;
  while (simulation_.now() < last && simulation_.get(users_).ended().size() < last_number_) {
    simulation_.run_for(1s);
  }
}

void Workflows::restart_orchestrator(Duration restart_time) {
  simulation_.kill(orchestrator_);
  simulation_.run_for(restart_time);
  spawn_orchestrator();
}

std::size_t Workflows::records_of(SagaId saga) const { return log_.records_count(saga); }

bool Workflows::has_ended(SagaId saga) const { return simulation_.get(users_).ended().contains(saga); }

WorkflowCounts Workflows::counts() const {
  WorkflowCounts counts;
  const WorkflowUsers& users = simulation_.get(users_);
  counts.started = users.started_count();
  for (const auto& [saga, ended] : users.ended()) {
    counts.completed += ended.state == SagaState::completed ? 1 : 0;
    counts.compensated += ended.state == SagaState::compensated ? 1 : 0;
    counts.failed += ended.state == SagaState::failed ? 1 : 0;
  }
  const auto& records = log_.records();
  const auto count_records = [&records](SagaRecord::Kind kind) {
    return static_cast<std::uint64_t>(std::count_if(records.begin(), records.end(),
                                                    [kind](const SagaRecord& record) { return record.kind == kind; }));
  };
  counts.open = count_records(SagaRecord::Kind::saga_started) - count_records(SagaRecord::Kind::saga_ended);
  count_artifacts(counts);
  counts.compensation_times_s = compensation_times_s(log_);
  counts.sides = {open_sagas_integral(log_, simulation_.now()), users.accepted_time_s()};
  return counts;
}

void Workflows::count_artifacts(WorkflowCounts& counts) const {
  const auto& ended = simulation_.get(users_).ended();
  for (const Ref<actors::SagaParticipant> participant : participants_) {
    for (const auto& [key, entry] : simulation_.get(participant).entries()) {
      counts.artifacts_created += entry.is_executed ? 1 : 0;
      const auto end = ended.find(key.saga);
      if (end != ended.end() && end->second.state == SagaState::completed) {
        continue;
      }
      counts.compensations_expected += entry.is_executed ? 1 : 0;
      counts.compensations_attempted += entry.is_executed && entry.compensations_begun > 0 ? 1 : 0;
      counts.compensations_failed += entry.compensations_failed;
      if (entry.has_artifact) {
        ++counts.orphans_left;
        const bool is_reported = end != ended.end() && std::count(end->second.orphaned_steps.begin(),
                                                                  end->second.orphaned_steps.end(), key.step) > 0;
        counts.orphans_unreported += is_reported ? 0 : 1;
      }
    }
  }
}

void Workflows::spawn_orchestrator() {
  actors::SagaOrchestrator::Ports ports;
  for (const Ref<actors::SagaParticipant> participant : participants_) {
    ports.execute.emplace_back(participant);
    ports.compensate.emplace_back(participant);
  }
  ports.ended = users_;
  orchestrator_ =
      simulation_.spawn<actors::SagaOrchestrator>("orchestrator", orchestrator_config(config_), ports, log_);
  simulation_.send(users_, WorkflowUsers::OrchestratorMoved{orchestrator_});
  simulation_.run_for(Duration{0});
}

void report_workflows(harness::ScenarioRun& run, const WorkflowCounts& counts) {
  const auto report = [&](std::string_view metric, std::uint64_t count) {
    run.report(metric, "workflows", static_cast<double>(count), counts.started);
  };
  report("workflows_started", counts.started);
  report("workflows_completed", counts.completed);
  report("workflows_compensated", counts.compensated);
  report("workflows_failed", counts.failed);
  report("workflows_in_flight", counts.open);
  run.report_account(
      {.whole = "workflows_started",
       .parts = {"workflows_completed", "workflows_compensated", "workflows_failed", "workflows_in_flight"}});
  run.check_littles_law("workflows", counts.sides.number_integral, counts.sides.sum_of_times_s);
}

}  // namespace sim::models::resilience
