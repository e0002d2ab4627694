#include "models/resilience/actors/gateway.hpp"

#include <utility>

namespace sim::models::resilience {

using actors::ServiceAnswer;
using actors::ServiceCall;
using policies::ErrorClass;

Gateway::Gateway(Context& ctx, Config config, Port<ServiceCall> a, Port<ServiceCall> b)
    : ctx_(ctx),
      config_(std::move(config)),
      threads_(ctx, config_.threads),
      a_(ctx, "a", a, config_.retry, config_.breaker, config_.timeout, AttemptLog::Config{}),
      b_(ctx, "b", b, config_.retry, config_.breaker, config_.timeout, AttemptLog::Config{}),
      own_rng_(ctx.random("own")),
      busy_(ctx.gauge("threads_busy")),
      waiting_(ctx.gauge("requests_waiting")),
      rejected_(ctx.counter("gateway_rejected_count")) {}

Process Gateway::on(ServiceCall call, ReplyTo<ServiceAnswer> reply_to) {
  calls::TurnLine::Turn thread(threads_);
  waiting_.set(waiting());
  const bool granted = co_await thread.take();
  waiting_.set(waiting());
  if (!granted) {
    rejected_.add();
    ctx_.reply(reply_to, ServiceAnswer{ErrorClass::rejected});
    co_return;
  }
  busy_.set(++busy_count_);
  co_await ctx_.sleep(config_.own_time.sample(own_rng_));
  const Service service = call.service == service_a ? service_a : service_b;
  const auto outcome = co_await (service == service_a ? a_ : b_).call(call);
  note_opening(service);
  busy_.set(--busy_count_);
  ServiceAnswer answer;
  if (!outcome) {
    answer.error = outcome.error().error;
  }
  ctx_.reply(reply_to, answer);
}

const std::vector<Time>& Gateway::attempts(Service service) const {
  constexpr std::size_t log = 3;
  return (service == service_a ? a_ : b_).layer<log>().times();
}

const policies::CircuitBreaker& Gateway::breaker(Service service) const {
  constexpr std::size_t breaker = 1;
  return (service == service_a ? a_ : b_).layer<breaker>().policy();
}

void Gateway::note_opening(Service service) {
  if (!opened_at_[service] && breaker(service).statistics().opened_count > 0) {
    opened_at_[service] = breaker(service).last_transition()->at;
  }
}

}  // namespace sim::models::resilience
