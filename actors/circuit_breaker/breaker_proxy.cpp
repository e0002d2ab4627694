#include "actors/circuit_breaker/breaker_proxy.hpp"

#include <algorithm>
#include <utility>

namespace sim::actors {

using policies::CircuitBreaker;
using policies::ErrorClass;

namespace {

std::optional<ErrorClass> error_of(const Expected<ServiceAnswer, AskError>& answer) {
  if (answer) {
    return answer->error;
  }
  return answer.error() == AskError::timed_out ? ErrorClass::timed_out : ErrorClass::connection_failed;
}

BreakerProxy::Entry::Kind kind_of(CircuitBreaker::State state) {
  using Kind = BreakerProxy::Entry::Kind;
  switch (state) {
    case CircuitBreaker::State::open:
    case CircuitBreaker::State::forced_open:
      return Kind::opened;
    case CircuitBreaker::State::half_open:
      return Kind::half_opened;
    case CircuitBreaker::State::closed:
    case CircuitBreaker::State::disabled:
      return Kind::closed;
  }
  return Kind::closed;
}

}  // namespace

BreakerProxy::BreakerProxy(Context& ctx, Config config, Port<ServiceCall> service)
    : ctx_(ctx),
      config_(std::move(config)),
      service_(service),
      breaker_(config_.breaker, ctx.now()),
      processing_rng_(ctx.random("processing")),
      rejected_(ctx.counter("breaker_rejected_count")),
      opened_(ctx.counter("breaker_opened_count")) {
  if (!config_.is_enabled) {
    breaker_.transition_to(CircuitBreaker::State::disabled, ctx.now());
  }
  changes_noted_ = breaker_.statistics().transitions_count;
}

Process BreakerProxy::on(ServiceCall call, ReplyTo<ServiceAnswer> reply_to) {
  co_await ctx_.sleep(until_processed());
  const auto ticket = breaker_.try_acquire(ctx_.now());
  note_change();
  if (!ticket) {
    note(Entry::Kind::rejected);
    rejected_.add();
    ctx_.reply(reply_to, ServiceAnswer{ErrorClass::rejected});
    co_return;
  }
  const Time began = ctx_.now();
  const auto answer = co_await ctx_.ask(service_, call, config_.timeout);
  const std::optional<ErrorClass> error = error_of(answer);
  end(*ticket, error, began);
  co_await ctx_.sleep(until_processed());
  ctx_.reply(reply_to, ServiceAnswer{error});
}

/// First come, first served.
Duration BreakerProxy::until_processed() {
  free_at_ = std::max(free_at_, ctx_.now()) + config_.processing_time.sample(processing_rng_);
  return free_at_ - ctx_.now();
}

void BreakerProxy::end(CircuitBreaker::Ticket ticket, std::optional<ErrorClass> error, Time began) {
  using Outcome = CircuitBreaker::Outcome;
  const bool is_failure = error && config_.failures.contains(*error);
  const Outcome outcome = !error                            ? Outcome::success
                          : !is_failure                     ? Outcome::ignored
                          : *error == ErrorClass::timed_out ? Outcome::timeout
                                                            : Outcome::failure;
  if (!error || is_failure) {
    note(error ? Entry::Kind::failed : Entry::Kind::succeeded);
  }
  breaker_.record(ticket, outcome, ctx_.now() - began, ctx_.now());
  note_change();
}

void BreakerProxy::note(Entry::Kind kind) { journal_.push_back({ctx_.now(), kind}); }

void BreakerProxy::note_change() {
  if (breaker_.statistics().transitions_count == changes_noted_) {
    return;
  }
  changes_noted_ = breaker_.statistics().transitions_count;
  const Entry::Kind kind = kind_of(breaker_.last_transition()->to);
  opened_.add(kind == Entry::Kind::opened ? 1 : 0);
  note(kind);
}

}  // namespace sim::actors
