#include "models/workflow/actors/workflow_log.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sim::models::workflow {

namespace {

constexpr std::size_t position(Step step) { return static_cast<std::size_t>(step); }

}  // namespace

Duration WorkflowLog::Record::between(Step first, Step last) const {
  const auto& from = at[position(first)];
  const auto& to = at[position(last)];
  check(from && to, "a stage is measured when both of its ends were logged");
  return *to - *from;
}

std::optional<Duration> WorkflowLog::Record::response() const {
  if (!deployed_at) {
    return std::nullopt;
  }
  return *deployed_at - *at[position(Step::requested)];
}

WorkflowLog::WorkflowLog(Context& ctx, Config /*config*/, Port<actors::RecordMetric> monitor)
    : ctx_(ctx), monitor_(monitor), total_(ctx.tally("total_s")), open_(ctx.gauge("open_sessions")) {
  for (const std::string_view stage : stage_names) {
    stages_.push_back(&ctx.tally(fmt::format("{}_s", stage)));
  }
}

void WorkflowLog::on(const StepDone& done) {
  Record& record = records_[done.session];
  if (done.step == Step::requested) {
    open_.add(1);
  }
  if (done.step == Step::picked_up) {
    ++record.attempts;
    std::fill(record.at.begin() + position(Step::began), record.at.end(), std::nullopt);
  }
  record.at[position(done.step)] = ctx_.now();
  if (done.step == Step::synced && !record.deployed_at) {
    record.deployed_at = ctx_.now();
  }
  if (done.step == Step::pushed) {
    open_.add(-1);
    publish(record);
  }
}

void WorkflowLog::on(const RequestAnswered& answered) {
  records_[answered.session].accepted = answered.accepted;
  records_[answered.session].answered_at = ctx_.now();
  if (!answered.accepted) {
    open_.add(-1);
  }
}

void WorkflowLog::publish(const Record& record) {
  for (std::size_t stage = 0; stage < stage_names.size(); ++stage) {
    const double time_s = to_seconds(record.between(static_cast<Step>(stage), static_cast<Step>(stage + 1)));
    stages_[stage]->add(time_s);
    ctx_.send(monitor_, actors::RecordMetric{fmt::format("workflow.{}_s", stage_names[stage]), time_s});
  }
  const double total_s = to_seconds(record.between(Step::requested, Step::pushed));
  total_.add(total_s);
  ctx_.send(monitor_, actors::RecordMetric{"workflow.total_s", total_s});
}

}  // namespace sim::models::workflow
