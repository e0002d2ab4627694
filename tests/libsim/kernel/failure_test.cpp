#include <catch2/catch.hpp>

#include <stdexcept>

#include "libsim/sim.hpp"
#include "tests/libsim/kernel/fixtures.hpp"

using namespace kernel_test;

namespace {

class Faulty {
 public:
  struct Throw {};
  struct Assert {};
  struct Spin {};
  using Inbox = sim::Inbox<Throw, Assert, Spin>;
  explicit Faulty(sim::Context& ctx) : ctx_(ctx) {}
  void on(const Throw&) { throw std::runtime_error("out of paper"); }
  void on(const Assert&) { sim::check(1 + 1 == 3, "one and one are three"); }
  void on(const Spin&) { ctx_.send(ctx_.ref(*this), Spin{}); }

 private:
  sim::Context& ctx_;
};

class FaultyProcess {
 public:
  using Inbox = sim::Inbox<>;
  explicit FaultyProcess(sim::Context& ctx) : ctx_(ctx) {}
  sim::Process run() {
    co_await ctx_.sleep(4s);
    throw std::runtime_error("in a process");
  }

 private:
  sim::Context& ctx_;
};

template <class Message>
sim::RunFailure failure_of(Message message, sim::Simulation::Config config = {.seed = 9}) {
  sim::Simulation simulation(config);
  const auto faulty = simulation.spawn<Faulty>("faulty-1");
  simulation.send(faulty, message, 2s);
  try {
    simulation.run();
  } catch (const sim::RunFailure& failure) {
    return failure;
  }
  FAIL("the run did not fail");
  throw std::logic_error("unreachable");
}

}  // namespace

TEST_CASE("a handler that throws ends the run and says where", "[kernel]") {
  const auto failure = failure_of(Faulty::Throw{});
  REQUIRE(failure.reason() == "out of paper");
  REQUIRE(failure.place().actor == "faulty-1");
  REQUIRE(failure.place().message == "Faulty::Throw");
  REQUIRE(failure.place().at == at(2s));
  REQUIRE(failure.place().event == 1);
  REQUIRE(failure.place().seed == 9);
}

TEST_CASE("a failed assertion in a model ends the run", "[kernel]") {
  REQUIRE_THAT(failure_of(Faulty::Assert{}).reason(),
               Catch::StartsWith("assertion failed: one and one are three (failure_test.cpp:"));
}

TEST_CASE("a process that throws ends the run", "[kernel]") {
  sim::Simulation simulation;
  simulation.spawn<FaultyProcess>("process");
  REQUIRE_THROWS_WITH(simulation.run(), Catch::Contains("in a process") && Catch::Contains("4.000000000 s"));
}

TEST_CASE("a run with more events than its configuration allows ends as too long, which is no bug", "[kernel]") {
  sim::Simulation simulation({.events_max = 3});
  const auto faulty = simulation.spawn<Faulty>("faulty");
  simulation.send(faulty, Faulty::Spin{}, 2s);
  try {
    simulation.run();
    FAIL("the run came to its end");
  } catch (const sim::RunTooLong& end) {
    REQUIRE(end.reason() == "more than 3 events");
    REQUIRE(end.place().at == at(2s));
    REQUIRE(end.place().event == 3);
  }
  REQUIRE(simulation.events() == 3);
}

TEST_CASE("a run with as many events as its configuration allows comes to its end", "[kernel]") {
  sim::Simulation simulation({.events_max = 1});
  const auto recorder = simulation.spawn<Recorder>("recorder");
  simulation.send(recorder, Note{1});
  REQUIRE(simulation.run().events == 1);
}

TEST_CASE("more pending events than the configuration allows are too many, also before the run", "[kernel]") {
  sim::Simulation simulation({.pending_events_max = 1'000});
  const auto faulty = simulation.spawn<Faulty>("faulty");
  const auto send_many = [&] {
    for (int number = 0; number < 2'000; ++number) {
      simulation.send(faulty, Faulty::Throw{}, 1s);
    }
  };
  REQUIRE_THROWS_AS(send_many(), sim::RunTooLong);
  REQUIRE(simulation.pending_events() >= 1'000);
}

TEST_CASE("messages that go round at one instant for ever end the run", "[kernel]") {
  const auto failure = failure_of(Faulty::Spin{}, {.events_per_instant_max = 1'000});
  REQUIRE(failure.reason() == "virtual time stands still: more than 1000 events at one instant");
}

TEST_CASE("a negative delay is a bug", "[kernel]") {
  sim::Simulation simulation;
  const auto recorder = simulation.spawn<Recorder>("recorder");
  REQUIRE_THROWS_AS(simulation.send(recorder, Note{1}, -1s), sim::AssertionFailure);
}

TEST_CASE("the limit of messages at one instant counts that instant only", "[kernel]") {
  sim::Simulation simulation({.events_per_instant_max = 3});
  const auto recorder = simulation.spawn<Recorder>("recorder");
  const auto send_three = [&] {
    for (int number = 0; number < 3; ++number) {
      simulation.send(recorder, Note{number});
    }
  };
  send_three();
  simulation.run_until(at(1s));  // the clock stands at 1 s, where nothing has happened yet
  send_three();
  REQUIRE_NOTHROW(simulation.run_until(at(1s)));
  simulation.send(recorder, Note{4});
  REQUIRE_THROWS_AS(simulation.run(), sim::RunFailure);
}

namespace {

/// Ends the run and itself in one event.
class Culprit {
 public:
  using Inbox = sim::Inbox<Note>;
  explicit Culprit(sim::Context& ctx) : ctx_(ctx) {}
  void on(const Note&) {
    ctx_.kernel().fail_after_event("broken");
    ctx_.stop(sim::ExitReason::failed);
  }

 private:
  sim::Context& ctx_;
};

class Watcher {
 public:
  using Inbox = sim::Inbox<sim::Down>;
  Watcher(sim::Context& ctx, sim::ActorId watched) { ctx.monitor(watched); }
  void on(const sim::Down&) {}
};

}  // namespace

TEST_CASE("a failure names the actor that caused it, though it is gone and others were told", "[kernel]") {
  sim::Simulation simulation;
  const auto culprit = simulation.spawn<Culprit>("culprit");
  simulation.spawn<Watcher>("watcher", culprit.id);
  simulation.send(culprit, Note{1}, 1s);
  try {
    simulation.run();
    FAIL("the run goes on");
  } catch (const sim::RunFailure& failure) {
    CHECK(failure.place().actor == "culprit");
    CHECK(failure.place().message == "Note");
    CHECK(failure.place().at == at(1s));
  }
}
