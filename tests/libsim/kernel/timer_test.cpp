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

namespace {

/// Sets a timer, sleeps, and sends, each beyond the end of time when `delay` is long enough.
class FarAhead {
 public:
  struct Ring {};
  using Inbox = sim::Inbox<sim::Start, Ring>;
  FarAhead(sim::Context& ctx, sim::Duration delay) : ctx_(ctx), delay_(delay) {}
  void on(const sim::Start&) {
    timer = ctx_.after(delay_, Ring{});
    ctx_.send_after(delay_, ctx_.ref(*this), Ring{});
    ctx_.start(sleep());
  }
  void on(const Ring&) { ++rang; }
  sim::Process sleep() {
    co_await ctx_.sleep(delay_);
    ++rang;
  }

  sim::TimerId timer{};
  int rang = 0;

 private:
  sim::Context& ctx_;
  sim::Duration delay_;
};

}  // namespace

TEST_CASE("what lies beyond the end of time never happens, and a run that has nothing else is quiet", "[kernel]") {
  sim::Simulation simulation;
  simulation.run_until(at(10s));
  const auto far = simulation.spawn<FarAhead>("far", sim::forever - 5s);
  const sim::RunReport report = simulation.run();
  CHECK(report.quiet);
  CHECK(report.end == at(10s));
  CHECK(report.never_due == sim::NeverDue{3, "FarAhead::Ring of far"});
  CHECK(simulation.get(far).rang == 0);
  simulation.run_until(sim::Time::max() - 1ns);
  CHECK(simulation.get(far).rang == 0);
  CHECK(simulation.never_due().count == 3);
}

TEST_CASE("at the last nanosecond of time things still happen", "[kernel]") {
  sim::Simulation simulation;
  const auto far = simulation.spawn<FarAhead>("far", sim::forever - 1ns);
  const sim::RunReport report = simulation.run();
  CHECK(simulation.get(far).rang == 3);
  CHECK(report.end == sim::Time::max() - 1ns);
  CHECK(report.never_due == sim::NeverDue{});
}

TEST_CASE("a timer that is never due can be cancelled, and then nobody waits for it", "[kernel]") {
  sim::Simulation simulation;
  const auto far = simulation.spawn<FarAhead>("far", sim::forever);
  simulation.run_for(1s);
  CHECK(simulation.kernel().cancel(simulation.get(far).timer));
  CHECK(simulation.run().never_due == sim::NeverDue{2, "FarAhead::Ring of far"});
  simulation.kill(far);
  CHECK(simulation.run().never_due.count == 1);  // what was sent is on its way, to nobody
}

TEST_CASE("as long as something else is to come, nobody says what is never due", "[kernel]") {
  sim::Simulation simulation;
  simulation.spawn<FarAhead>("far", sim::forever);
  simulation.spawn<FarAhead>("near", 1h);
  CHECK_FALSE(simulation.run_until(at(1s)).quiet);
  CHECK(simulation.never_due() == sim::NeverDue{});
}

TEST_CASE("a run that needs what never happens is refused, where that was asked for", "[kernel]") {
  sim::Simulation simulation({.never_due_is_refused = true});
  simulation.spawn<FarAhead>("far", sim::forever);
  CHECK_NOTHROW(simulation.run_for(1h));
  CHECK_THROWS_AS(simulation.run(), sim::EndOfTime);
  CHECK_THROWS_WITH(simulation.run(),
                    "after 3600.000000000 s only what lies beyond it is left: FarAhead::Ring of far and 2 more");
}
