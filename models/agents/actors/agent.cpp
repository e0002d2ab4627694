#include "models/agents/actors/agent.hpp"

#include <utility>

namespace sim::actors {

Agent::Agent(Context& ctx, Config config, Port<ServiceRequest> workers)
    : ctx_(ctx),
      config_(std::move(config)),
      workers_(workers),
      setup_rng_(ctx.random("setup")),
      work_rng_(ctx.random("work")),
      failure_rng_(ctx.random("failure")),
      call_(ctx.tally("agent_call_s")),
      wait_(ctx.tally("worker_wait_s")),
      inputs_(ctx.counter("inputs_count")) {}

Process Agent::on(WorkOnInputs request, ReplyTo<AgentWorked> reply_to) {
  Duration time = config_.setup_time.sample(setup_rng_);
  AgentWorked worked;
  for (std::size_t input = 0; input < request.inputs.size(); ++input) {
    time += config_.work_time.sample(work_rng_);
    worked.outcomes.push_back(failure_rng_.chance(config_.failure_probability) ? InvocationOutcome::failed
                                                                               : InvocationOutcome::answered);
  }
  const ServiceRequest job{.job = JobId{++last_job_}, .service_time = time};
  const auto serviced = co_await ctx_.ask(workers_, job);
  check(serviced.has_value(), "the workers live as long as their agents");
  if (serviced->outcome == ServiceOutcome::served) {
    worked.waited = serviced->waited;
    worked.worked = serviced->served;
    call_.add(to_seconds(serviced->served));
    wait_.add(to_seconds(serviced->waited));
    inputs_.add(request.inputs.size());
  } else {
    worked.outcomes.assign(request.inputs.size(), InvocationOutcome::rejected);
  }
  ctx_.reply(reply_to, std::move(worked));
}

}  // namespace sim::actors
