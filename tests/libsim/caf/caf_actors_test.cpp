#include "libsim/caf.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "libsim/sim.hpp"
#include "tests/libsim/kernel/fixtures.hpp"

using namespace std::chrono_literals;
using kernel_test::at;

using TickAtom = caf::atom_constant<caf::atom("tick")>;
using WorkAtom = caf::atom_constant<caf::atom("work")>;
using NoteAtom = caf::atom_constant<caf::atom("note")>;

namespace {

/// Ordinary CAF code: knows nothing of simulations.
caf::behavior heartbeat(caf::event_based_actor* self, int beats, std::vector<std::int64_t>* seconds) {
  self->delayed_send(self, 1s, TickAtom::value, beats);
  return {[=](TickAtom, int left) {
    seconds->push_back(
        std::chrono::duration_cast<std::chrono::seconds>(self->clock().now().time_since_epoch()).count());
    if (left > 1) {
      self->delayed_send(self, 1s, TickAtom::value, left - 1);
    }
  }};
}

caf::behavior slow_service(caf::event_based_actor* self, std::chrono::milliseconds delay) {
  auto pending = std::make_shared<std::deque<caf::typed_response_promise<int>>>();
  return {[=](WorkAtom, int number) -> caf::result<int> {
            pending->push_back(self->make_response_promise<int>());
            self->delayed_send(self, delay, TickAtom::value, number);
            return pending->back();
          },
          [=](TickAtom, int number) {
            pending->front().deliver(2 * number);
            pending->pop_front();
          }};
}

struct Outcome {
  int answer = 0;
  std::string error;
  std::int64_t at_ms = -1;
};

std::int64_t now_ms(caf::event_based_actor* self) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(self->clock().now().time_since_epoch()).count();
}

void requester(caf::event_based_actor* self, const caf::actor& service, std::chrono::milliseconds timeout,
               Outcome* outcome) {
  self->request(service, timeout, WorkAtom::value, 21)
      .then(
          [=](int answer) {
            outcome->answer = answer;
            outcome->at_ms = now_ms(self);
          },
          [=](caf::error& error) {
            outcome->error = self->system().render(error);
            outcome->at_ms = now_ms(self);
          });
}

}  // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(kernel_test::Note)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(kernel_test::Double)

