#include "actors/containers/container.hpp"

#include <utility>

namespace sim::actors {

Container::Container(Context& ctx, Config config, Ports ports)
    : ctx_(ctx),
      config_(std::move(config)),
      ports_(std::move(ports)),
      plan_(config_.start_plan),
      tree_(config_.working_tree),
      account_(config_.resources, ctx.now()),
      pages_(config_.page_cache),
      places_({.permits_max = config_.concurrency}),
      tree_lock_({.permits_max = 1}),
      cores_({.permits_max = config_.resources.cpu_cores}),
      import_lock_({.permits_max = 1}),
      grants_(ctx),
      calls_(ctx),
      start_rng_(ctx.random("start")),
      network_rng_(ctx.random("network")),
      git_rng_(ctx.random("git")),
      cpu_rng_(ctx.random("cpu")),
      leak_rng_(ctx.random("leak")),
      tree_switch_(ctx.tally("tree_switch_s")),
      stale_deletes_(ctx.counter("stale_deletes_count")),
      failed_commands_(ctx.counter("failed_commands_count")),
      memory_(ctx.gauge("memory_mb")),
      memory_per_session_(ctx.gauge("memory_per_session_mb")),
      cpu_(ctx.gauge("cpu_percent")) {}

Process Container::run() {
  note_resources();
  co_await start_up();
  is_ready_ = true;
  ctx_.send(ports_.orchestrator, ContainerReady{config_.number});
  for (std::size_t queue = 0; queue < config_.sessions.size(); ++queue) {
    account_.add_session();
    ctx_.start(consume(queue));
  }
  ctx_.start(consume_interrupts());
  note_resources();
}

Process Container::on(LoadPage request, ReplyTo<PageServed> reply_to) {
  const bool from_cache = config_.cache_pages && pages_.get(request.session, ctx_.now());
  if (!from_cache) {
    co_await compute(config_.work_times.page_render_cpu.sample(cpu_rng_));
    pages_.set(request.session, true, ctx_.now());
  }
  ctx_.reply(reply_to, PageServed{from_cache});
}

std::vector<MessageId> Container::message_ids() const {
  std::vector<MessageId> messages;
  for (const auto& [session, batch] : batches_) {
    for (const Work& work : batch.works) {
      messages.push_back(work.received.body.message);
    }
  }
  return messages;
}

std::vector<MessageId> Container::thinking() const {
  std::vector<MessageId> messages;
  for (const auto& [session, batch] : batches_) {
    for (const Work& work : batch.works) {
      if (work.state == Work::State::thinking) {
        messages.push_back(work.received.body.message);
      }
    }
  }
  return messages;
}

Task<> Container::take(policies::ConcurrencyLimit& limit) {
  const std::uint64_t number = grants_.open();
  if (limit.acquire(policies::Permit{number}) == policies::ConcurrencyLimit::Acquired::granted) {
    grants_.close(number);
    co_return;
  }
  const auto granted = co_await ctx_.ask(ctx_.ref(*this), AwaitGrant{number});
  check(granted.has_value(), "a container answers itself");
}

void Container::give_back(policies::ConcurrencyLimit& limit) {
  if (const auto next = limit.release()) {
    grants_.resolve(static_cast<std::uint64_t>(*next), Granted{});
  }
}

Task<> Container::compute(Duration cpu_time) {
  co_await take(cores_);
  account_.begin_work(ctx_.now());
  note_resources();
  co_await ctx_.sleep(cpu_time);
  account_.end_work(ctx_.now());
  note_resources();
  give_back(cores_);
}

void Container::note_resources() {
  memory_.set(account_.memory_mb());
  if (account_.sessions_count() > 0) {
    memory_per_session_.set(account_.memory_mb() / account_.sessions_count());
  }
  cpu_.set(account_.cpu_percent());
  if (account_.is_out_of_memory()) {
    ctx_.stop(ExitReason::failed);
  }
}

}  // namespace sim::actors
