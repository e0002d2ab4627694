#include "actors/language_model/language_model.hpp"

#include <utility>

namespace sim::actors {

LanguageModel::LanguageModel(Context& ctx, Config config)
    : ctx_(ctx),
      config_(std::move(config)),
      limit_({.permits_max = config_.concurrent_requests_max}),
      latency_rng_(ctx.random("latency")),
      fault_rng_(ctx.random("fault")),
      injected_rng_(ctx.random("injected-fault")),
      latency_(ctx.tally("language_model_latency_s")),
      in_progress_(ctx.gauge("language_model_in_progress_requests")),
      failures_(ctx.counter("language_model_failures_count")) {}

void LanguageModel::on(const Complete& request) {
  const std::uint64_t number = ++last_number_;
  requests_.emplace(number, request);
  if (limit_.acquire(policies::Permit{number}) == policies::ConcurrencyLimit::Acquired::granted) {
    begin(number);
  }
}

void LanguageModel::on(const Finished& finished) {
  const Complete request = requests_.extract(finished.number).mapped();
  const bool failed = fails();
  failures_.add(failed ? 1 : 0);
  ctx_.send(request.caller, Completion{request.call, !failed});
  if (const auto next = limit_.release()) {
    begin(static_cast<std::uint64_t>(*next));
  }
  in_progress_.set(limit_.in_use());
}

void LanguageModel::begin(std::uint64_t number) {
  const auto& effect = faults_.effect();
  const Duration latency =
      policies::scaled_latency(time_of(requests_.at(number)), effect.latency_factor) + effect.slow_delay;
  latency_.add(to_seconds(latency));
  in_progress_.set(limit_.in_use());
  ctx_.after(latency, Finished{number});
}

bool LanguageModel::fails() {
  const bool by_itself = fault_rng_.chance(config_.failure_probability);
  if (faults_.size() == 0) {
    return by_itself;
  }
  policies::SplitDraw draw(injected_rng_.uniform01());
  return faults_.error(draw).has_value() || by_itself;
}

Duration LanguageModel::time_of(const Complete& request) {
  if (request.context_tokens == 0 && request.generated_tokens == 0) {
    return (request.short_answer ? config_.short_latency : config_.latency).sample(latency_rng_);
  }
  return config_.overhead.sample(latency_rng_) +
         nearest_duration(request.context_tokens / config_.prefill_tokens_per_s +
                          request.generated_tokens / config_.decode_tokens_per_s);
}

}  // namespace sim::actors
