#include "models/services/actors/caller.hpp"

#include <algorithm>
#include <utility>

namespace sim::models::services {

namespace {

/// A call that is turned away at once takes no time, and time must go on.
constexpr Duration pause_when_turned_away = 1ms;

}  // namespace

Caller::Caller(Context& ctx, Config config, Port<actors::MakeApiCall> client)
    : ctx_(ctx),
      config_(std::move(config)),
      client_(client),
      pause_rng_(ctx.random("pause")),
      starts_at_(ctx.now() + config_.starts_after) {}

Process Caller::run() {
  co_await ctx_.sleep(config_.starts_after);
  if (config_.in_batches) {
    begin_batch();
    co_return;
  }
  for (std::uint32_t number = 0; number < config_.concurrency; ++number) {
    ctx_.start(one_after_another());
  }
}

bool Caller::may_begin() const {
  return records_.size() < config_.calls_max && ctx_.now() - starts_at_ < config_.duration;
}

void Caller::begin_batch() {
  for (std::uint32_t number = 0; number < config_.concurrency && may_begin(); ++number) {
    ctx_.start(one_of_batch());
  }
}

Process Caller::one_of_batch() {
  co_await call();
  if (open_ == 0) {
    begin_batch();
  }
}

Process Caller::one_after_another() {
  while (may_begin()) {
    const Time began_at = ctx_.now();
    co_await call();
    const Duration least_pause = ctx_.now() == began_at ? pause_when_turned_away : Duration{0};
    co_await ctx_.sleep(std::max(config_.pause.sample(pause_rng_), least_pause));
  }
}

Task<> Caller::call() {
  const std::size_t number = records_.size();
  const actors::MakeApiCall call{config_.plan[number % config_.plan.size()],
                                 actors::ApiCallId{std::uint64_t{config_.number} << 32 | number}};
  records_.push_back({call.call, call.operation, ctx_.now(), std::nullopt, Time{}});
  ++open_;
  const auto ended = co_await ctx_.ask(client_, call);
  check(ended.has_value(), "a client tells how every call ended");
  records_[number].ended = *ended;
  records_[number].ended_at = ctx_.now();
  --open_;
}

}  // namespace sim::models::services
