// An actor, and its test: nothing but the actor itself runs.
#include <deque>
#include <utility>
#include <vector>

#include "libsim/sim.hpp"
#include "libsim/testing.hpp"

using namespace std::chrono_literals;

struct Customer {
  int number = 0;
};

struct Served {
  int number = 0;
  friend bool operator==(const Served&, const Served&) = default;
};

class Desk {  // serves one customer after the other, and says so
 public:
  struct Config {
    sim::Distribution service = sim::exponential(1s);
  };
  struct Done {};                            // a timer of its own
  using Inbox = sim::Inbox<Customer, Done>;  // everything it will ever accept
  Desk(sim::Context& ctx, Config config, sim::Port<Served> served)
      : ctx_(ctx), config_(std::move(config)), served_(served), random_(ctx.random("service")) {}
  void on(const Customer& customer) {
    line_.push_back(customer);
    if (line_.size() == 1)
      ctx_.after(config_.service.sample(random_), Done{});
  }
  void on(const Done&) {
    ctx_.send(served_, Served{line_.front().number});
    line_.pop_front();
    if (!line_.empty())
      ctx_.after(config_.service.sample(random_), Done{});
  }

 private:
  sim::Context& ctx_;
  Config config_;
  sim::Port<Served> served_;
  sim::RandomStream& random_;
  std::deque<Customer> line_;
};

int main() {
  sim::testing::FakeContext fake;
  const auto served = fake.port<Served>("served");
  Desk desk(fake.context<Desk>("desk"), {.service = sim::constant(2s)}, served);
  fake.attach(desk);  // from now on timers reach it
  desk.on(Customer{7});
  desk.on(Customer{8});
  fake.advance(3s);
  const bool one_is_served = fake.received(served) == std::vector{Served{7}};
  fake.advance(1s);
  const bool then_the_other = fake.received(served) == std::vector{Served{8}};
  return one_is_served && then_the_other ? 0 : 1;
}
