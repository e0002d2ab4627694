#include "actors/saga/saga.hpp"

#include <algorithm>
#include <utility>

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

/// Orders times where nothing stands for never.
bool is_sooner(std::optional<Time> first, std::optional<Time> second) { return first && (!second || *first < *second); }

std::optional<Time> reached_at(Time start, Duration duration) {
  return duration == forever ? std::nullopt : std::optional{start + duration};
}

void check_saga_steps(const std::vector<Saga::Step>& steps) {
  check(!steps.empty(), "a saga has a step");
  const auto pivots = std::count_if(steps.begin(), steps.end(),
                                    [](const Saga::Step& step) { return step.kind == Saga::StepKind::pivot; });
  check(pivots <= 1, "a saga has at most one pivot");
  check(std::is_sorted(steps.begin(), steps.end(),
                       [](const Saga::Step& left, const Saga::Step& right) { return left.kind < right.kind; }),
        "compensatable steps come before the pivot, retryable ones after it");
  for (const Saga::Step& step : steps) {
    check(step.timeout > 0s && step.compensation_timeout > 0s, "a timeout is longer than nothing");
  }
}

}  // namespace

Saga::Saga(Config config, SagaId id) : config_(std::move(config)), id_(id), steps_(config_.steps.size()) {
  check_saga_steps(config_.steps);
  const RetrySchedule::Config& forward = config_.forward_retry;
  check(forward.attempts_max == 0 && forward.total_time_max == forever && forward.retryable == ErrorClasses::all(),
        "a retryable step is tried until it succeeds");
  check(config_.unknown_results.contains(ErrorClass::timed_out), "the result of a step that timed out is unknown");
  check(config_.stuck_after > 0s, "a saga is stuck after some time");
}

Saga::Actions Saga::start(Time now) {
  begin_call(now);
  check(state_ == SagaState::pending, "a saga starts once");
  write(SagaRecord::Kind::saga_started, 0, 0, StepResult::succeeded, SagaState::running);
  go_on();
  return end_call();
}

Saga::Actions Saga::step_succeeded(Time now, std::uint32_t step, std::uint32_t attempt) {
  begin_call(now);
  if (accepts(step, attempt, StepState::running)) {
    end_step(step, StepResult::succeeded);
  }
  return end_call();
}

Saga::Actions Saga::step_failed(Time now, std::uint32_t step, std::uint32_t attempt, ErrorClass error,
                                double uniform01) {
  begin_call(now);
  if (awaits(step, attempt, StepState::running)) {
    fail_step(step, error, uniform01);
  }
  return end_call();
}

Saga::Actions Saga::compensation_succeeded(Time now, std::uint32_t step, std::uint32_t attempt) {
  begin_call(now);
  if (accepts(step, attempt, StepState::compensating)) {
    end_compensation(step, StepResult::succeeded);
  }
  return end_call();
}

Saga::Actions Saga::compensation_failed(Time now, std::uint32_t step, std::uint32_t attempt, ErrorClass error,
                                        double uniform01) {
  begin_call(now);
  if (awaits(step, attempt, StepState::compensating)) {
    fail_compensation(step, error, uniform01);
  }
  return end_call();
}

std::optional<Time> Saga::next_change_at() const {
  std::optional<Time> next = stuck_at();
  for (const Progress& progress : steps_) {
    next = is_sooner(progress.due, next) ? progress.due : next;
  }
  return next;
}

Saga::Actions Saga::advance(Time now, double uniform01) {
  begin_call(now);
  Progress* const progress = most_due();
  if (progress == nullptr) {
    if (is_stuck(now) && !is_reported_stuck_) {
      is_reported_stuck_ = true;
      commands_.push_back({Command::Kind::report_stuck, {id_, completed_count_}, 0});
    }
    return end_call();
  }
  const auto step = static_cast<std::uint32_t>(progress - steps_.data());
  if (progress->is_waiting) {
    attempt(step, progress->state);
  } else if (progress->state == StepState::running) {
    fail_step(step, ErrorClass::timed_out, uniform01);
  } else {
    fail_compensation(step, ErrorClass::timed_out, uniform01);
  }
  return end_call();
}

void Saga::replay(const SagaRecord& record) {
  check(record.key.saga == id_, "a saga is rebuilt from its own records");
  begin_call(record.at);
  apply(record);
}

Saga::Actions Saga::resume(Time now) {
  begin_call(now);
  check(state_ != SagaState::pending, "a saga that never started is not resumed");
  if (has_ended()) {
    return end_call();
  }
  for (auto step = static_cast<std::uint32_t>(steps_.size()); step-- > 0;) {
    Progress& progress = steps_[step];
    if (progress.state == StepState::running || progress.state == StepState::compensating) {
      progress.may_have_executed = true;
      begin(step, progress.state);
    }
  }
  go_on();
  return end_call();
}

