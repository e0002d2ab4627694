#include <catch2/catch.hpp>

#include <string>

#include "libsim/sim.hpp"
#include "tests/libsim/kernel/fixtures.hpp"

using namespace kernel_test;

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