TEST_CASE("an unmodified CAF actor lives one virtual hour in milliseconds, twice alike", "[caf]") {
  std::uint64_t fingerprints[2];
  for (auto& fingerprint : fingerprints) {
    sim::Simulation simulation;
    std::vector<std::int64_t> seconds;
    sim::caf_system(simulation).spawn(heartbeat, 3'600, &seconds);
    REQUIRE(simulation.run().end == at(1h));
    REQUIRE(seconds.size() == 3'600);
    REQUIRE(seconds.front() == 1);
    REQUIRE(seconds.back() == 3'600);
    fingerprint = simulation.fingerprint();
  }
  REQUIRE(fingerprints[0] == fingerprints[1]);
}

TEST_CASE("a CAF request is answered or times out in virtual time", "[caf]") {
  sim::Simulation simulation;
  auto& system = sim::caf_system(simulation);
  Outcome outcome;
  SECTION("answered: the dead timeout neither fires nor stretches the run") {
    system.spawn(requester, system.spawn(slow_service, 2s), 30s, &outcome);
    REQUIRE(simulation.run().end == at(2s));
    REQUIRE(outcome.answer == 42);
    REQUIRE(outcome.at_ms == 2'000);
  }
  SECTION("timed out, though nothing else is left to happen") {
    auto never = system.spawn([](caf::event_based_actor* self) -> caf::behavior {
      return {[=](WorkAtom, int) -> caf::result<int> { return self->make_response_promise<int>(); }};
    });
    system.spawn(requester, never, 5s, &outcome);
    simulation.run();
    REQUIRE(outcome.error.find("request_timeout") != std::string::npos);
    REQUIRE(outcome.at_ms == 5'000);
  }
}

TEST_CASE("a CAF receive timeout fires in virtual time and is reset by messages", "[caf]") {
  sim::Simulation simulation;
  std::vector<std::int64_t> fired_ms;
  auto idle = sim::caf_system(simulation).spawn([&](caf::event_based_actor* self) -> caf::behavior {
    return {[](NoteAtom) {}, caf::after(10s) >>
                                 [self, &fired_ms] {
                                   fired_ms.push_back(now_ms(self));
                                   self->quit();
                                 }};
  });
  caf::delayed_anon_send(idle, 4s, NoteAtom::value);
  simulation.run();
  REQUIRE(fired_ms == std::vector<std::int64_t>{14'000});
}

TEST_CASE("CAF monitors, links and exits work in virtual time", "[caf]") {
  sim::Simulation simulation;
  auto& system = sim::caf_system(simulation);
  std::vector<std::string> log;
  auto victim = system.spawn([](caf::event_based_actor*) -> caf::behavior { return {[](NoteAtom) {}}; });
  auto linked = system.spawn([victim](caf::event_based_actor* self) -> caf::behavior {
    self->link_to(victim);
    return {[](NoteAtom) {}};
  });
  // An actor that nobody refers to ends as unreachable: keep a handle.
  const auto watcher = system.spawn([&, victim, linked](caf::event_based_actor* self) -> caf::behavior {
    self->monitor(victim);
    self->monitor(linked);
    self->set_down_handler([&log, self, victim](const caf::down_msg& down) {
      log.push_back((down.source == victim.address() ? "victim " : "linked ") + self->system().render(down.reason));
    });
    self->delayed_send(self, 3s, NoteAtom::value);
    return {[self, victim](NoteAtom) { self->send_exit(victim, caf::exit_reason::kill); }};
  });
  simulation.run();
  REQUIRE(simulation.now() == at(3s));
  REQUIRE(log.size() == 2);
  REQUIRE(log[0] == "victim exit_reason(kill)");
  REQUIRE(log[1] == "linked exit_reason(kill)");
}

TEST_CASE("CAF actors may spawn others during the run", "[caf]") {
  sim::Simulation simulation;
  int born = 0;
  sim::caf_system(simulation).spawn([&](caf::event_based_actor* self) -> caf::behavior {
    self->delayed_send(self, 1s, NoteAtom::value);
    return {[self, &born](NoteAtom) {
      for (int i = 0; i < 10; ++i) {
        self->spawn([&born](caf::event_based_actor* child) -> caf::behavior {
          child->delayed_send(child, 1s, NoteAtom::value);
          return {[child, &born](NoteAtom) {
            ++born;
            child->quit();
          }};
        });
      }
      self->quit();
    }};
  });
  simulation.run();
  REQUIRE(born == 10);
  REQUIRE(simulation.now() == at(2s));
}

TEST_CASE("an unhandled message and a throwing handler of a CAF actor end the run", "[caf]") {
  sim::Simulation simulation;
  auto& system = sim::caf_system(simulation);
  SECTION("unhandled message") {
    auto actor = system.spawn([](caf::event_based_actor*) -> caf::behavior { return {[](NoteAtom) {}}; });
    caf::anon_send(actor, std::string("what is this?"));
    REQUIRE_THROWS_WITH(simulation.run(), Catch::Contains("has no handler for") && Catch::Contains("what is this?"));
  }
  SECTION("throwing handler") {
    auto actor = system.spawn([](caf::event_based_actor*) -> caf::behavior {
      return {[](NoteAtom) { throw std::runtime_error("broken inside"); }};
    });
    caf::anon_send(actor, NoteAtom::value);
    REQUIRE_THROWS_WITH(simulation.run(), Catch::Contains("threw: broken inside"));
  }
  SECTION("unhandled down message") {
    auto victim = system.spawn([](caf::event_based_actor* self) -> caf::behavior {
      self->quit();
      return {[](NoteAtom) {}};
    });
    system.spawn([victim](caf::event_based_actor* self) -> caf::behavior {
      self->monitor(victim);
      return {[](NoteAtom) {}};
    });
    victim = nullptr;
    REQUIRE_THROWS_WITH(simulation.run(), Catch::Contains("down messages"));
  }
  SECTION("a handler that the actor installed itself stays in force") {
    int skipped = 0;
    auto actor = system.spawn([&](caf::event_based_actor* self) -> caf::behavior {
      self->set_default_handler([&](caf::scheduled_actor*, caf::message_view&) -> caf::result<caf::message> {
        ++skipped;
        return caf::sec::unexpected_message;
      });
      return {[](NoteAtom) {}};
    });
    caf::anon_send(actor, 1);
    simulation.run();
    REQUIRE(skipped == 1);
  }
}

TEST_CASE("a message that a CAF actor skips is kept until it is wanted", "[caf]") {
  sim::Simulation simulation;
  std::vector<int> order;
  auto actor = sim::caf_system(simulation).spawn([&](caf::event_based_actor* self) -> caf::behavior {
    self->set_default_handler(caf::skip);
    return {[self, &order](NoteAtom) {
      order.push_back(0);
      self->become([&order](int number) { order.push_back(number); });
    }};
  });
  caf::anon_send(actor, 1);
  caf::anon_send(actor, 2);
  caf::anon_send(actor, NoteAtom::value);
  simulation.run();
  REQUIRE(order == std::vector<int>{0, 1, 2});
}

TEST_CASE("a detached CAF actor is refused", "[caf]") {
  sim::Simulation simulation;
  auto& system = sim::caf_system(simulation);
  SECTION("detached") {
    system.spawn([](caf::event_based_actor* self) -> caf::behavior {
      self->spawn<caf::detached>([](caf::event_based_actor*) -> caf::behavior { return {[](NoteAtom) {}}; });
      return {[](NoteAtom) {}};
    });
  }
  SECTION("blocking") {
    system.spawn([](caf::blocking_actor* self) { self->receive([](NoteAtom) {}); });
  }
  REQUIRE_THROWS_WITH(simulation.run(), Catch::Contains("detached or blocking"));
}

TEST_CASE("a pending delayed message does not keep a killed CAF actor in memory", "[caf]") {
  struct Tracker {
    explicit Tracker(bool* g) : gone(g) {}
    Tracker(const Tracker&) = delete;
    Tracker& operator=(const Tracker&) = delete;
    ~Tracker() { *gone = true; }
    bool* gone;
  };
  bool gone = false;
  sim::Simulation simulation;
  auto actor = sim::caf_system(simulation).spawn([&gone](caf::event_based_actor* self) -> caf::behavior {
    auto tracker = std::make_shared<Tracker>(&gone);
    self->delayed_send(self, 1h, NoteAtom::value);
    return {[tracker](NoteAtom) {}};
  });
  simulation.run_for(1s);
  caf::anon_send_exit(actor, caf::exit_reason::kill);
  actor = nullptr;
  simulation.run_for(1s);
  REQUIRE(gone);
}

TEST_CASE("CAF actors of one name are told apart by their spawn ordinal", "[caf]") {
  struct Names : sim::EventObserver {
    void on_event(const sim::EventRecord& record) override { names.insert(std::string(record.actor)); }
    std::set<std::string> names;
  } names;
  sim::Simulation simulation;
  simulation.observe(&names);
  for (int i = 0; i < 2; ++i) {
    sim::caf_system(simulation).spawn([](caf::event_based_actor*) -> caf::behavior { return {[](NoteAtom) {}}; });
  }
  simulation.run();
  REQUIRE(names.names == std::set<std::string>{"scheduled_actor#1", "scheduled_actor#2"});
}

TEST_CASE("1,000 live CAF actors with pending timers go with their simulation", "[caf]") {
  sim::Simulation simulation;
  std::vector<std::int64_t> seconds;
  for (int i = 0; i < 1'000; ++i) {
    sim::caf_system(simulation).spawn(heartbeat, 100, &seconds);
  }
  simulation.run_for(5'500ms);
  REQUIRE(seconds.size() == 5'000);
}
