#include <catch2/catch.hpp>
#include <vector>

#include "libsim/sim.hpp"
#include "libsim/testing/fake_context.hpp"
#include "tests/libsim/kernel/fixtures.hpp"

using namespace kernel_test;

TEST_CASE("an ask is answered, times out, or learns that its target is down", "[kernel]") {
  sim::Simulation simulation;
  const auto doubler = simulation.spawn<Doubler>("doubler", 2s);

  SECTION("answered before the timeout") {
    const auto asker = simulation.spawn<Asker>("asker", doubler, 5s);
    REQUIRE(simulation.run().end == at(2s));  // the timeout at 5 s does not stretch the run
    REQUIRE(simulation.get(asker).outcome == "42");
  }
  SECTION("timed out; the late reply is a dead letter") {
    const auto asker = simulation.spawn<Asker>("asker", doubler, 1s);
    simulation.run();
    REQUIRE(simulation.get(asker).outcome == "timed out");
    REQUIRE(simulation.get(asker).at == at(1s));
    REQUIRE(simulation.dead_letters() == 1);
  }
  SECTION("the target dies while it works") {
    const auto asker = simulation.spawn<Asker>("asker", doubler, 5s);
    simulation.run_for(1s);
    simulation.kill(doubler);
    simulation.run();
    REQUIRE(simulation.get(asker).outcome == "target down");
    REQUIRE(simulation.get(asker).at == at(1s));
  }
  SECTION("the target is dead already") {
    simulation.kill(doubler);
    simulation.run();
    const auto asker = simulation.spawn<Asker>("asker", doubler, 5s);
    simulation.run();
    REQUIRE(simulation.get(asker).outcome == "target down");
  }
  SECTION("nobody is asked") {
    const auto asker = simulation.spawn<Asker>("asker", sim::Port<Double>{}, 5s);
    simulation.run();
    REQUIRE(simulation.get(asker).outcome == "target down");
  }
}

namespace {

class Silent {
 public:
  using Inbox = sim::Inbox<Double>;
  explicit Silent(sim::Context&) {}
  void on(const Double&, sim::ReplyTo<int> reply_to) { kept = reply_to; }
  sim::ReplyTo<int> kept;
};

class Instant {
 public:
  using Inbox = sim::Inbox<Double>;
  explicit Instant(sim::Context&) {}
  int on(const Double& request) { return 2 * request.number; }
};

class Nested {
 public:
  using Inbox = sim::Inbox<>;
  Nested(sim::Context& ctx, sim::Port<Double> port) : ctx_(ctx), port_(port) {}
  sim::Process run() {
    result = co_await twice(5);
    try {
      co_await failing();
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
  }
  int result = 0;
  std::string caught;

 private:
  sim::Task<int> twice(int number) {
    const auto first = co_await ctx_.ask(port_, Double{number});
    co_await ctx_.sleep(1s);
    const auto second = co_await ctx_.ask(port_, Double{*first});
    co_return *second;
  }
  sim::Task<> failing() {
    co_await ctx_.sleep(1s);
    throw std::runtime_error("inside");
  }
  sim::Context& ctx_;
  sim::Port<Double> port_;
};

}  // namespace

TEST_CASE("a run that goes quiet with unanswered asks says who waits for whom", "[kernel]") {
  sim::Simulation simulation;
  const auto silent = simulation.spawn<Silent>("silent");
  simulation.spawn<Asker>("patient", silent, sim::forever);
  const auto report = simulation.run();
  REQUIRE(report.quiet);
  REQUIRE(report.waiting == std::vector<sim::Waiting>{{"patient", "silent", "Double", at(0s)}});
}

TEST_CASE("a handler may answer by returning, and a step of a process may ask, sleep and throw", "[kernel]") {
  sim::Simulation simulation;
  const auto instant = simulation.spawn<Instant>("instant");
  const auto nested = simulation.spawn<Nested>("nested", instant);
  simulation.run();
  REQUIRE(simulation.get(nested).result == 20);  // 2 × (2 × 5)
  REQUIRE(simulation.get(nested).caught == "inside");
  REQUIRE(simulation.now() == at(2s));
}

TEST_CASE("an askable message may also be sent, and then nobody waits", "[kernel]") {
  sim::Simulation simulation;
  const auto silent = simulation.spawn<Silent>("silent");
  simulation.send(silent, Double{1});
  simulation.run();
  REQUIRE_FALSE(simulation.get(silent).kept);
}

namespace {

/// Is a member of itself by its own name, as every class is.
struct Reply {
  int number = 0;
  friend bool operator==(const Reply&, const Reply&) = default;
};

struct Question {
  using Reply = int;
};

class Collector {
 public:
  using Inbox = sim::Inbox<Reply>;
  explicit Collector(sim::Context&) {}
  void on(const Reply& reply) { received.push_back(reply); }
  std::vector<Reply> received;
};

}  // namespace

TEST_CASE("a message named Reply is a message like any other", "[kernel]") {
  static_assert(!sim::Askable<Reply>);
  static_assert(sim::Askable<Question>);
  sim::Simulation simulation;
  const auto collector = simulation.spawn<Collector>("collector");
  simulation.send(collector, Reply{7});
  simulation.run();
  CHECK(simulation.get(collector).received == std::vector<Reply>{{7}});
  sim::testing::FakeContext fake;
  CHECK(fake.received(fake.port<Reply>("out")).empty());
}
