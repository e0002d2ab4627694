#include "actors/containers/orchestrator.hpp"

#include <algorithm>

namespace sim::actors {

Orchestrator::Orchestrator(Context& ctx, Config config, SpawnContainer spawn_container, Ports ports)
    : ctx_(ctx),
      config_(std::move(config)),
      spawn_container_(std::move(spawn_container)),
      ports_(ports),
      cache_(config_.registry_cache),
      slots_(config_.containers_count,
             Slot{State::stopped, {}, {}, false, false, policies::RestartPolicy(config_.restart)}),
      detection_rng_(ctx.random("detection")),
      container_start_(ctx.tally("container_start_s")),
      containers_(ctx.gauge("containers_count")),
      restarts_(ctx.counter("container_restarts_count")),
      cache_hits_(ctx.counter("registry_cache_hits_count")),
      cache_misses_(ctx.counter("registry_cache_misses_count")) {}

Process Orchestrator::on(RouteSession request, ReplyTo<SessionRouted> reply_to) {
  const std::uint32_t container = co_await look_up(request.session);
  Slot& slot = slots_[container];
  slot.is_wanted = slot.is_wanted || slot.is_lost;
  if (slot.state == State::stopped) {
    start(container);
  }
  ctx_.reply(reply_to, SessionRouted{slot.state == State::ready, slot.spawned.preview, slot.spawned.memory});
}

void Orchestrator::on(const ContainerReady& ready) {
  Slot& slot = slots_[ready.container];
  slot.state = State::ready;
  slot.restart.on_started(ctx_.now());
  const Duration start_time = ctx_.now() - slot.started_at;
  container_start_.add(to_seconds(start_time));
  ctx_.send(ports_.monitor, RecordMetric{"container_start_ms", to_seconds(start_time) * 1e3});
}

void Orchestrator::on(const Down& down) {
  for (std::uint32_t container = 0; container < slots_.size(); ++container) {
    if (slots_[container].spawned.actor == down.actor) {
      slots_[container].is_lost = true;
      containers_.add(-1);
      ctx_.after(config_.detection_delay.sample(detection_rng_), LossDetected{container});
    }
  }
}

void Orchestrator::on(const LossDetected& loss) {
  Slot& slot = slots_[loss.container];
  slot.spawned = {};
  if (const auto delay = slot.restart.on_failure(ctx_.now())) {
    slot.state = State::waiting_to_restart;
    ctx_.after(*delay, RestartDue{loss.container});
  } else if (slot.is_wanted) {
    start(loss.container);
  } else {
    slot.state = State::stopped;
  }
  slot.is_lost = false;
  slot.is_wanted = false;
}

void Orchestrator::on(const RestartDue& due) {
  restarts_.add();
  start(due.container);
}

std::uint32_t Orchestrator::ready_count() const {
  return static_cast<std::uint32_t>(
      std::count_if(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.state == State::ready; }));
}

Task<std::uint32_t> Orchestrator::look_up(SessionId session) {
  if (config_.use_registry_cache) {
    if (const auto cached = cache_.get(session, ctx_.now())) {
      cache_hits_.add();
      co_return *cached;
    }
    cache_misses_.add();
  }
  const auto item = co_await ctx_.ask(ports_.registry_reads, GetItem{session});
  check(item.has_value(), "the registry answers");
  const std::uint32_t container =
      item->found ? item->container : config_.container_of_session[static_cast<std::size_t>(session)];
  if (!item->found) {
    ctx_.send(ports_.registry_writes, PutItem{session, container});
  }
  if (config_.use_registry_cache) {
    cache_.set(session, container, ctx_.now());
  }
  co_return container;
}

void Orchestrator::start(std::uint32_t container) {
  Slot& slot = slots_[container];
  slot.state = State::starting;
  slot.started_at = ctx_.now();
  slot.spawned = spawn_container_(ctx_, container);
  containers_.add(1);
  ctx_.monitor(slot.spawned.actor);
}

}  // namespace sim::actors