std::vector<std::uint32_t> Saga::orphaned_steps() const {
  std::vector<std::uint32_t> steps;
  for (std::uint32_t step = 0; step < steps_.size(); ++step) {
    if (steps_[step].state == StepState::orphaned) {
      steps.push_back(step);
    }
  }
  return steps;
}

bool Saga::is_half_compensated() const { return state_ == SagaState::failed && has(StepState::compensated); }

bool Saga::is_stuck(Time now) const {
  const bool is_under_way = state_ == SagaState::running || state_ == SagaState::compensating;
  return is_under_way && config_.stuck_after != forever && now - progress_at_ >= config_.stuck_after;
}

Duration Saga::elapsed_time(Time now) const { return started_at_ ? ended_at_.value_or(now) - *started_at_ : 0s; }

Duration Saga::inconsistent_time(Time now) const {
  const bool is_consistent = state_ == SagaState::completed || state_ == SagaState::compensated;
  return inconsistent_since_ ? (is_consistent ? *ended_at_ : now) - *inconsistent_since_ : 0s;
}

Duration Saga::compensation_time(Time now) const {
  return compensating_since_ ? ended_at_.value_or(now) - *compensating_since_ : 0s;
}

void Saga::begin_call(Time now) {
  check(now >= now_, "the time of a saga never goes back");
  now_ = now;
  records_.clear();
  commands_.clear();
}

void Saga::write(SagaRecord::Kind kind, std::uint32_t step, std::uint32_t attempt, StepResult result, SagaState state) {
  records_.push_back({kind, {id_, step}, attempt, result, state, now_});
  apply(records_.back());
}

/// The whole state that survives a crash comes about here.
void Saga::apply(const SagaRecord& record) {
  check(!has_ended(), "nothing happens to a saga that has ended");
  Progress& progress = steps_.at(record.key.step);
  state_ = record.state;
  switch (record.kind) {
    case SagaRecord::Kind::saga_started:
      started_at_ = record.at;
      progress_at_ = record.at;
      return;
    case SagaRecord::Kind::step_started:
      progress.state = StepState::running;
      progress.attempt = record.attempt;
      return;
    case SagaRecord::Kind::compensation_started:
      progress.state = StepState::compensating;
      progress.attempt = record.attempt;
      return;
    case SagaRecord::Kind::step_ended:
      apply_step_end(record);
      return;
    case SagaRecord::Kind::compensation_ended:
      progress.state = record.result == StepResult::succeeded ? StepState::compensated : StepState::orphaned;
      progress_at_ = record.at;
      return;
    case SagaRecord::Kind::saga_ended:
      apply_saga_end(record);
      return;
  }
}

void Saga::apply_step_end(const SagaRecord& record) {
  Progress& progress = steps_[record.key.step];
  progress_at_ = record.at;
  if (record.result == StepResult::succeeded) {
    progress.state = StepState::completed;
    ++completed_count_;
    inconsistent_since_ = inconsistent_since_.value_or(record.at);
  } else {
    progress.state = record.result == StepResult::unknown ? StepState::unknown : StepState::failed;
    compensating_since_ = record.at;
  }
}

void Saga::apply_saga_end(const SagaRecord& record) {
  ended_at_ = record.at;
  for (Progress& progress : steps_) {
    // A step whose result is unknown is the first to be compensated: it is never among those left.
    if (state_ == SagaState::failed && progress.state == StepState::completed) {
      progress.state = StepState::orphaned;
    }
  }
}

/// Begins whatever follows from the records.
void Saga::go_on() {
  if (state_ == SagaState::compensating) {
    compensate_others();
  } else if (completed_count_ == steps_.size()) {
    finish(SagaState::completed);
  } else if (steps_[completed_count_].state == StepState::pending) {
    begin(completed_count_, StepState::running);
  }
}

void Saga::compensate_others() {
  const bool is_sequential = config_.compensation_order == CompensationOrder::sequential;
  const bool stops = config_.on_failed_compensation == OnFailedCompensation::stop && has(StepState::orphaned);
  bool is_compensating = has(StepState::compensating);
  for (std::uint32_t step = completed_count_ + 1; step-- > 0 && !stops;) {
    const StepState state = steps_[step].state;
    const bool is_left = state == StepState::completed || state == StepState::unknown;
    if (is_left && !(is_sequential && is_compensating)) {
      begin(step, StepState::compensating);
      is_compensating = true;
    }
  }
  if (!is_compensating) {
    finish(has(StepState::orphaned) ? SagaState::failed : SagaState::compensated);
  }
}

void Saga::finish(SagaState state) {
  write(SagaRecord::Kind::saga_ended, 0, 0, StepResult::succeeded, state);
  for (const std::uint32_t step : orphaned_steps()) {
    commands_.push_back({Command::Kind::report_orphan, {id_, step}, 0});
  }
  commands_.push_back({Command::Kind::finish, {id_, 0}, 0});
}

