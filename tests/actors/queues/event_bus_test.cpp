#include "actors/queues/event_bus.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <string>

using namespace sim;
using namespace sim::policies;

namespace {

using Bus = EventBus<std::string>;
using Added = Bus::Added;
using Numbers = std::vector<std::uint64_t>;

constexpr ListenerOwner nobody{};

std::uint64_t number(Listener listener) { return static_cast<std::uint64_t>(listener); }

/// Whom an emit calls, in that order; `react` is what they do.
template <class React>
Numbers called(Bus& bus, const std::string& event, const React& react) {
  Numbers numbers;
  bus.emit(event, [&](Listener listener) {
    numbers.push_back(number(listener));
    react(listener);
  });
  return numbers;
}

Numbers called(Bus& bus, const std::string& event) {
  return called(bus, event, [](Listener) {});
}

}  // namespace

TEST_CASE("listeners are called in the order in which they were added", "[event_bus]") {
  Bus bus{{}};
  for (const std::uint64_t listener : {3, 1, 2}) {
    REQUIRE(bus.add("message", Listener{listener}) == Added::added);
  }
  bus.add("another", Listener{4});
  REQUIRE(called(bus, "message") == Numbers{3, 1, 2});
  REQUIRE(called(bus, "another") == Numbers{4});
  REQUIRE(called(bus, "nothing").empty());
  REQUIRE(bus.events() == std::vector<std::string>{"another", "message"});
}

TEST_CASE("a listener that was added twice is called twice, and removed once, the last time first", "[event_bus]") {
  Bus bus{{}};
  bus.add("message", Listener{1});
  bus.add("message", Listener{2});
  bus.add("message", Listener{1});
  REQUIRE(called(bus, "message") == Numbers{1, 2, 1});
  REQUIRE(bus.remove("message", Listener{1}));
  REQUIRE(called(bus, "message") == Numbers{1, 2});
  REQUIRE(bus.remove("message", Listener{1}));
  REQUIRE_FALSE(bus.remove("message", Listener{1}));
  REQUIRE_FALSE(bus.remove("another", Listener{2}));
  REQUIRE(bus.listeners("message") == std::vector{Listener{2}});
}

TEST_CASE("a once-listener is called once", "[event_bus]") {
  Bus bus{{}};
  bus.add_once("message", Listener{1});
  bus.add("message", Listener{2});
  REQUIRE(called(bus, "message") == Numbers{1, 2});
  REQUIRE(called(bus, "message") == Numbers{2});
}

TEST_CASE("a once-listener is gone when it is called, so that it can add itself again", "[event_bus]") {
  Bus bus{{}};
  bus.add_once("message", Listener{1});
  const auto add_again = [&](Listener listener) {
    REQUIRE(bus.listeners_count("message") == 0);
    bus.add_once("message", listener);
  };
  REQUIRE(called(bus, "message", add_again) == Numbers{1});
  REQUIRE(bus.listeners_count("message") == 1);
}

TEST_CASE("an emit goes to those who listened when it began", "[event_bus]") {
  Bus bus{{}};
  for (const std::uint64_t listener : {1, 2, 3}) {
    bus.add("message", Listener{listener});
  }
  const auto replace = [&](Listener listener) {
    if (listener == Listener{1}) {
      bus.remove("message", Listener{2});
      bus.add("message", Listener{4});
    }
  };
  REQUIRE(called(bus, "message", replace) == Numbers{1, 2, 3});
  REQUIRE(called(bus, "message") == Numbers{1, 3, 4});
}

TEST_CASE("a once-listener removed during an emit is still called by it", "[event_bus]") {
  Bus bus{{}};
  bus.add("message", Listener{1});
  bus.add_once("message", Listener{2});
  REQUIRE(called(bus, "message", [&](Listener) { bus.remove_all("message"); }) == Numbers{1, 2});
  REQUIRE(bus.statistics().removed_count == 2);
  REQUIRE(called(bus, "message").empty());
}

TEST_CASE("a once-listener called by an emit within an emit is not called again", "[event_bus]") {
  Bus bus{{}};
  bus.add("message", Listener{1});
  bus.add_once("message", Listener{2});
  int depth = 0;
  const auto nest = [&](Listener listener) {
    if (listener == Listener{1} && depth++ == 0) {
      REQUIRE(called(bus, "message") == Numbers{1, 2});
    }
  };
  REQUIRE(called(bus, "message", nest) == Numbers{1});
}

