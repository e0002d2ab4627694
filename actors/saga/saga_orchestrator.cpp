#include "actors/saga/saga_orchestrator.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace sim::actors {

using policies::Saga;
using policies::SagaState;

SagaOrchestrator::SagaOrchestrator(Context& ctx, Config config, Ports ports, policies::SagaLog& log)
    : ctx_(ctx),
      config_(std::move(config)),
      ports_(std::move(ports)),
      log_(log),
      jitter_rng_(ctx.random("jitter")),
      started_(ctx.counter("sagas_started_count")),
      recovered_(ctx.counter("sagas_recovered_count")),
      completed_(ctx.counter("sagas_completed_count")),
      compensated_(ctx.counter("sagas_compensated_count")),
      failed_count_(ctx.counter("sagas_failed_count")),
      half_compensated_(ctx.counter("sagas_half_compensated_count")),
      orphaned_(ctx.counter("orphaned_artifacts_count")),
      stuck_(ctx.counter("sagas_stuck_count")),
      retries_(ctx.counter("saga_retries_count")),
      late_results_(ctx.counter("saga_late_results_count")),
      saga_time_(ctx.tally("saga_time_s")),
      inconsistent_time_(ctx.tally("inconsistent_time_s")),
      compensation_time_(ctx.tally("compensation_time_s")) {
  check(ports_.execute.size() == config_.saga.steps.size() && ports_.compensate.size() == config_.saga.steps.size(),
        "each step of a saga has its ports");
}

void SagaOrchestrator::on(const Start&) {
  for (const SagaId saga : log_.failed()) {
    failed_.emplace(saga, recovered(saga));
  }
  const std::set<SagaId> open = log_.open();  // a copy: what is carried out is written down
  for (const SagaId saga : open) {
    const auto current = open_.try_emplace(saga, Open{recovered(saga)}).first;
    recovered_.add();
    carry_out(current, current->second.saga.resume(ctx_.now()));
  }
}

/// As the log has it.
Saga SagaOrchestrator::recovered(SagaId id) const {
  Saga saga(config_.saga, id);
  for (const policies::SagaRecord& record : log_.records_of(id)) {
    saga.replay(record);
  }
  return saga;
}

SagaAccepted SagaOrchestrator::on(const StartSaga& request) {
  if (const auto ended = outcome(request.saga)) {
    ctx_.send(ports_.ended, *ended);
    return {false};
  }
  const auto [open, is_new] = open_.try_emplace(request.saga, Open{Saga(config_.saga, request.saga)});
  if (is_new) {
    started_.add();
    carry_out(open, open->second.saga.start(ctx_.now()));
  }
  return {is_new};
}

void SagaOrchestrator::on(const StepEnded& result) {
  settle(result.key.saga, [&](Saga& saga) {
    const auto [step, attempt] = std::pair{result.key.step, result.attempt};
    return result.is_done ? saga.step_succeeded(ctx_.now(), step, attempt)
                          : saga.step_failed(ctx_.now(), step, attempt, result.error, jitter_rng_.uniform01());
  });
}

void SagaOrchestrator::on(const CompensationEnded& result) {
  settle(result.key.saga, [&](Saga& saga) {
    const auto [step, attempt] = std::pair{result.key.step, result.attempt};
    return result.is_done ? saga.compensation_succeeded(ctx_.now(), step, attempt)
                          : saga.compensation_failed(ctx_.now(), step, attempt, result.error, jitter_rng_.uniform01());
  });
}

void SagaOrchestrator::on(const AlarmRang& alarm) {
  const auto open = open_.find(alarm.saga);
  open->second.alarm_at.reset();
  carry_out(open, open->second.saga.advance(ctx_.now(), jitter_rng_.uniform01()));
}

std::vector<SagaId> SagaOrchestrator::open() const {
  std::vector<SagaId> ids;
  for (const auto& [id, open] : open_) {
    ids.push_back(id);
  }
  return ids;
}

std::optional<SagaEnded> SagaOrchestrator::outcome(SagaId saga) const {
  return log_.has_ended(saga) ? std::optional(ended(recovered(saga))) : std::nullopt;
}

