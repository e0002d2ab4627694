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

TEST_CASE("a message to an actor that has stopped is a counted dead letter", "[kernel]") {
  sim::Simulation simulation;
  const auto recorder = simulation.spawn<Recorder>("recorder");
  simulation.send(recorder, Note{1}, 2s);  // on its way when the recorder dies
  simulation.run_for(1s);
  simulation.kill(recorder);
  simulation.run_for(1ms);
  REQUIRE_FALSE(simulation.alive(recorder));
  REQUIRE(simulation.dead_letters() == 0);
  simulation.send(recorder, Note{2});  // dead already
  REQUIRE(simulation.dead_letters() == 1);
  simulation.run();
  REQUIRE(simulation.dead_letters() == 2);
}

TEST_CASE("a message to a default port is a dead letter", "[kernel]") {
  sim::Simulation simulation;
  simulation.send(sim::Port<Note>{}, Note{1});
  simulation.run();
  REQUIRE(simulation.dead_letters() == 1);
}

namespace {

class Watcher {
 public:
  using Inbox = sim::Inbox<sim::Start, sim::Down>;
  Watcher(sim::Context& ctx, sim::ActorId target) : ctx_(ctx), target_(target) {}
  void on(const sim::Start&) { ctx_.monitor(target_); }
  void on(const sim::Down& down) {
    ++downs;
    last = down;
    at_time = ctx_.now();
  }
  int downs = 0;
  sim::Down last;
  sim::Time at_time{};

 private:
  sim::Context& ctx_;
  sim::ActorId target_;
};

class Leaver {
 public:
  struct Go {};
  using Inbox = sim::Inbox<Go>;
  Leaver(sim::Context& ctx, sim::Port<Note> out) : ctx_(ctx), out_(out) {}
  void on(const Go&) {
    ctx_.stop();
    ctx_.send(out_, Note{7});
  }

 private:
  sim::Context& ctx_;
  sim::Port<Note> out_;
};

class Linked {
 public:
  using Inbox = sim::Inbox<sim::Start>;
  Linked(sim::Context& ctx, sim::ActorId other) : ctx_(ctx), other_(other) {}
  void on(const sim::Start&) { ctx_.link(other_); }

 private:
  sim::Context& ctx_;
  sim::ActorId other_;
};

}  // namespace

TEST_CASE("a monitor learns who went down, why and when", "[kernel]") {
  sim::Simulation simulation;
  const auto recorder = simulation.spawn<Recorder>("recorder");
  const auto watcher = simulation.spawn<Watcher>("watcher", recorder.id);
  simulation.run_for(3s);
  simulation.kill(recorder);
  simulation.run();
  const Watcher& state = simulation.get(watcher);
  REQUIRE(state.downs == 1);
  REQUIRE(state.last == sim::Down{recorder.id, sim::ExitReason::killed});
  REQUIRE(state.at_time == at(3s));
}

TEST_CASE("monitoring an actor that is already gone is answered at once", "[kernel]") {
  sim::Simulation simulation;
  const auto recorder = simulation.spawn<Recorder>("recorder");
  simulation.kill(recorder);
  simulation.run();
  const auto watcher = simulation.spawn<Watcher>("watcher", recorder.id);
  simulation.run();
  REQUIRE(simulation.get(watcher).last == sim::Down{recorder.id, sim::ExitReason::unknown});
}

TEST_CASE("what an actor sends in its last event still arrives", "[kernel]") {
  sim::Simulation simulation;
  const auto recorder = simulation.spawn<Recorder>("recorder");
  const auto leaver = simulation.spawn<Leaver>("leaver", recorder);
  const auto watcher = simulation.spawn<Watcher>("watcher", leaver.id);
  simulation.run();
  simulation.send(leaver, Leaver::Go{});
  simulation.run();
  REQUIRE(simulation.get(recorder).notes.size() == 1);
  REQUIRE(simulation.get(watcher).last.reason == sim::ExitReason::normal);
}

