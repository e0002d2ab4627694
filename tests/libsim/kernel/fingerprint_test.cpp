#include <catch2/catch.hpp>

#include <optional>
#include <string>
#include <vector>

#include "libsim/sim.hpp"
#include "tests/libsim/kernel/fixtures.hpp"

using namespace kernel_test;

namespace {

std::uint64_t fingerprint(sim::FingerprintOf of, const std::string& name, int number, sim::Duration delay) {
  sim::Simulation simulation({.fingerprint = of});
  const auto recorder = simulation.spawn<Recorder>(name);
  simulation.send(recorder, Note{number}, delay);
  simulation.run();
  return simulation.fingerprint();
}

struct Padded {
  char letter = 'a';
  double number = 1.0;  // seven bytes of padding before it
  std::string text = "text";
  std::vector<int> list = {1, 2};
};

struct Wide {
  int a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8, i = 9, j = 10, k = 11, l = 12, m = 13;
};

struct Listener : sim::EventObserver {
  void on_event(const sim::EventRecord& record) override {
    lines.push_back(sim::to_text(record.at) + " " + std::string(record.actor) + " " + std::string(record.message) +
                    " " + std::string(record.sender) + (record.dead_letter ? " dead" : ""));
  }
  std::vector<std::string> lines;
};

}  // namespace

TEST_CASE("the fingerprint covers time, actor and message of every event, and contents when asked", "[kernel]") {
  using enum sim::FingerprintOf;
  const auto base = fingerprint(names, "a", 1, 1s);
  REQUIRE(fingerprint(names, "a", 1, 1s) == base);
  REQUIRE(fingerprint(names, "b", 1, 1s) != base);
  REQUIRE(fingerprint(names, "a", 1, 2s) != base);
  REQUIRE(fingerprint(names, "a", 2, 1s) == base);
  REQUIRE(fingerprint(payload, "a", 2, 1s) != fingerprint(payload, "a", 1, 1s));
}

TEST_CASE("a time or duration that may be missing is a field like any other", "[kernel]") {
  struct Late {
    std::optional<sim::Duration> by{};
    std::optional<sim::Time> since{};
  };
  const std::uint64_t nothing = sim::detail::hash_value(Late{});
  REQUIRE(sim::detail::hash_value(Late{.by = 1s}) != nothing);
  REQUIRE(sim::detail::hash_value(Late{.by = 1s}) != sim::detail::hash_value(Late{.by = 2s}));
  REQUIRE(sim::detail::hash_value(Late{.since = sim::Time{} + 1s}) != nothing);
}

TEST_CASE("contents are hashed by field, so that padding never counts", "[kernel]") {
  alignas(Padded) unsigned char zeros[sizeof(Padded)] = {};
  alignas(Padded) unsigned char ones[sizeof(Padded)];
  std::fill(std::begin(ones), std::end(ones), static_cast<unsigned char>(0xff));
  auto* const first = new (zeros) Padded;
  auto* const second = new (ones) Padded;
  REQUIRE(sim::detail::hash_value(*first) == sim::detail::hash_value(*second));
  second->list[1] = 3;
  REQUIRE(sim::detail::hash_value(*first) != sim::detail::hash_value(*second));
  std::destroy_at(first);
  std::destroy_at(second);
}

TEST_CASE("of a message with more than twelve fields only the type counts", "[kernel]") {
  REQUIRE(sim::detail::hash_value(Wide{}) == sim::detail::hash_value(Wide{.m = 14}));
}

TEST_CASE("an observer sees every event with its actor, message and sender", "[kernel]") {
  sim::Simulation simulation;
  Listener listener;
  simulation.observe(&listener);
  const auto doubler = simulation.spawn<Doubler>("doubler", 2s);
  simulation.spawn<Asker>("asker", doubler, 5s);
  const auto recorder = simulation.spawn<Recorder>("recorder");
  simulation.send(recorder, Note{1}, 3s);
  simulation.run_for(1s);
  simulation.kill(recorder);
  simulation.run();
  REQUIRE(listener.lines == std::vector<std::string>{
                                "0.000000000 asker Start -",
                                "0.000000000 doubler Double asker",
                                "1.000000000 recorder Exit -",
                                "2.000000000 doubler Wake doubler",
                                "2.000000000 asker int32 doubler",
                                "3.000000000 recorder Note - dead",
                            });
}
