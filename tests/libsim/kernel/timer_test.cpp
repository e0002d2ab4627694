#include <catch2/catch.hpp>

#include <string>

#include "libsim/sim.hpp"
#include "tests/libsim/kernel/fixtures.hpp"

using namespace kernel_test;

namespace {

class Alarm {
 public:
  struct Ring {
    int number = 0;
  };
  using Inbox = sim::Inbox<sim::Start, Ring>;
  explicit Alarm(sim::Context& ctx) : ctx_(ctx) {}
  void on(const sim::Start&) {
    first = ctx_.after(1s, Ring{1});
    second = ctx_.after(2s, Ring{2});
    ctx_.after(3s, Ring{3});
  }
  void on(const Ring& ring) {
    rang += std::to_string(ring.number);
    if (ring.number == 1) {
      cancelled_pending = ctx_.cancel(second);
      cancelled_again = ctx_.cancel(second);
      cancelled_fired = ctx_.cancel(first);
    }
  }

  sim::TimerId first{};
  sim::TimerId second{};
  std::string rang;
  bool cancelled_pending = false;
  bool cancelled_again = true;
  bool cancelled_fired = true;

 private:
  sim::Context& ctx_;
};

class Rearming {
 public:
  struct Tick {};
  using Inbox = sim::Inbox<sim::Start, Tick>;
  Rearming(sim::Context& ctx, int rounds) : ctx_(ctx), rounds_(rounds) {}
  void on(const sim::Start&) { on(Tick{}); }
  void on(const Tick&) {
    ctx_.cancel(timeout_);
    if (rounds_-- > 0) {
      timeout_ = ctx_.after(1h, Tick{});
      ctx_.after(1ms, Tick{});
    }
  }

 private:
  sim::Context& ctx_;
  int rounds_;
  sim::TimerId timeout_{};
};

}  // namespace

TEST_CASE("a timer can be cancelled exactly while it is pending", "[kernel]") {
  sim::Simulation simulation;
  const auto alarm = simulation.spawn<Alarm>("alarm");
  simulation.run();
  const Alarm& state = simulation.get(alarm);
  REQUIRE(state.rang == "13");
  REQUIRE(state.cancelled_pending);
  REQUIRE_FALSE(state.cancelled_again);
  REQUIRE_FALSE(state.cancelled_fired);
  REQUIRE(simulation.now() == at(3s));
}

TEST_CASE("cancelled timers neither move the clock nor pile up", "[kernel]") {
  sim::Simulation simulation;
  simulation.spawn<Rearming>("rearming", 10'000);
  simulation.run_for(10'001ms);
  REQUIRE(simulation.pending_events() == 0);
  const auto report = simulation.run();
  REQUIRE(report.quiet);
  REQUIRE(report.end == at(10'001ms));  // the 10,000 cancelled hour-long timers are gone
}

TEST_CASE("the timer that names none is no timer to cancel", "[kernel]") {
  sim::Simulation simulation;
  REQUIRE_FALSE(simulation.kernel().cancel(sim::TimerId{}));
}

TEST_CASE("a delay that is refused leaves nothing behind", "[kernel]") {
  sim::Simulation simulation;
  const auto recorder = simulation.spawn<Recorder>("recorder");
  REQUIRE_THROWS_AS(simulation.send(recorder, Note{1}, -1s), sim::AssertionFailure);
  REQUIRE(simulation.kernel().pending_events() == 0);
  REQUIRE(simulation.run().end == at(0s));
}