TEST_CASE("links carry a kill to the other side, and a normal end not", "[kernel]") {
  sim::Simulation simulation;
  const auto recorder = simulation.spawn<Recorder>("recorder");
  const auto linked = simulation.spawn<Linked>("linked", recorder.id);
  const auto leaver = simulation.spawn<Leaver>("leaver", recorder);
  const auto stays = simulation.spawn<Linked>("stays", leaver.id);
  simulation.run();
  simulation.send(leaver, Leaver::Go{});
  simulation.run();
  REQUIRE(simulation.alive(stays));
  simulation.kill(recorder);
  simulation.run();
  REQUIRE_FALSE(simulation.alive(linked));
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

TEST_CASE("names of types are the same with every compiler", "[kernel]") {
  STATIC_REQUIRE(sim::type_name<Note>() == "Note");
  STATIC_REQUIRE(sim::type_name<Alarm::Ring>() == "Alarm::Ring");  // the class stays, the anonymous namespace goes
  STATIC_REQUIRE(sim::type_name<unsigned long>() == "uint64");     // "long unsigned int" or "unsigned long"
  STATIC_REQUIRE(sim::type_name<int>() == "int32");
  STATIC_REQUIRE(sim::type_name<bool>() == "bool");
  STATIC_REQUIRE(sim::type_name<double>() == "double");
  STATIC_REQUIRE(sim::type_name<std::string>() == "basic_string");
  STATIC_REQUIRE(sim::type_name<std::vector<std::vector<long>>>() == "vector");  // "vector<vector<long int> >"
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

struct Shelf {
  template <class T>
  class Box {
   public:
    struct Put {};
    struct Get {};
  };
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

TEST_CASE("messages of a class template keep names of their own", "[kernel]") {
  STATIC_REQUIRE(sim::type_name<Shelf::Box<int>::Put>() == "Put");
  STATIC_REQUIRE(sim::type_name<Shelf::Box<long>::Get>() == "Get");
}

TEST_CASE("a delay that is refused leaves nothing behind", "[kernel]") {
  sim::Simulation simulation;
  const auto recorder = simulation.spawn<Recorder>("recorder");
  REQUIRE_THROWS_AS(simulation.send(recorder, Note{1}, -1s), sim::AssertionFailure);
  REQUIRE(simulation.kernel().pending_events() == 0);
  REQUIRE(simulation.run().end == at(0s));
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

TEST_CASE("the timer that names none is no timer to cancel", "[kernel]") {
  sim::Simulation simulation;
  REQUIRE_FALSE(simulation.kernel().cancel(sim::TimerId{}));
}

namespace {

/// Stops its own actor in the middle of a process, which runs on until it next waits.
class Quitter {
 public:
  using Inbox = sim::Inbox<>;
  Quitter(sim::Context& ctx, std::string& log) : ctx_(ctx), log_(log) {}
  ~Quitter() { log_ += " actor gone"; }

  sim::Process run() {
    struct Local {
      std::string& log;
      ~Local() { log += ", frame gone,"; }
    } local{log_};
    ctx_.stop();
    log_ += "stopped, still running";
    co_await ctx_.sleep(1s);
    log_ += "woke up";
  }

 private:
  sim::Context& ctx_;
  std::string& log_;
};

}  // namespace

TEST_CASE("a process that stops its own actor runs to its next wait and never wakes up", "[kernel]") {
  std::string log;
  sim::Simulation simulation;
  simulation.spawn<Quitter>("quitter", log);
  REQUIRE(simulation.run().end == at(0s));
  REQUIRE(log == "stopped, still running, frame gone, actor gone");
}

TEST_CASE("a run may end at the present time or later, and not before", "[kernel]") {
  sim::Simulation simulation;
  REQUIRE(simulation.run_until(at(5s)).end == at(5s));
  REQUIRE(simulation.run_for(0s).end == at(5s));
  REQUIRE_THROWS_AS(simulation.run_until(at(4s)), sim::AssertionFailure);
  REQUIRE_THROWS_AS(simulation.run_for(-1s), sim::AssertionFailure);
  REQUIRE(simulation.run_for(sim::forever).end == at(5s));  // nothing is left to happen
}
