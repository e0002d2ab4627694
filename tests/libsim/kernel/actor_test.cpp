#include <catch2/catch.hpp>

#include <string>

#include "libsim/sim.hpp"
#include "tests/libsim/kernel/fixtures.hpp"

using namespace kernel_test;

TEST_CASE("messages sent at one instant arrive in the order they were sent", "[kernel]") {
  sim::Simulation simulation;
  const auto recorder = simulation.spawn<Recorder>("recorder");
  simulation.send(recorder, Note{2}, 1s);
  simulation.send(recorder, Note{3}, 1s);
  simulation.send(recorder, Note{1});
  simulation.run();
  REQUIRE(simulation.get(recorder).notes ==
          std::vector<std::pair<sim::Time, int>>{{at(0s), 1}, {at(1s), 2}, {at(1s), 3}});
}

TEST_CASE("two live actors of one name are refused, a restarted one is the next incarnation and draws anew",
          "[kernel]") {
  sim::Simulation simulation({.seed = 3});
  const auto first = simulation.spawn<Recorder>("twin");
  REQUIRE_THROWS_AS(simulation.spawn<Recorder>("twin"), sim::AssertionFailure);
  auto& kernel = simulation.kernel();
  const auto draw_before = kernel.random(kernel.cell(first.id), "x")();
  simulation.kill(first);
  simulation.run();
  const auto second = simulation.spawn<Recorder>("twin");
  REQUIRE(kernel.cell(second.id).incarnation == 1);
  REQUIRE(kernel.random(kernel.cell(second.id), "x")() != draw_before);
  REQUIRE_FALSE(simulation.alive(first));
}

TEST_CASE("any number of simulations live side by side in one process", "[kernel]") {
  sim::Simulation one;
  sim::Simulation other;
  const auto in_one = one.spawn<Recorder>("recorder");
  const auto in_other = other.spawn<Recorder>("recorder");
  one.send(in_one, Note{1}, 1s);
  other.send(in_other, Note{1}, 1s);
  one.run();
  REQUIRE(other.now() == at(0s));
  other.run();
  REQUIRE(one.fingerprint() == other.fingerprint());
}

namespace {
struct Accepting {
  using Inbox = sim::Inbox<Note>;
};
struct Refusing {
  using Inbox = sim::Inbox<Double>;
};
}  // namespace

TEST_CASE("a port from an actor that does not list the message does not compile", "[kernel]") {
  STATIC_REQUIRE(std::is_constructible_v<sim::Port<Note>, sim::Ref<Accepting>>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<sim::Port<Note>, sim::Ref<Refusing>>);
}

namespace {

/// Does in its constructor what others do in `on(Start)`.
class Eager {
 public:
  using Inbox = sim::Inbox<sim::Start, Note, sim::Down>;
  Eager(sim::Context& ctx, sim::ActorId gone, sim::ActorId alive) {
    ctx.after(0s, Note{1});
    ctx.send(ctx.ref(*this), Note{2});
    ctx.monitor(gone);
    ctx.monitor(alive);
  }
  void on(const sim::Start&) { log += "start"; }
  void on(const Note& note) { log += " note " + std::to_string(note.number); }
  void on(const sim::Down& down) { log += " down " + std::string(to_text(down.reason)); }
  std::string log;
};

}  // namespace

TEST_CASE("Start arrives before anything else, even what the constructor sent, timed or monitored", "[kernel]") {
  sim::Simulation simulation;
  const auto gone = simulation.spawn<Recorder>("gone");
  simulation.kill(gone);
  simulation.run();
  const auto alive = simulation.spawn<Recorder>("alive");
  const auto eager = simulation.spawn<Eager>("eager", gone.id, alive.id);
  simulation.run();
  REQUIRE(simulation.get(eager).log == "start note 1 note 2 down unknown");
  simulation.kill(alive);
  simulation.run();
  REQUIRE(simulation.get(eager).log == "start note 1 note 2 down unknown down killed");
}

namespace {

/// Its constructor fails after it has done something.
class Unborn {
 public:
  using Inbox = sim::Inbox<sim::Start, Note>;
  explicit Unborn(sim::Context& ctx, bool starts_process = false) {
    ctx.after(1s, Note{1});
    if (starts_process) {
      ctx.start(nothing());
    }
    throw std::runtime_error("not today");
  }
  void on(const sim::Start&) {}
  void on(const Note&) {}

 private:
  static sim::Process nothing() { co_return; }
};

}  // namespace

TEST_CASE("of an actor whose constructor throws nothing is left", "[kernel]") {
  sim::Simulation simulation;
  const auto empty = simulation.fingerprint();
  REQUIRE_THROWS_WITH(simulation.spawn<Unborn>("unborn"), "not today");
  REQUIRE(simulation.run().end == at(0s));
  REQUIRE(simulation.dead_letters() == 0);
  REQUIRE(simulation.fingerprint() == empty);
}

TEST_CASE("a constructor starts no process", "[kernel]") {
  sim::Simulation simulation;
  REQUIRE_THROWS_AS(simulation.spawn<Unborn>("unborn", true), sim::AssertionFailure);
}

namespace {

/// Awaits steps that never wait.
class Stepper {
 public:
  using Inbox = sim::Inbox<>;
  explicit Stepper(sim::Context&) {}
  sim::Process run() {
    for (int i = 0; i < 1'000'000; ++i) {
      steps += co_await step();
    }
  }
  int steps = 0;

 private:
  static sim::Task<int> step() { co_return 1; }
};

}  // namespace

TEST_CASE("a million steps that never wait leave the stack as it was", "[kernel]") {
  sim::Simulation simulation;
  const auto stepper = simulation.spawn<Stepper>("stepper");
  simulation.run();
  REQUIRE(simulation.get(stepper).steps == 1'000'000);
}

TEST_CASE("a run may end at the present time or later, and not before", "[kernel]") {
  sim::Simulation simulation;
  REQUIRE(simulation.run_until(at(5s)).end == at(5s));
  REQUIRE(simulation.run_for(0s).end == at(5s));
  REQUIRE_THROWS_AS(simulation.run_until(at(4s)), sim::AssertionFailure);
  REQUIRE_THROWS_AS(simulation.run_for(-1s), sim::AssertionFailure);
  REQUIRE(simulation.run_for(sim::forever).end == at(5s));  // nothing is left to happen
}
