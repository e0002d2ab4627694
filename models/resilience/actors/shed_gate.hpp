#pragma once

#include <cstdint>

#include "actors/circuit_breaker/call_messages.hpp"
#include "actors/load_shedding/load_shedder.hpp"
#include "libsim/sim.hpp"

namespace sim::models::resilience {

/// Stands before a service and turns requests away when more are in it than it can serve while their callers wait:
/// second attempts first. The load of the shedder is the requests in the service ÷ `requests_max`.
class ShedGate {
 public:
  struct Config {
    policies::LoadShedder::Config shedder;
    std::uint32_t requests_max = 15;
  };
  using Inbox = sim::Inbox<actors::ServiceCall>;

  ShedGate(Context& ctx, const Config& config, Port<actors::ServiceCall> service)
      : ctx_(ctx),
        requests_max_(config.requests_max),
        service_(service),
        shedder_(config.shedder, ctx.now()),
        shed_(ctx.counter("shed_count")) {}

  Process on(actors::ServiceCall call, ReplyTo<actors::ServiceAnswer> reply_to) {
    using Priority = policies::LoadShedder::Priority;
    shedder_.observe(ctx_.now(), static_cast<double>(inside_) / requests_max_);
    const bool is_first = call.number >= next_number_;  // first attempts come in the order of their numbers
    next_number_ = is_first ? call.number + 1 : next_number_;
    if (!shedder_.admit(is_first ? Priority::sheddable_plus : Priority::sheddable)) {
      shed_.add();
      ctx_.reply(reply_to, actors::ServiceAnswer{policies::ErrorClass::rejected});
      co_return;
    }
    ++inside_;
    const auto answer = co_await ctx_.ask(service_, call);
    --inside_;
    ctx_.reply(reply_to, answer.value_or(actors::ServiceAnswer{policies::ErrorClass::connection_failed}));
  }

 private:
  Context& ctx_;
  std::uint32_t requests_max_;
  Port<actors::ServiceCall> service_;
  policies::LoadShedder shedder_;
  std::uint32_t inside_ = 0;
  std::uint64_t next_number_ = 0;
  Counter& shed_;
};

}  // namespace sim::models::resilience
