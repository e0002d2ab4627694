#include <fmt/core.h>

#include <deque>
#include <utility>

#include "libsim/sim.hpp"

using namespace std::chrono_literals;

struct Customer {
  sim::Time arrived{};
};

class Desk {  // serves one customer after the other
 public:
  struct Done {};
  using Inbox = sim::Inbox<Customer, Done>;
  Desk(sim::Context& ctx, sim::Distribution service)
      : ctx_(ctx), service_(std::move(service)), random_(ctx.random("service")), time_(ctx.tally("time_in_system_s")) {}
  void on(const Customer& customer) {
    line_.push_back(customer);
    if (line_.size() == 1)
      ctx_.after(service_.sample(random_), Done{});
  }
  void on(const Done&) {
    time_.add(sim::to_seconds(ctx_.now() - line_.front().arrived));
    line_.pop_front();
    if (!line_.empty())
      ctx_.after(service_.sample(random_), Done{});
  }

 private:
  sim::Context& ctx_;
  sim::Distribution service_;
  sim::RandomStream& random_;
  sim::Tally& time_;
  std::deque<Customer> line_;
};

class Door {  // lets customers in
 public:
  using Inbox = sim::Inbox<>;
  Door(sim::Context& ctx, sim::Port<Customer> desk) : ctx_(ctx), desk_(desk), random_(ctx.random("arrivals")) {}
  sim::Process run() {
    const auto between = sim::exponential(1'250ms);
    for (int i = 0; i < 200'000; ++i) {
      co_await ctx_.sleep(between.sample(random_));
      ctx_.send(desk_, Customer{ctx_.now()});
    }
  }

 private:
  sim::Context& ctx_;
  sim::Port<Customer> desk_;
  sim::RandomStream& random_;
};

int main() {
  sim::Simulation simulation({.seed = 1});
  const auto desk = simulation.spawn<Desk>("desk", sim::exponential(1s));
  simulation.spawn<Door>("door", desk);
  simulation.run();
  const auto time = simulation.metrics().merged_tally("time_in_system_s");
  fmt::print("mean {:.3f} s, p95 {:.2f} s, fingerprint {:016x}\n", time->mean(), time->percentile(95),
             simulation.fingerprint());
}