TEST_CASE("the eleventh listener of an event is added with a warning, further ones without", "[event_bus]") {
  Bus bus{{}};
  for (std::uint64_t listener = 1; listener <= 10; ++listener) {
    REQUIRE(bus.add("message", Listener{listener}) == Added::added);
  }
  REQUIRE(bus.add("message", Listener{11}) == Added::added_with_warning);
  REQUIRE(bus.add("message", Listener{12}) == Added::added);
  REQUIRE(called(bus, "message").size() == 12);
  REQUIRE(bus.add("another", Listener{1}) == Added::added);  // each event has its own limit
  REQUIRE(bus.statistics().warnings_count == 1);
  REQUIRE(bus.statistics().listeners_max == 12);
}

TEST_CASE("an event warns again after it was down to one listener", "[event_bus]") {
  Bus bus{{.listeners_max = 2}};
  const auto add = [&](std::uint64_t listener) { return bus.add("message", Listener{listener}); };
  add(1);
  add(2);
  REQUIRE(add(3) == Added::added_with_warning);
  bus.remove("message", Listener{3});
  REQUIRE(add(3) == Added::added);
  bus.remove("message", Listener{3});
  bus.remove("message", Listener{2});
  add(2);
  REQUIRE(add(3) == Added::added_with_warning);
}

TEST_CASE("where the limit refuses, the listener is not added", "[event_bus]") {
  Bus bus{{.listeners_max = 2, .on_limit = Bus::OnLimit::refuse}};
  bus.add("message", Listener{1});
  bus.add_once("message", Listener{2});
  REQUIRE(bus.add("message", Listener{3}) == Added::refused);
  REQUIRE(bus.statistics().refused_count == 1);
  REQUIRE(called(bus, "message") == Numbers{1, 2});
  REQUIRE(bus.add("message", Listener{3}) == Added::added);  // 2 was for once
}

TEST_CASE("a limit of 0 is no limit", "[event_bus]") {
  Bus bus{{.listeners_max = 0, .on_limit = Bus::OnLimit::refuse}};
  for (std::uint64_t listener = 1; listener <= 100; ++listener) {
    REQUIRE(bus.add("message", Listener{listener}) == Added::added);
  }
}

TEST_CASE("what an owner added goes with it, from all events", "[event_bus]") {
  Bus bus{{}};
  const ListenerOwner session{7};
  bus.add("message", Listener{1}, session);
  bus.add("message", Listener{2});
  bus.add_once("close", Listener{3}, session);
  bus.add("open", Listener{4}, session);
  REQUIRE(bus.listeners_of(session) == 3);
  REQUIRE(bus.remove_owner(session) == 3);
  REQUIRE(bus.remove_owner(session) == 0);
  REQUIRE(bus.listeners_of(session) == 0);
  REQUIRE(bus.listeners_count() == 1);
  REQUIRE(bus.events() == std::vector<std::string>{"message"});
  REQUIRE(bus.listeners_of(nobody) == 1);
}

TEST_CASE("all listeners of one event can be removed", "[event_bus]") {
  Bus bus{{}};
  bus.add("message", Listener{1});
  bus.add("message", Listener{2});
  bus.add("another", Listener{3});
  REQUIRE(bus.remove_all("message") == 2);
  REQUIRE(bus.remove_all("message") == 0);
  REQUIRE(bus.listeners_count() == 1);
}

TEST_CASE("the statistics tell calls, emits that nobody heard, and listeners that stayed", "[event_bus]") {
  Bus bus{{}};
  bus.add("message", Listener{1});
  bus.add_once("message", Listener{2});
  called(bus, "message");
  called(bus, "message");
  called(bus, "nothing");
  const Bus::Statistics expected{.added_count = 2,
                                 .removed_count = 1,
                                 .refused_count = 0,
                                 .warnings_count = 0,
                                 .emits_count = 3,
                                 .calls_count = 3,
                                 .unheard_count = 1,
                                 .listeners_max = 2};
  REQUIRE(bus.statistics() == expected);
  REQUIRE(bus.listeners_count() == 1);
}

