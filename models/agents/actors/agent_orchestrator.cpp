#include "models/agents/actors/agent_orchestrator.hpp"

#include <algorithm>

namespace sim::actors {

namespace {

/// What an agent makes of an input: another content, the same for the same input.
std::uint64_t answer_number(std::uint32_t agent, std::uint64_t content) {
  return (content + 1) * 0x9e3779b97f4a7c15ULL + agent;
}

Invoked invoked_by(const AgentWorked& worked, std::size_t position, std::uint64_t answer) {
  return {.outcome = worked.outcomes[position],
          .answer = answer,
          .from_cache = false,
          .waited = worked.waited,
          .worked = worked.worked};
}

}  // namespace

AgentOrchestrator::AgentOrchestrator(Context& ctx, Config config, Ports ports)
    : ctx_(ctx),
      config_(std::move(config)),
      ports_(std::move(ports)),
      dispatch_rng_(ctx.random("dispatch")),
      lookup_rng_(ctx.random("lookup")),
      aggregation_rng_(ctx.random("aggregation")),
      results_(ctx),
      batch_size_(ctx.tally("batch_size_inputs")),
      invocations_(ctx.counter("invocations_count")),
      asked_(ctx.now()) {
  if (config_.cache) {
    cache_.emplace(*config_.cache);
  }
  for (std::uint32_t agent = 0; config_.batching && agent < ports_.agents.size(); ++agent) {
    batches_.emplace(agent, Batched{policies::WriteBatcher(*config_.batching), {}});
  }
}

Process AgentOrchestrator::on(InvokeAgent request, ReplyTo<Invoked> reply_to) {
  asked_.add(ctx_.now(), 1);
  const Invoked invoked = co_await invoke(request);
  asked_.add(ctx_.now(), -1);
  ctx_.reply(reply_to, invoked);
}

Process AgentOrchestrator::on(InvokeTeam request, ReplyTo<TeamInvoked> reply_to) {
  asked_.add(ctx_.now(), 1);
  TeamInvoked team;
  if (request.order == InvokeTeam::Order::in_sequence) {
    AgentInput input = request.input;
    for (const std::uint32_t agent : request.agents) {
      const InvokeAgent step{agent, input};
      team.invocations.push_back(co_await invoke(step));
      if (team.invocations.back().outcome != InvocationOutcome::answered) {
        break;
      }
      input.content = team.invocations.back().answer;
    }
  } else {
    std::vector<std::uint64_t> numbers;
    for (const std::uint32_t agent : request.agents) {
      numbers.push_back(results_.open());
      ctx_.start(invoke_member(numbers.back(), InvokeAgent{agent, request.input}));
    }
    for (const std::uint64_t number : numbers) {
      const auto invoked = co_await ctx_.ask(ctx_.ref(*this), AwaitInvoked{number});
      check(invoked.has_value(), "every invocation ends");
      team.invocations.push_back(*invoked);
      co_await occupy_event_loop(config_.aggregation_time.sample(aggregation_rng_));
    }
  }
  asked_.add(ctx_.now(), -1);
  ctx_.reply(reply_to, std::move(team));
}

Process AgentOrchestrator::invoke_member(std::uint64_t number, InvokeAgent request) {
  const Invoked invoked = co_await invoke(request);
  results_.resolve(number, invoked);
}

Task<Invoked> AgentOrchestrator::invoke(InvokeAgent request) {
  invocations_.add();
  in_progress_max_ = std::max(in_progress_max_, ++in_progress_);
  Invoked invoked;
  bool is_admitted = true;
  if (ports_.security) {
    const CheckInput check_input{request.input};
    const auto checked = co_await ctx_.ask(ports_.security->check, check_input);
    check(checked.has_value(), "the security gate answers");
    is_admitted = checked->is_accepted;
  }
  if (is_admitted) {
    invoked = co_await invoke_admitted(request);
  } else {
    invoked.outcome = InvocationOutcome::refused;
  }
  --in_progress_;
  co_return invoked;
}

Task<Invoked> AgentOrchestrator::invoke_admitted(InvokeAgent request) {
  const Key key{request.agent, request.input.content};
  if (cache_) {
    co_await occupy_event_loop(config_.lookup_time.sample(lookup_rng_));
    if (const auto known = cache_->get(key, ctx_.now())) {
      Invoked invoked;
      invoked.answer = *known;
      invoked.from_cache = true;
      co_await encrypt();
      co_return invoked;
    }
  }
  co_await encrypt();
  Invoked invoked;
  if (config_.batching) {
    invoked = co_await call_in_batch(request);
  } else {
    invoked = co_await call_alone(request);
  }
  if (invoked.outcome == InvocationOutcome::answered) {
    if (cache_) {
      cache_->set(key, invoked.answer, ctx_.now());
    }
    co_await encrypt();
  }
  co_return invoked;
}

Task<Invoked> AgentOrchestrator::call_alone(InvokeAgent request) {
  const std::vector<AgentInput> inputs(1, request.input);
  const AgentWorked worked = co_await call(request.agent, inputs);
  co_return invoked_by(worked, 0, answer_number(request.agent, request.input.content));
}

Task<Invoked> AgentOrchestrator::call_in_batch(InvokeAgent request) {
  const std::uint64_t number = results_.open();
  Batched& batched = batches_.at(request.agent);
  batched.inputs.emplace(Write{number}, request.input);
  const auto added = batched.batcher.add(ctx_.now(), Write{number});
  check(added == policies::WriteBatcher::Added::accepted, "a batch takes every input");
  send_batches(request.agent);
  const auto invoked = co_await ctx_.ask(ctx_.ref(*this), AwaitInvoked{number});
  check(invoked.has_value(), "every batch ends");
  co_return *invoked;
}

void AgentOrchestrator::send_batches(std::uint32_t agent) {
  policies::WriteBatcher& batcher = batches_.at(agent).batcher;
  for (auto batch = batcher.take_batch(ctx_.now()); !batch.empty(); batch = batcher.take_batch(ctx_.now())) {
    ctx_.start(run_batch(agent, {batch.begin(), batch.end()}));
  }
  // one timer for each input is enough, the first of a batch; the others then find nothing due
  if (const auto due_at = batcher.next_batch_at(); due_at && batcher.waiting() == 1) {
    ctx_.after(*due_at - ctx_.now(), BatchDue{agent});
  }
}

Process AgentOrchestrator::run_batch(std::uint32_t agent, std::vector<Write> writes) {
  std::vector<AgentInput> inputs;
  for (const Write write : writes) {
    inputs.push_back(batches_.at(agent).inputs.extract(write).mapped());
  }
  batch_size_.add(static_cast<double>(inputs.size()));
  const AgentWorked worked = co_await call(agent, inputs);
  for (std::size_t position = 0; position < writes.size(); ++position) {
    results_.resolve(static_cast<std::uint64_t>(writes[position]),
                     invoked_by(worked, position, answer_number(agent, inputs[position].content)));
  }
  batches_.at(agent).batcher.batch_done(ctx_.now());
}

Task<AgentWorked> AgentOrchestrator::call(std::uint32_t agent, std::vector<AgentInput> inputs) {
  co_await occupy_event_loop(config_.dispatch_time.sample(dispatch_rng_));
  WorkOnInputs request;
  request.inputs = std::move(inputs);
  auto worked = co_await ctx_.ask(ports_.agents.at(agent), request);
  check(worked.has_value(), "an agent answers");
  co_return *std::move(worked);
}

Task<> AgentOrchestrator::encrypt() {
  if (ports_.security) {
    const auto encrypted = co_await ctx_.ask(ports_.security->encrypt, EncryptContent{});
    check(encrypted.has_value(), "the security gate answers");
  }
}

Task<> AgentOrchestrator::occupy_event_loop(Duration time) {
  const ServiceRequest job{.job = JobId{++last_job_}, .service_time = time};
  const auto serviced = co_await ctx_.ask(ports_.event_loop, job);
  check(serviced && serviced->outcome == ServiceOutcome::served, "the event loop takes everything");
}

std::optional<policies::CacheStatistics> AgentOrchestrator::cache_statistics() const {
  return cache_ ? std::optional(cache_->statistics()) : std::nullopt;
}

}  // namespace sim::actors
