#include "checkout/shoppers.hpp"

namespace checkout {

Shoppers::Shoppers(sim::Context& ctx, const Config& config, sim::Port<Pay> desk)
    : ctx_(ctx),
      config_(config),
      desk_(desk),
      arrival_rng_(ctx.random("arrival")),
      time_to_pay_(ctx.tally("time_to_pay_s")) {}

sim::Process Shoppers::run() {
  const sim::Time closing = ctx_.now() + config_.opening_hours;
  for (;;) {
    co_await ctx_.sleep(config_.time_between_arrivals.sample(arrival_rng_));
    if (ctx_.now() >= closing) {
      break;
    }
    ++arrived_;
    ctx_.start(shop());
  }
}

sim::Process Shoppers::shop() {
  const sim::Time start = ctx_.now();
  const auto receipt = co_await ctx_.ask(desk_, Pay{}, config_.patience);
  if (!receipt) {
    ++outcomes_.gave_up;
  } else if (!receipt->accepted) {
    ++outcomes_.turned_away;
  } else {
    ++outcomes_.paid;
    time_to_pay_.add(sim::to_seconds(ctx_.now() - start));
  }
}

}  // namespace checkout
