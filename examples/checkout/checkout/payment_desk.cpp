#include "checkout/payment_desk.hpp"

namespace checkout {

using sim::policies::ConcurrencyLimit;
using sim::policies::Permit;

PaymentDesk::PaymentDesk(sim::Context& ctx, const Config& config)
    : ctx_(ctx),
      config_(config),
      payment_rng_(ctx.random("payment")),
      line_length_(ctx.gauge("line_length_shoppers")),
      terminals_({.permits_max = config.terminals, .waiting_max = config.line_max}) {}

void PaymentDesk::on(const Pay&, sim::ReplyTo<Receipt> reply_to) {
  const Permit permit{++payments_};
  switch (terminals_.acquire(permit)) {
    case ConcurrencyLimit::Acquired::rejected:
      ctx_.reply(reply_to, Receipt{.accepted = false});
      return;
    case ConcurrencyLimit::Acquired::waiting:
      waiting_for_receipt_.emplace(permit, reply_to);
      break;
    case ConcurrencyLimit::Acquired::granted:
      waiting_for_receipt_.emplace(permit, reply_to);
      start(permit);
      break;
  }
  line_length_.set(terminals_.waiting());
}

void PaymentDesk::on(const PaymentDone& done) {
  const auto payment = waiting_for_receipt_.find(done.permit);
  sim::check(payment != waiting_for_receipt_.end(), "a payment ends once");
  ctx_.reply(payment->second, Receipt{});
  waiting_for_receipt_.erase(payment);
  if (const auto next = terminals_.release()) {
    start(*next);
  }
  line_length_.set(terminals_.waiting());
}

void PaymentDesk::start(Permit permit) { ctx_.after(config_.payment_time.sample(payment_rng_), PaymentDone{permit}); }

}  // namespace checkout