/// The first attempt of a step or a compensation, or the first one after a crash.
void Saga::begin(std::uint32_t step, StepState phase) {
  Progress& progress = steps_[step];
  if (progress.state != phase) {
    progress.attempt = 0;
  }
  progress.schedule.emplace(retry_of(step, phase), now_);
  attempt(step, phase);
}

void Saga::attempt(std::uint32_t step, StepState phase) {
  Progress& progress = steps_[step];
  const bool is_forward = phase == StepState::running;
  write(is_forward ? SagaRecord::Kind::step_started : SagaRecord::Kind::compensation_started, step,
        progress.attempt + 1, StepResult::succeeded, state_);
  const Step& plan = config_.steps[step];
  progress.is_waiting = false;
  progress.due = reached_at(now_, is_forward ? plan.timeout : plan.compensation_timeout);
  commands_.push_back({is_forward ? Command::Kind::execute : Command::Kind::compensate, {id_, step}, progress.attempt});
}

const RetrySchedule::Config& Saga::retry_of(std::uint32_t step, StepState phase) const {
  if (phase == StepState::compensating) {
    return config_.compensation_retry;
  }
  return config_.steps[step].kind == StepKind::retryable ? config_.forward_retry : config_.step_retry;
}

/// Whether a success of any attempt so far counts.
bool Saga::accepts(std::uint32_t step, std::uint32_t attempt, StepState phase) {
  const Progress& progress = steps_.at(step);
  const bool is_accepted = progress.state == phase;
  check(!is_accepted || (attempt >= 1 && attempt <= progress.attempt), "a result belongs to an attempt that was made");
  late_results_count_ += is_accepted ? 0 : 1;
  return is_accepted;
}

/// Whether a failure of just this attempt counts.
bool Saga::awaits(std::uint32_t step, std::uint32_t attempt, StepState phase) {
  const Progress& progress = steps_.at(step);
  const bool is_awaited = progress.state == phase && progress.attempt == attempt && !progress.is_waiting;
  late_results_count_ += is_awaited ? 0 : 1;
  return is_awaited;
}

void Saga::end_step(std::uint32_t step, StepResult result) {
  steps_[step].due.reset();
  is_reported_stuck_ = false;
  write(SagaRecord::Kind::step_ended, step, 0, result,
        result == StepResult::succeeded ? SagaState::running : SagaState::compensating);
  go_on();
}

void Saga::end_compensation(std::uint32_t step, StepResult result) {
  steps_[step].due.reset();
  is_reported_stuck_ = false;
  write(SagaRecord::Kind::compensation_ended, step, 0, result, SagaState::compensating);
  go_on();
}

void Saga::fail_step(std::uint32_t step, ErrorClass error, double uniform01) {
  Progress& progress = steps_[step];
  const bool is_pivot = config_.steps[step].kind == StepKind::pivot;
  const bool is_unknown = config_.unknown_results.contains(error);
  const bool is_resolved = progress.is_resolving && !is_unknown;
  progress.may_have_executed = progress.may_have_executed || is_unknown;
  if (!is_resolved && retry_later(progress, error, uniform01)) {
    return;
  }
  if (is_pivot && is_unknown) {
    // Nothing may be undone before it is known that the pivot was not executed.
    progress.is_resolving = true;
    progress.schedule.emplace(config_.forward_retry, now_);
    retry_later(progress, error, uniform01);
    return;
  }
  // A participant refuses attempts that were overtaken, so that a pivot that failed is not executed later. Other steps
  // need not rely on that: they are compensated when in doubt.
  end_step(step, progress.may_have_executed && !is_pivot ? StepResult::unknown : StepResult::failed);
}

void Saga::fail_compensation(std::uint32_t step, ErrorClass error, double uniform01) {
  if (!retry_later(steps_[step], error, uniform01)) {
    end_compensation(step, StepResult::failed);
  }
}

bool Saga::retry_later(Progress& progress, ErrorClass error, double uniform01) {
  const RetrySchedule::Decision decision = progress.schedule->on_failure(now_, error, uniform01);
  if (decision.outcome != RetrySchedule::Outcome::retry) {
    return false;
  }
  progress.is_waiting = true;
  progress.due = now_ + decision.delay;
  return true;
}

/// What has been due for longest, of equals the last step; null when nothing is due.
Saga::Progress* Saga::most_due() {
  Progress* first = nullptr;
  for (auto progress = steps_.rbegin(); progress != steps_.rend(); ++progress) {
    if (progress->due && *progress->due <= now_ && (first == nullptr || *progress->due < *first->due)) {
      first = &*progress;
    }
  }
  return first;
}

std::optional<Time> Saga::stuck_at() const {
  const bool is_under_way = state_ == SagaState::running || state_ == SagaState::compensating;
  return is_under_way && !is_reported_stuck_ ? reached_at(progress_at_, config_.stuck_after) : std::nullopt;
}

bool Saga::has(StepState state) const {
  return std::any_of(steps_.begin(), steps_.end(),
                     [state](const Progress& progress) { return progress.state == state; });
}

}  // namespace sim::policies
