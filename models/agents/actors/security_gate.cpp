#include "models/agents/actors/security_gate.hpp"

#include <utility>

namespace sim::actors {

SecurityGate::SecurityGate(Context& ctx, Config config, Port<ServiceRequest> threads)
    : ctx_(ctx),
      config_(std::move(config)),
      threads_(threads),
      authentication_rng_(ctx.random("authentication")),
      validation_rng_(ctx.random("validation")),
      encryption_rng_(ctx.random("encryption")),
      authentication_(ctx.tally("authentication_s")),
      validation_(ctx.tally("validation_s")),
      encryption_(ctx.tally("encryption_s")),
      refused_(ctx.counter("refused_count")) {}

Process SecurityGate::on(CheckInput request, ReplyTo<InputChecked> reply_to) {
  const Time began_at = ctx_.now();
  co_await work(config_.authentication_time.sample(authentication_rng_));
  authentication_.add(to_seconds(ctx_.now() - began_at));
  bool is_accepted = request.input.has_valid_token;
  if (is_accepted) {
    const Time authenticated_at = ctx_.now();
    co_await work(config_.validation_time.sample(validation_rng_));
    validation_.add(to_seconds(ctx_.now() - authenticated_at));
    is_accepted = request.input.has_valid_content;
  }
  refused_.add(is_accepted ? 0 : 1);
  ctx_.reply(reply_to, InputChecked{is_accepted});
}

Process SecurityGate::on(EncryptContent, ReplyTo<Encrypted> reply_to) {
  const Time began_at = ctx_.now();
  co_await work(config_.encryption_time.sample(encryption_rng_));
  encryption_.add(to_seconds(ctx_.now() - began_at));
  ctx_.reply(reply_to, Encrypted{});
}

Task<> SecurityGate::work(Duration time) {
  const ServiceRequest job{.job = JobId{++last_job_}, .service_time = time};
  const auto serviced = co_await ctx_.ask(threads_, job);
  check(serviced && serviced->outcome == ServiceOutcome::served, "the threads of the security gate take every step");
}

}  // namespace sim::actors
