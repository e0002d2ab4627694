#include "models/workflow/actors/site_container.hpp"

#include <utility>

namespace sim::models::workflow {

namespace {

policies::Bulkhead::Config one_turn_per_core(const policies::ResourceAccount::Config& resources) {
  policies::Bulkhead::Config line;
  line.max_concurrent_calls = resources.cpu_cores;
  line.max_wait_duration = forever;
  return line;
}

}  // namespace

SiteContainer::SiteContainer(Context& ctx, Config config, Ports ports)
    : ctx_(ctx),
      config_(std::move(config)),
      ports_(ports),
      plan_(config_.start_plan),
      cores_(ctx, one_turn_per_core(config_.resources)),
      calls_(ctx),
      start_rng_(ctx.random("start")),
      agent_rng_(ctx.random("agent")),
      build_rng_(ctx.random("build")),
      sync_rng_(ctx.random("sync")),
      git_rng_(ctx.random("git")),
      fault_rng_(ctx.random("fault")),
      model_retries_(ctx.counter("model_retries_count")),
      push_retries_(ctx.counter("push_retries_count")),
      out_of_memory_(ctx.counter("out_of_memory_count")),
      memory_(ctx.gauge("memory_mb")) {}

Process SiteContainer::run() {
  co_await ctx_.sleep(policies::sample_start_time(plan_, config_.start_times, start_rng_));
  if (fault_rng_.chance(config_.start_failure_probability)) {
    ctx_.stop(ExitReason::failed);
    co_return;
  }
  account_.emplace(config_.resources, ctx_.now());
  note_memory();
  ctx_.send(ports_.fleet, {config_.number});
}

Process SiteContainer::on(RunSession run, ReplyTo<SessionEnded> reply_to) {
  note(run.request.session, Step::began);
  account_->begin_message();
  note_memory();
  const bool succeeded = co_await publish(run.request);
  account_->end_message();
  note_memory();
  ctx_.reply(reply_to, SessionEnded{succeeded});
}

Process SiteContainer::on(StopContainer /*stop*/) {
  co_await ctx_.sleep(config_.stop_time.sample(start_rng_));
  ctx_.stop();
}

TaskUsage SiteContainer::on(const ReadUsage&) {
  return {account_->busy_core_time_s(ctx_.now()), account_->capacity_core_time_s(ctx_.now()),
          100 * memory_mb() / config_.resources.memory_limit_mb};
}

/// All stages in the container; false when the model or the git host failed for good.
Task<bool> SiteContainer::publish(SessionRequest request) {
  if (checked_out_ != request.client) {
    co_await ctx_.sleep(config_.checkout.sample(git_rng_));
    checked_out_ = request.client;
  }
  const bool has_answer = co_await think(request.instruction);
  if (!has_answer) {
    co_return false;
  }
  note(request.session, Step::thought);
  co_await build();
  note(request.session, Step::built);
  co_await sync();
  note(request.session, Step::synced);
  co_await compute(config_.commit_cpu.sample(git_rng_));
  note(request.session, Step::committed);
  const bool is_pushed = co_await push();
  if (is_pushed) {
    note(request.session, Step::pushed);
  }
  co_return is_pushed;
}

Task<bool> SiteContainer::think(Instruction instruction) {
  co_await compute(config_.agent.start_cpu.sample(agent_rng_));
  const std::uint32_t turns = draw_turns(instruction);
  for (std::uint32_t turn = 0; turn < turns; ++turn) {
    const bool has_answer = co_await call_model();
    if (!has_answer) {
      co_return false;
    }
    co_await compute(config_.agent.tool_cpu.sample(agent_rng_));
  }
  co_return true;
}

Task<bool> SiteContainer::call_model() {
  policies::RetrySchedule retry(config_.agent.retry, ctx_.now());
  for (;;) {
    const bool has_answer = co_await call_model_once();
    if (has_answer) {
      co_return true;
    }
    const auto decision = retry.on_failure(ctx_.now(), policies::ErrorClass::server_error, agent_rng_.uniform01());
    if (decision.outcome != policies::RetrySchedule::Outcome::retry) {
      co_return false;
    }
    model_retries_.add();
    co_await ctx_.sleep(decision.delay);
  }
}

Task<bool> SiteContainer::call_model_once() {
  actors::Complete request;
  request.call = calls_.open();
  request.caller = ctx_.ref(*this);
  ctx_.send(ports_.language_model, request);
  const AwaitCall await{request.call};
  const auto over = co_await ctx_.ask(ctx_.ref(*this), await, config_.agent.call_timeout);
  calls_.close(request.call);
  co_return over && over->succeeded;
}

Task<> SiteContainer::build() {
  ++builds_;
  note_memory();
  co_await compute(config_.build_cpu.sample(build_rng_));
  --builds_;
  note_memory();
}

/// Lists what is in the object store, then uploads the changed files, so many at once; the store knows how long.
Task<> SiteContainer::sync() {
  co_await ctx_.sleep(config_.sync_list.sample(sync_rng_));
  for (std::uint32_t files = 0; files < config_.files_count; files += config_.uploads_at_once) {
    const actors::ServiceRequest upload{.job = actors::JobId{files}};
    const auto uploaded = co_await ctx_.ask(ports_.object_store, upload);
    check(uploaded && uploaded->outcome == actors::ServiceOutcome::served, "the object store takes every upload");
  }
}

Task<bool> SiteContainer::push() {
  for (std::uint32_t attempt = 1;; ++attempt) {
    const actors::ServiceRequest request{.job = actors::JobId{attempt}};
    const auto pushed = co_await ctx_.ask(ports_.git_host, request);
    if (pushed && pushed->outcome == actors::ServiceOutcome::served &&
        !fault_rng_.chance(config_.push_failure_probability)) {
      co_return true;
    }
    if (attempt == config_.push_attempts_max) {
      co_return false;
    }
    push_retries_.add();
    co_await ctx_.sleep(config_.push_retry_delay);
  }
}

Task<> SiteContainer::compute(Duration cpu_time) {
  calls::TurnLine::Turn core(cores_);
  co_await core.take();
  account_->begin_work(ctx_.now());
  co_await ctx_.sleep(cpu_time);
  account_->end_work(ctx_.now());
}

/// One turn, and a Poisson number of others: the events of a process of rate 1 within a time that equals their mean.
std::uint32_t SiteContainer::draw_turns(Instruction instruction) {
  const Agent& agent = config_.agent;
  const double mean = instruction == Instruction::remark ? agent.remark_turns
                      : instruction == Instruction::edit ? agent.edit_turns
                                                         : agent.complex_page_turns;
  const Distribution between = exponential(1s);
  std::uint32_t turns = 1;
  for (Duration at = between.sample(agent_rng_); at < from_seconds(mean - 1); at += between.sample(agent_rng_)) {
    ++turns;
  }
  return turns;
}

double SiteContainer::memory_mb() const { return account_->memory_mb() + builds_ * config_.build_memory_mb; }

void SiteContainer::note_memory() {
  memory_.set(memory_mb());
  if (memory_mb() > config_.resources.memory_limit_mb) {
    out_of_memory_.add();
    ctx_.stop(ExitReason::failed);
  }
}

}  // namespace sim::models::workflow
