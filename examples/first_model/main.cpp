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
  struct Config {
    sim::Distribution service = sim::exponential(1s);
  };
  struct Done {};                            // a timer of its own
  using Inbox = sim::Inbox<Customer, Done>;  // everything it will ever accept
  Desk(sim::Context& ctx, Config config)
      : ctx_(ctx), config_(std::move(config)), random_(ctx.random("service")), time_(ctx.tally("time_in_system_s")) {}
  void on(const Customer& customer) {
    line_.push_back(customer);
    if (line_.size() == 1)
      ctx_.after(config_.service.sample(random_), Done{});
  }
  void on(const Done&) {
    time_.add(sim::to_seconds(ctx_.now() - line_.front().arrived));
    line_.pop_front();
    if (!line_.empty())
      ctx_.after(config_.service.sample(random_), Done{});
  }

 private:
  sim::Context& ctx_;
  Config config_;
  sim::RandomStream& random_;
  sim::Tally& time_;
  std::deque<Customer> line_;
};

class Door {  // lets customers in
 public:
  struct Config {
    sim::Distribution between = sim::exponential(1'250ms);
    int customers = 200'000;
  };
  using Inbox = sim::Inbox<>;
  Door(sim::Context& ctx, Config config, sim::Port<Customer> desk)
      : ctx_(ctx), config_(std::move(config)), desk_(desk), random_(ctx.random("arrivals")) {}
  sim::Process run() {  // sequential behaviour is a coroutine
    for (int i = 0; i < config_.customers; ++i) {
      co_await ctx_.sleep(config_.between.sample(random_));
      ctx_.send(desk_, Customer{ctx_.now()});
    }
  }

 private:
  sim::Context& ctx_;
  Config config_;
  sim::Port<Customer> desk_;
  sim::RandomStream& random_;
};

int main() {
  sim::Simulation simulation({.seed = 1});
  const auto desk = simulation.spawn<Desk>("desk", Desk::Config{});
  simulation.spawn<Door>("door", Door::Config{}, desk);
  simulation.run();
  const auto time = simulation.metrics().merged_tally("time_in_system_s");
  fmt::print("mean {:.3f} s, p95 {:.2f} s, fingerprint {:016x}\n", time->mean(), time->percentile(95),
             simulation.fingerprint());
}
