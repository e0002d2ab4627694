#include "models/sessions/actors/closed_loop.hpp"

#include <fmt/format.h>

#include <utility>

namespace sim::models::sessions {

ClosedLoop::ClosedLoop(Context& ctx, Config config, std::vector<Port<actors::Say>> sessions,
                       Port<actors::RouteSession> orchestrator)
    : ctx_(ctx),
      config_(std::move(config)),
      sessions_(std::move(sessions)),
      orchestrator_(orchestrator),
      pause_rng_(ctx.random("pause")),
      memory_(ctx.series("memory_snapshot_mb")) {}

Process ClosedLoop::run() {
  const Time began_at = ctx_.now();
  for (std::uint32_t number = 0; number < config_.messages_max && ctx_.now() - began_at < config_.duration; ++number) {
    const actors::Say say{fmt::format("{} {}", config_.instruction, number), config_.edits_files};
    const auto said = co_await ctx_.ask(sessions_[number % sessions_.size()], say);
    check(said.has_value(), "a client tells how its message ended");
    said_.push_back(*said);
    if (config_.messages_per_memory_snapshot > 0 && said_.size() % config_.messages_per_memory_snapshot == 0) {
      co_await take_memory_snapshot();
    }
    co_await ctx_.sleep(config_.pause.sample(pause_rng_));
  }
  is_done_ = true;
}

Task<> ClosedLoop::take_memory_snapshot() {
  const auto routed = co_await ctx_.ask(orchestrator_, actors::RouteSession{SessionId{0}});
  check(routed.has_value(), "the orchestrator routes every session");
  const auto read = co_await ctx_.ask(routed->memory, actors::ReadMemory{});
  if (read) {
    memory_snapshots_mb_.push_back(read->memory_mb);
    memory_.add(read->memory_mb);
  }
}

}  // namespace sim::models::sessions
