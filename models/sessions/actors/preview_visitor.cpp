#include "models/sessions/actors/preview_visitor.hpp"

#include <algorithm>
#include <utility>

namespace sim::actors {

PreviewVisitor::PreviewVisitor(Context& ctx, Config config, Ports ports)
    : ctx_(ctx),
      config_(std::move(config)),
      ports_(ports),
      arrival_rng_(ctx.random("arrival")),
      session_rng_(ctx.random("session")),
      network_rng_(ctx.random("network")),
      load_(ctx.tally("preview_load_s")),
      failures_(ctx.counter("preview_failures_count")) {}

Process PreviewVisitor::run() {
  for (std::uint32_t number = 0; number < config_.loads_count; ++number) {
    co_await ctx_.sleep(config_.between_loads.sample(arrival_rng_));
    ctx_.start(load(config_.sessions[session_rng_.below(config_.sessions.size())]));
  }
}

Process PreviewVisitor::load(SessionId session) {
  const Time requested_at = ctx_.now();
  const Duration network_latency = config_.network_latency.sample(network_rng_);
  const Duration transfer = config_.transfer.sample(network_rng_);
  const auto routed = co_await ctx_.ask(ports_.orchestrator, RouteSession{session}, config_.timeout);
  if (!routed || !routed->is_ready) {
    failures_.add();
    record(config_.timeout);
    co_return;
  }
  co_await ctx_.sleep(network_latency);
  const auto page = co_await ctx_.ask(routed->preview, LoadPage{session}, config_.timeout);
  if (!page) {
    failures_.add();
    record(config_.timeout);
    co_return;
  }
  co_await ctx_.sleep(transfer);
  record(std::min(ctx_.now() - requested_at, config_.timeout));
}

void PreviewVisitor::record(Duration load_time) {
  load_times_.push_back(load_time);
  load_.add(to_seconds(load_time));
  ctx_.send(ports_.monitor, RecordMetric{"preview_load_ms", to_seconds(load_time) * 1e3});
}

}  // namespace sim::actors
