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
