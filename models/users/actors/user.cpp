#include "models/users/actors/user.hpp"

#include <utility>

namespace sim::models::users {

namespace {

/// Records of one user that nobody else knows.
constexpr std::uint64_t own_records_max = 1'000'000;

User::End end_of(AnswerKind kind) {
  switch (kind) {
    case AnswerKind::complete:
      return User::End::complete;
    case AnswerKind::cached:
      return User::End::cached;
    case AnswerKind::partial:
      return User::End::partial;
    case AnswerKind::throttled:
      return User::End::throttled;
    case AnswerKind::failed:
      break;
  }
  return User::End::failed;
}

}  // namespace

User::User(Context& ctx, Config config, const ZipfKeys& popularity, Port<ApiRequest> network)
    : ctx_(ctx),
      config_(std::move(config)),
      popularity_(popularity),
      network_(network),
      record_rng_(ctx.random("record")),
      think_rng_(ctx.random("think")) {}

Process User::run() {
  co_await ctx_.sleep(config_.starts_after);
  for (std::uint64_t repetition = 0; repetition < config_.repetitions_max; ++repetition) {
    if (repetition > 0 && config_.activity == Activity::workflows) {
      co_await ctx_.sleep(config_.habits.think_time.sample(think_rng_));
    }
    if (ctx_.now() - Time{} > config_.no_start_after) {
      break;
    }
    if (config_.activity == Activity::workflows) {
      co_await run_workflow();
    } else if (config_.activity == Activity::reads) {
      co_await operate(read(Operation::read_record, 1));
    } else {
      ApiRequest write;
      write.user = config_.number;
      write.operation = Operation::write_record;
      write.written = popular_record();
      co_await operate(write);
    }
  }
  is_done_ = true;
}

/// Opens it, works through its stages, and looks at the result. A step that fails ends it.
Task<> User::run_workflow() {
  const std::size_t number = workflows_.size();
  workflows_.push_back({.started_at = ctx_.now(), .ended_at = {}});
  std::vector<ApiRequest> steps = {read(Operation::open_workflow, config_.habits.records_per_page)};
  RecordKey result{};
  for (std::uint32_t stage = 0; stage < config_.habits.stages_count; ++stage) {
    steps.push_back(read(Operation::run_stage, config_.habits.records_per_stage));
    result = steps.back().written = own_record();
  }
  steps.push_back(read(Operation::read_record, 1));
  steps.back().reads[0] = result;
  for (const ApiRequest& step : steps) {
    const bool succeeded = co_await operate(step);
    if (!succeeded) {
      break;
    }
    ++workflows_[number].steps_completed;
  }
  workflows_[number].completed = workflows_[number].steps_completed == steps.size();
  workflows_[number].ended_at = ctx_.now();
}

/// One operation, sent again while the application asks for patience.
Task<bool> User::operate(ApiRequest request) {
  ++operations_begun_;
  ApiAnswer answer = co_await send(request);
  while (answer.kind == AnswerKind::throttled && config_.habits.honours_retry_after) {
    co_await ctx_.sleep(answer.retry_after);
    answer = co_await send(request);
  }
  const bool succeeded = answer.kind != AnswerKind::throttled && answer.kind != AnswerKind::failed;
  operations_succeeded_ += succeeded ? 1 : 0;
  co_return succeeded;
}

Task<ApiAnswer> User::send(ApiRequest request) {
  const std::size_t number = requests_.size();
  requests_.push_back({.sent_at = ctx_.now(), .operation = request.operation, .end = {}});
  const auto answer = co_await ctx_.ask(network_, request, config_.habits.timeout);
  Request& sent = requests_[number];
  check(!sent.end.has_value(), "a request ends once");
  sent.end = answer ? end_of(answer->kind) : End::timed_out;
  sent.ended_at = ctx_.now();
  ApiAnswer none;
  none.kind = AnswerKind::failed;
  co_return answer.value_or(none);
}

ApiRequest User::read(Operation operation, std::uint32_t records_count) {
  ApiRequest request;
  request.user = config_.number;
  request.operation = operation;
  request.reads_count = records_count;
  for (std::uint32_t index = 0; index < records_count; ++index) {
    request.reads[index] = popular_record();
  }
  return request;
}

RecordKey User::popular_record() { return RecordKey{popularity_.draw(record_rng_) - 1}; }

RecordKey User::own_record() {
  check(own_records_ < own_records_max, "a user has room for the records of all workflows");
  return RecordKey{config_.habits.popularity.keys + config_.number * own_records_max + own_records_++};
}

}  // namespace sim::models::users
