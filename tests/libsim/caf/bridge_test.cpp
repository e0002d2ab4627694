#include "libsim/caf.hpp"

#include <catch2/catch.hpp>

#include "libsim/sim.hpp"
#include "tests/libsim/kernel/fixtures.hpp"

using namespace std::chrono_literals;
using kernel_test::at;
using kernel_test::Double;
using kernel_test::Doubler;
using kernel_test::Note;
using kernel_test::Recorder;

using GoAtom = caf::atom_constant<caf::atom("go")>;
using SquareAtom = caf::atom_constant<caf::atom("square")>;

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(kernel_test::Note)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(kernel_test::Double)

TEST_CASE("a CAF actor sends to a simulated actor, at once and delayed", "[caf]") {
  sim::Simulation simulation;
  const auto recorder = simulation.spawn<Recorder>("recorder");
  const auto handle = sim::caf_handle(simulation, recorder);
  sim::caf_system(simulation).spawn([handle](caf::event_based_actor* self) {
    self->send(handle, Note{1});
    self->delayed_send(handle, 2s, Note{2});
  });
  simulation.run();
  REQUIRE(simulation.get(recorder).notes == std::vector<std::pair<sim::Time, int>>{{at(0s), 1}, {at(2s), 2}});
}

TEST_CASE("a CAF actor requests something of a simulated actor", "[caf]") {
  sim::Simulation simulation;
  const auto doubler = simulation.spawn<Doubler>("doubler", 3s);
  const auto handle = sim::caf_handle(simulation, doubler);
  int answer = 0;
  std::string error;
  sim::caf_system(simulation).spawn([&, handle](caf::event_based_actor* self) {
    self->request(handle, 10s, Double{21})
        .then([&answer](int value) { answer = value; },
              [&error, self](caf::error& reason) { error = self->system().render(reason); });
  });
  SECTION("and gets the reply") {
    simulation.run();
    REQUIRE(answer == 42);
    REQUIRE(simulation.now() == at(3s));
  }
  SECTION("and learns that it died") {
    simulation.run_for(1s);
    simulation.kill(doubler);
    simulation.run();
    REQUIRE(error.find("request_receiver_down") != std::string::npos);
    REQUIRE(simulation.now() == at(1s));
  }
}

namespace {

class Squarer {
 public:
  using Inbox = sim::Inbox<sim::Down>;
  Squarer(sim::Context& ctx, caf::actor service) : ctx_(ctx), service_(std::move(service)) {}
  sim::Process run() {
    sim::caf_monitor(ctx_, service_);
    sim::caf_send(ctx_, service_, GoAtom::value);
    const auto reply = co_await sim::caf_request<int>(ctx_, service_, 5s, SquareAtom::value, 7);
    squared = reply.value_or(-1);
    const auto late = co_await sim::caf_request<int>(ctx_, service_, 5s, SquareAtom::value, 8);
    error = late ? "none" : std::string(sim::to_text(late.error()));
  }
  void on(const sim::Down& down) { reason = down.reason; }
  int squared = 0;
  std::string error;
  sim::ExitReason reason = sim::ExitReason::unknown;

 private:
  sim::Context& ctx_;
  caf::actor service_;
};

}  // namespace

TEST_CASE("a simulated actor sends to, requests of and monitors a CAF actor", "[caf]") {
  sim::Simulation simulation;
  int started = 0;
  auto service = sim::caf_system(simulation).spawn([&](caf::event_based_actor* self) -> caf::behavior {
    return {[&started](GoAtom) { ++started; },
            [self](SquareAtom, int number) -> caf::result<int> {
              if (number == 8) {
                self->delayed_send(self, 6s, GoAtom::value);
                return self->make_response_promise<int>();  // never answered
              }
              return number * number;
            }};
  });
  const auto squarer = simulation.spawn<Squarer>("squarer", service);
  simulation.run();
  REQUIRE(started == 2);
  REQUIRE(simulation.get(squarer).squared == 49);
  REQUIRE(simulation.get(squarer).error == "timed out");
  caf::anon_send_exit(service, caf::exit_reason::kill);
  simulation.run();
  REQUIRE(simulation.get(squarer).reason == sim::ExitReason::killed);
}

TEST_CASE("killing a simulated actor is an exit that its CAF monitors see", "[caf]") {
  sim::Simulation simulation;
  const auto recorder = simulation.spawn<Recorder>("recorder");
  const auto handle = sim::caf_handle(simulation, recorder);
  std::string reason;
  const auto watcher = sim::caf_system(simulation).spawn([&, handle](caf::event_based_actor* self) -> caf::behavior {
    self->monitor(handle);
    self->set_down_handler([&reason, self](const caf::down_msg& down) { reason = self->system().render(down.reason); });
    return {[](GoAtom) {}};
  });
  simulation.run();
  SECTION("killed by the simulation") { simulation.kill(recorder); }
  SECTION("killed by CAF") { caf::anon_send_exit(handle, caf::exit_reason::kill); }
  simulation.run();
  REQUIRE(reason == "exit_reason(kill)");
  REQUIRE_FALSE(simulation.alive(recorder));
}

TEST_CASE("a CAF message that a simulated actor does not accept ends the run", "[caf]") {
  sim::Simulation simulation;
  const auto recorder = simulation.spawn<Recorder>("recorder");
  caf::anon_send(sim::caf_handle(simulation, recorder), std::string("hello"));
  REQUIRE_THROWS_WITH(simulation.run(), Catch::Contains("recorder has no handler for the CAF message"));
}