TEST_CASE("a listener that throws leaves the bus as it should be", "[event_bus]") {
  Bus bus{{}};
  bus.add_once("message", Listener{1});
  bus.add("message", Listener{2});
  REQUIRE_THROWS_AS(bus.emit("message", [](Listener) { throw std::runtime_error("no"); }), std::runtime_error);
  REQUIRE(called(bus, "message") == Numbers{2});
}

namespace {

/// Whom the recorded emitter called, and what its listeners did: it depends on their numbers alone (see record.js).
void emit_as_recorded(Bus& bus, const std::string& event, int depth, std::string& calls) {
  bus.emit(event, [&](Listener listener) {
    calls += calls.empty() ? "" : " ";
    calls += std::to_string(number(listener));
    switch (number(listener)) {
      case 11:
        bus.remove(event, Listener{2});
        break;
      case 12:
        bus.remove(event, Listener{12});
        break;
      case 13:
        bus.add_once(event, Listener{1});
        break;
      case 14:
        if (depth < 2) {
          emit_as_recorded(bus, event, depth + 1, calls);
        }
        break;
      case 15:
        bus.remove_all(event);
        break;
      default:
        break;
    }
  });
}

std::uint64_t replay(const std::string& file, std::uint32_t listeners_max) {
  std::ifstream input(LIBSIM_TEST_DATA "/data/event_bus/" + file);
  REQUIRE(input);
  Bus bus{{.listeners_max = listeners_max}};
  std::uint64_t steps = 0;
  std::string line;
  std::getline(input, line);
  while (std::getline(input, line)) {
    std::vector<std::string> row;
    std::string field;
    for (std::istringstream fields(line); std::getline(fields, field, ',');) {
      row.push_back(field);
    }
    const std::string& operation = row[0];
    const std::string& event = row[1];
    const Listener listener{std::stoull(row[2])};
    std::string calls;
    if (operation == "on") {
      bus.add(event, listener);
    } else if (operation == "once") {
      bus.add_once(event, listener);
    } else if (operation == "off") {
      bus.remove(event, listener);
    } else if (operation == "off_all") {
      bus.remove_all(event);
    } else {
      REQUIRE(operation == "emit");
      emit_as_recorded(bus, event, 0, calls);
    }
    ++steps;
    INFO(file << ", step " << steps << ": " << line);
    REQUIRE(calls == row[3]);
    REQUIRE(bus.listeners_count(event) == std::stoull(row[4]));
    REQUIRE(bus.statistics().warnings_count == std::stoull(row[5]));
  }
  return steps;
}

}  // namespace

TEST_CASE("an EventEmitter of Node.js: two recorded trajectories without a difference", "[event_bus]") {
  REQUIRE(replay("node_default.csv", 10) > 2'500);
  REQUIRE(replay("node_max3.csv", 3) > 2'500);
}

TEST_CASE("an event bus agrees with a plain list of listeners", "[event_bus][property]") {
  REQUIRE(rc::check("model", [](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& operations) {
    EventBus<int> bus{{}};
    std::map<int, std::vector<std::pair<std::uint64_t, bool>>> model;  // listener, once
    for (const auto& [verb, value] : operations) {
      const int event = value % 2;
      const std::uint64_t listener = value % 5;
      auto& line = model[event];
      if (verb % 4 == 0) {
        bus.add(event, Listener{listener}, ListenerOwner{listener});
        line.emplace_back(listener, false);
      } else if (verb % 4 == 1) {
        bus.add_once(event, Listener{listener}, ListenerOwner{listener});
        line.emplace_back(listener, true);
      } else if (verb % 4 == 2) {
        std::size_t removed = 0;
        for (auto& [other, listeners] : model) {
          removed += std::erase_if(listeners, [&](const auto& entry) { return entry.first == listener; });
        }
        RC_ASSERT(bus.remove_owner(ListenerOwner{listener}) == removed);
      } else {
        Numbers expected;
        for (const auto& [other, is_once] : line) {
          expected.push_back(other);
        }
        Numbers heard;
        RC_ASSERT(bus.emit(event, [&](Listener each) { heard.push_back(number(each)); }) == expected.size());
        RC_ASSERT(heard == expected);
        std::erase_if(line, [](const auto& entry) { return entry.second; });
      }
      RC_ASSERT(bus.listeners_count() == model[0].size() + model[1].size());
    }
  }));
}