DurationSum SagaOrchestrator::inconsistent_time() const {
  DurationSum sum;
  for (const auto& [id, open] : open_) {
    sum += open.saga.inconsistent_time(ctx_.now());
  }
  for (const auto& [id, saga] : failed_) {
    sum += saga.inconsistent_time(ctx_.now());
  }
  return sum;
}

std::uint32_t SagaOrchestrator::stuck_count() const {
  std::uint32_t count = 0;
  for (const auto& [id, open] : open_) {
    count += open.saga.is_stuck(ctx_.now()) ? 1 : 0;
  }
  return count;
}

template <class Tell>
void SagaOrchestrator::settle(SagaId saga, const Tell& tell) {
  const auto open = open_.find(saga);
  if (open == open_.end()) {
    check(log_.has_ended(saga), "a result belongs to a saga of this orchestrator");
    late_results_.add();
    return;
  }
  const std::uint64_t late_before = open->second.saga.late_results_count();
  const Saga::Actions actions = tell(open->second.saga);
  late_results_.add(open->second.saga.late_results_count() - late_before);
  carry_out(open, actions);
}

/// The log first: what is not in it has never happened.
void SagaOrchestrator::carry_out(OpenSagas::iterator open, const Saga::Actions& actions) {
  for (const policies::SagaRecord& record : actions.records) {
    log_.append(record);
  }
  for (const Saga::Command& command : actions.commands) {
    carry_out(open->second.saga, command);
  }
  if (open->second.saga.has_ended()) {
    ctx_.cancel(open->second.alarm);
    put_away(open);
  } else {
    set_alarm(open->second);
  }
}

void SagaOrchestrator::carry_out(const Saga& saga, const Saga::Command& command) {
  switch (command.kind) {
    case Saga::Command::Kind::execute:
      retries_.add(command.attempt > 1 ? 1 : 0);
      ctx_.send(ports_.execute[command.key.step], ExecuteStep{command.key, command.attempt, ctx_.ref(*this)});
      return;
    case Saga::Command::Kind::compensate:
      retries_.add(command.attempt > 1 ? 1 : 0);
      ctx_.send(ports_.compensate[command.key.step], CompensateStep{command.key, command.attempt, ctx_.ref(*this)});
      return;
    case Saga::Command::Kind::report_orphan:
      orphaned_.add();
      return;
    case Saga::Command::Kind::report_stuck:
      stuck_.add();
      return;
    case Saga::Command::Kind::finish:
      report(saga);
      return;
  }
}

void SagaOrchestrator::report(const Saga& saga) {
  const Time now = ctx_.now();
  completed_.add(saga.state() == SagaState::completed ? 1 : 0);
  compensated_.add(saga.state() == SagaState::compensated ? 1 : 0);
  failed_count_.add(saga.state() == SagaState::failed ? 1 : 0);
  half_compensated_.add(saga.is_half_compensated() ? 1 : 0);
  saga_time_.add(to_seconds(saga.elapsed_time(now)));
  if (saga.state() != SagaState::failed) {
    inconsistent_time_.add(to_seconds(saga.inconsistent_time(now)));
  }
  if (saga.state() != SagaState::completed) {
    compensation_time_.add(to_seconds(saga.compensation_time(now)));
  }
  ctx_.send(ports_.ended, ended(saga));
}

SagaEnded SagaOrchestrator::ended(const Saga& saga) { return {saga.id(), saga.state(), saga.orphaned_steps()}; }

void SagaOrchestrator::put_away(OpenSagas::iterator open) {
  const Saga& saga = open->second.saga;
  if (saga.state() == SagaState::failed) {
    failed_.emplace(saga.id(), saga);
  }
  open_.erase(open);
}

void SagaOrchestrator::set_alarm(Open& open) {
  const std::optional<Time> next = open.saga.next_change_at();
  if (next == open.alarm_at) {
    return;
  }
  ctx_.cancel(open.alarm);
  open.alarm_at = next;
  if (next) {
    // What was due while no orchestrator lived is due now.
    open.alarm = ctx_.after(std::max<Duration>(*next - ctx_.now(), 0s), AlarmRang{open.saga.id()});
  }
}

}  // namespace sim::actors