TEST_CASE("a gate gives a CAF actor a port", "[caf]") {
  sim::Simulation simulation;
  int sum = 0;
  auto sink = sim::caf_system(simulation).spawn([&](caf::event_based_actor*) -> caf::behavior {
    return {[&sum](const Note& note) { sum += note.number; }};
  });
  const sim::Port<Note> port = simulation.spawn<sim::CafGate<Note>>("gate", sink);
  simulation.send(port, Note{5});
  simulation.run();
  REQUIRE(sum == 5);
}

TEST_CASE("a CAF request of a message that has no reply ends the run", "[caf]") {
  sim::Simulation simulation;
  const auto handle = sim::caf_handle(simulation, simulation.spawn<Recorder>("recorder"));
  sim::caf_system(simulation).spawn([handle](caf::event_based_actor* self) {
    self->request(handle, 10s, Note{1}).then([](int) {});
  });
  REQUIRE_THROWS_AS(simulation.run(), sim::RunFailure);
}

TEST_CASE("a down message for a simulated actor that lists none ends the run", "[caf]") {
  sim::Simulation simulation;
  const auto doubler = simulation.spawn<Doubler>("doubler", 1s);
  const auto handle = sim::caf_handle(simulation, doubler);
  auto guest =
      sim::caf_system(simulation).spawn([](caf::event_based_actor*) -> caf::behavior { return {[](GoAtom) {}}; });
  SECTION("that another actor sent") {
    caf::anon_send(handle, caf::down_msg{guest.address(), caf::exit_reason::normal});
    REQUIRE_THROWS_AS(simulation.run(), sim::RunFailure);
  }
  SECTION("and it cannot ask for one") {
    simulation.run();
    sim::Context ctx(simulation.kernel(), simulation.kernel().cell(doubler.id));
    REQUIRE_THROWS_AS(sim::caf_monitor(ctx, guest), sim::AssertionFailure);
  }
}

namespace {

/// Takes requests and leaves the answer to another.
class Front {
 public:
  using Inbox = sim::Inbox<Double>;
  Front(sim::Context&, std::vector<sim::ReplyTo<int>>& handed_on) : handed_on_(handed_on) {}
  void on(const Double&, sim::ReplyTo<int> reply_to) { handed_on_.push_back(reply_to); }

 private:
  std::vector<sim::ReplyTo<int>>& handed_on_;
};

/// Answers what others took, twice each.
class Back {
 public:
  using Inbox = sim::Inbox<Note>;
  Back(sim::Context& ctx, std::vector<sim::ReplyTo<int>>& handed_on) : ctx_(ctx), handed_on_(handed_on) {}
  void on(const Note& note) {
    for (const auto& reply_to : handed_on_) {
      ctx_.reply(reply_to, note.number);
      ctx_.reply(reply_to, note.number);
    }
  }

 private:
  sim::Context& ctx_;
  std::vector<sim::ReplyTo<int>>& handed_on_;
};

}  // namespace

TEST_CASE("an answer that a CAF actor no longer waits for is a dead letter", "[caf]") {
  sim::Simulation simulation;
  std::vector<sim::ReplyTo<int>> handed_on;
  const auto front = simulation.spawn<Front>("front", handed_on);
  const auto back = simulation.spawn<Back>("back", handed_on);
  std::vector<int> answers;
  int errors = 0;
  sim::caf_system(simulation).spawn([&, handle = sim::caf_handle(simulation, front)](caf::event_based_actor* self) {
    self->request(handle, 10s, Double{21})
        .then([&answers](int value) { answers.push_back(value); }, [&errors](caf::error&) { ++errors; });
  });
  simulation.run_for(1s);
  SECTION("the second of two") {
    simulation.send(back, Note{5}, 0s);
    simulation.run();
    CHECK(answers == std::vector{5});
    CHECK(errors == 0);
    CHECK(simulation.dead_letters() == 1);
  }
  SECTION("both, when the requested actor has stopped") {
    simulation.kill(front);
    simulation.run();
    simulation.send(back, Note{5}, 0s);
    simulation.run();
    CHECK(answers.empty());
    CHECK(errors == 1);
    CHECK(simulation.dead_letters() == 2);
  }
}

namespace {

/// Talks to a CAF actor from its constructor.
class Caller {
 public:
  using Inbox = sim::Inbox<>;
  Caller(sim::Context& ctx, const caf::actor& target) { sim::caf_send(ctx, target, GoAtom::value); }
};

}  // namespace

TEST_CASE("a simulated actor sends to a CAF actor from its constructor", "[caf]") {
  sim::Simulation simulation;
  int started = 0;
  auto guest = sim::caf_system(simulation).spawn([&started](caf::event_based_actor*) -> caf::behavior {
    return {[&started](GoAtom) { ++started; }};
  });
  simulation.spawn<Caller>("caller", guest);
  simulation.run();
  CHECK(started == 1);
}

TEST_CASE("an actor that has its answer ends without waiting for the timeout of its request", "[caf]") {
  const bool busy = GENERATE(false, true);  // whether something else happens later makes no difference
  sim::Simulation simulation;
  const auto recorder = simulation.spawn<Recorder>("recorder");
  if (busy) {
    simulation.send(recorder, Note{1}, 20s);
  }
  const auto doubler = simulation.spawn<Doubler>("doubler", 1s);
  sim::Time ended{};
  {
    const auto guest = sim::caf_system(simulation)
                           .spawn([handle = sim::caf_handle(simulation, doubler)](caf::event_based_actor* self) {
                             self->request(handle, 10s, Double{21}).then([](int) {});
                           });
    guest->attach_functor([&] { ended = simulation.now(); });
  }
  simulation.run();
  CHECK(ended == at(1s));
  CHECK(simulation.now() == at(busy ? 20s : 1s));
}
