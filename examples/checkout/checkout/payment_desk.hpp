#pragma once

#include <cstdint>
#include <map>

#include "actors/load_shedding/concurrency_limit.hpp"
#include "checkout/messages.hpp"
#include "libsim/sim.hpp"

namespace checkout {

using namespace std::chrono_literals;

/// Takes so many payments at once; the others wait in a line of limited length, beyond which they are turned away.
class PaymentDesk {
 public:
  struct Config {
    std::uint32_t terminals = 5;
    std::uint32_t line_max = 50;
    sim::Distribution payment_time = sim::lognormal_p50_p99(1500ms, 6s);
  };

  /// A payment has gone through.
  struct PaymentDone {
    sim::policies::Permit permit{};
  };

  using Inbox = sim::Inbox<Pay, PaymentDone>;

  PaymentDesk(sim::Context& ctx, const Config& config);

  void on(const Pay& pay, sim::ReplyTo<Receipt> reply_to);
  void on(const PaymentDone& done);

  /// Payments in hand and in the line.
  [[nodiscard]] std::size_t unfinished() const { return waiting_for_receipt_.size(); }

 private:
  void start(sim::policies::Permit permit);

  sim::Context& ctx_;
  Config config_;
  sim::RandomStream& payment_rng_;
  sim::Gauge& line_length_;
  sim::policies::ConcurrencyLimit terminals_;
  std::map<sim::policies::Permit, sim::ReplyTo<Receipt>> waiting_for_receipt_;
  std::uint64_t payments_ = 0;
};

}  // namespace checkout
