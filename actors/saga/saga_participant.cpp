#include "actors/saga/saga_participant.hpp"

#include <utility>

namespace sim::actors {

using policies::ErrorClass;

SagaParticipant::SagaParticipant(Context& ctx, Config config)
    : ctx_(ctx),
      config_(std::move(config)),
      execution_rng_(ctx.random("execution")),
      compensation_rng_(ctx.random("compensation")),
      error_rng_(ctx.random("error")),
      execution_time_(ctx.tally("step_execution_time_s")),
      compensation_time_(ctx.tally("step_compensation_time_s")) {}

Process SagaParticipant::on(ExecuteStep request) {
  const Duration length = config_.execution_time.sample(execution_rng_);
  const bool has_error = error_rng_.chance(config_.execution_error_probability);
  co_await ctx_.sleep(length);
  execution_time_.add(to_seconds(length));
  Entry& entry = entries_[request.key];
  StepEnded result{.key = request.key, .attempt = request.attempt};
  if (entry.is_refusing) {
    result.is_done = false;
    result.error = ErrorClass::client_error;
  } else if (!entry.is_executed && (has_error || fails(config_.execution_fails, request.key.saga))) {
    result.is_done = false;
    result.error = ErrorClass::server_error;
  } else if (!entry.is_executed) {
    entry.is_executed = true;
    entry.has_artifact = true;
  }
  ctx_.send(request.reply_to, result);
}

Process SagaParticipant::on(CompensateStep request) {
  ++entries_[request.key].compensations_begun;
  const Duration length = config_.compensation_time.sample(compensation_rng_);
  const bool has_error = error_rng_.chance(config_.compensation_error_probability);
  co_await ctx_.sleep(length);
  compensation_time_.add(to_seconds(length));
  Entry& entry = entries_[request.key];
  CompensationEnded result{.key = request.key, .attempt = request.attempt};
  if (has_error || fails(config_.compensation_fails, request.key.saga)) {
    ++entry.compensations_failed;
    result.is_done = false;
    result.error = ErrorClass::server_error;
  } else {
    entry.has_artifact = false;
    entry.is_refusing = true;
  }
  ctx_.send(request.reply_to, result);
}

}  // namespace sim::actors
