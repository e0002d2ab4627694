#include "actors/faults/fault_injector.hpp"

#include <utility>

namespace sim::actors {

Expected<void> FaultInjector::validate(const Config& config) {
  policies::FaultSchedule::Targets takes;
  for (const auto& [name, target] : config.targets) {
    takes.emplace(name, target.takes);
  }
  return config.schedule.validate(takes);
}

FaultInjector::FaultInjector(Context& ctx, Config config)
    : ctx_(ctx),
      config_(std::move(config)),
      begun_(ctx.counter("faults_begun_count")),
      ended_(ctx.counter("faults_ended_count")),
      without_target_(ctx.counter("faults_without_target_count")),
      active_(ctx.gauge("faults_active_items")) {
  const auto valid = validate(config_);
  check(valid.has_value(), valid ? std::string_view{} : std::string_view{valid.error().message});
}

void FaultInjector::on(const Start&) { wait_for_next(); }

void FaultInjector::on(const ChangeDue&) {
  const auto& changes = config_.schedule.changes();
  while (next_change_ < changes.size() && changes[next_change_].at <= ctx_.now()) {
    execute(changes[next_change_++]);
  }
  wait_for_next();
}

void FaultInjector::execute(const policies::FaultSchedule::Change& change) {
  const policies::FaultSchedule::Row& row = config_.schedule.rows()[change.row];
  const policies::ActiveFaults::Number number{change.row};
  if (change.begins) {
    begin(row, number);
    return;
  }
  const FaultTarget& target = config_.targets.find(row.target)->second;
  ctx_.send(target.end, EndFault{number, target.part});
  ended_.add();
  active_.add(-1);
}

void FaultInjector::begin(const policies::FaultSchedule::Row& row, policies::ActiveFaults::Number number) {
  const FaultTarget& target = config_.targets.find(row.target)->second;
  begun_.add();
  if (row.fault.kind == policies::FaultKind::kill) {
    const ActorId victim = target.actor == ActorId{} ? ctx_.find(row.target) : target.actor;
    without_target_.add(ctx_.alive(victim) ? 0 : 1);
    ctx_.kill(victim);
    return;
  }
  without_target_.add(ctx_.alive(target.apply.actor()) ? 0 : 1);
  ctx_.send(target.apply, ApplyFault{number, row.fault, target.part});
  active_.add(1);
}

void FaultInjector::wait_for_next() {
  const auto& changes = config_.schedule.changes();
  if (next_change_ == changes.size()) {
    ctx_.stop();
    return;
  }
  ctx_.after(changes[next_change_].at - ctx_.now(), ChangeDue{});
}

}  // namespace sim::actors
