#include "models/agents/actors/caller.hpp"

#include <utility>

namespace sim::models::agents {

namespace {

Caller::End end_of(actors::InvocationOutcome outcome) {
  switch (outcome) {
    case actors::InvocationOutcome::answered:
      return Caller::End::answered;
    case actors::InvocationOutcome::failed:
      return Caller::End::failed;
    case actors::InvocationOutcome::rejected:
      return Caller::End::rejected;
    case actors::InvocationOutcome::refused:
      return Caller::End::refused;
  }
  fail_check("an invocation has one of four outcomes", SourceLine::current());
}

}  // namespace

Caller::Caller(Context& ctx, Config config, Port<actors::InvokeAgent> orchestrator)
    : ctx_(ctx),
      config_(std::move(config)),
      orchestrator_(orchestrator),
      agent_rng_(ctx.random("agent")),
      input_rng_(ctx.random("input")),
      flaw_rng_(ctx.random("flaw")),
      pause_rng_(ctx.random("pause")),
      invocation_time_(ctx.tally("invocation_time_s")) {
  if (config_.inputs) {
    popular_.emplace(*config_.inputs);
  }
}

Process Caller::run() {
  for (std::uint32_t number = 0; number < config_.invocations_count; ++number) {
    if (config_.pace == Pace::at_random_times) {
      co_await ctx_.sleep(config_.between_invocations.sample(pause_rng_));
    }
    const actors::InvokeAgent request = next_invocation();
    if (config_.pace == Pace::one_after_the_other) {
      co_await invoke(request);
    } else {
      ctx_.start(invoke_apart(request));
    }
  }
}

Process Caller::invoke_apart(actors::InvokeAgent request) { co_await invoke(request); }

Task<> Caller::invoke(actors::InvokeAgent request) {
  const std::size_t position = records_.size();
  records_.push_back({.agent = request.agent, .asked_at = ctx_.now(), .ended_at = {}, .end = {}, .invoked = {}});
  const auto invoked = co_await ctx_.ask(orchestrator_, request, config_.timeout);
  Record& record = records_[position];
  check(!record.end, "an invocation ends once");
  record.ended_at = ctx_.now();
  if (invoked) {
    record.invoked = *invoked;
    record.end = end_of(invoked->outcome);
    invocation_time_.add(to_seconds(record.ended_at - record.asked_at));
  } else {
    record.end = End::timed_out;
  }
}

actors::InvokeAgent Caller::next_invocation() {
  actors::InvokeAgent request;
  const double draw = agent_rng_.uniform01();
  request.agent = draw < config_.shares[0] ? 0 : draw < config_.shares[0] + config_.shares[1] ? 1 : 2;
  request.input.content = popular_ ? popular_->draw(input_rng_) : 1'000'000 + records_.size();
  request.input.has_valid_token = !flaw_rng_.chance(config_.invalid_token_share);
  request.input.has_valid_content = !flaw_rng_.chance(config_.invalid_content_share);
  return request;
}

}  // namespace sim::models::agents
