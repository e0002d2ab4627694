#pragma once

#include <cstdint>

#include "checkout/messages.hpp"
#include "libsim/sim.hpp"

namespace checkout {

using namespace std::chrono_literals;

/// Shoppers arrive at random, pay, and give up when it takes too long.
class Shoppers {
 public:
  struct Config {
    sim::Distribution time_between_arrivals = sim::exponential(500ms);
    sim::Duration patience = 20s;
    sim::Duration opening_hours = 1h;
  };

  /// How many shoppers ended in which way; each of them ends in exactly one.
  struct Outcomes {
    std::uint64_t paid = 0;
    std::uint64_t turned_away = 0;
    std::uint64_t gave_up = 0;
  };

  using Inbox = sim::Inbox<>;

  Shoppers(sim::Context& ctx, const Config& config, sim::Port<Pay> desk);

  sim::Process run();

  [[nodiscard]] std::uint64_t arrived() const { return arrived_; }
  [[nodiscard]] const Outcomes& outcomes() const { return outcomes_; }
  [[nodiscard]] const sim::Tally& time_to_pay() const { return time_to_pay_; }

 private:
  sim::Process shop();

  sim::Context& ctx_;
  Config config_;
  sim::Port<Pay> desk_;
  sim::RandomStream& arrival_rng_;
  sim::Tally& time_to_pay_;
  std::uint64_t arrived_ = 0;
  Outcomes outcomes_;
};

}  // namespace checkout
