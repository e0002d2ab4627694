#include "libsim/testing/fake_context.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace std::chrono_literals;

namespace {

struct Served {
  int customer = 0;
  friend bool operator==(const Served&, const Served&) = default;
};
struct Price {
  using Reply = int;
  int customer = 0;
  friend bool operator==(const Price&, const Price&) = default;
};
struct Customer {
  int number = 0;
};

/// Serves one customer at a time, 2 s each, and asks for the price.
class Till {
 public:
  struct Done {};
  using Inbox = sim::Inbox<Customer, Done>;
  Till(sim::Context& ctx, sim::Port<Served> out, sim::Port<Price> prices) : ctx_(ctx), out_(out), prices_(prices) {}
  void on(const Customer& customer) {
    line_.push_back(customer.number);
    if (line_.size() == 1) {
      ctx_.after(2s, Done{});
    }
  }
  sim::Process on(Done) {
    const int customer = line_.front();
    const auto price = co_await ctx_.ask(prices_, Price{customer});
    paid += price.value_or(0);
    ctx_.send(out_, Served{customer});
    line_.erase(line_.begin());
    if (!line_.empty()) {
      ctx_.after(2s, Done{});
    }
  }
  int paid = 0;

 private:
  sim::Context& ctx_;
  sim::Port<Served> out_;
  sim::Port<Price> prices_;
  std::vector<int> line_;
};

}  // namespace

TEST_CASE("a handler is a plain function that a unit test calls with a fake context", "[testing]") {
  sim::testing::FakeContext fake;
  const auto out = fake.port<Served>("out");
  const auto prices = fake.port<Price>("prices");
  fake.answer(prices, 30);
  Till till(fake.context<Till>("till"), out, prices);
  fake.attach(till);

  till.on(Customer{1});
  till.on(Customer{2});
  REQUIRE(fake.received(out).empty());
  fake.advance(2s);
  REQUIRE(fake.received(out) == std::vector{Served{1}});
  fake.advance(2s);
  REQUIRE(fake.received(out) == std::vector{Served{2}});
  REQUIRE(fake.received(prices) == std::vector{Price{1}, Price{2}});
  REQUIRE(till.paid == 60);
  REQUIRE(fake.now() == sim::Time{4s});
}
