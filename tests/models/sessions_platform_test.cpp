#include <rapidcheck.h>

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "models/sessions/platform.hpp"

using namespace sim;
using namespace sim::models::sessions;
using policies::Outcome;

namespace {

Config small_platform() {
  Config config;
  config.drain_limit = 24h;
  return config;
}

}  // namespace

TEST_CASE("containers killed at any time lose no message: each ends once, or is found on a walk",
          "[sessions][property]") {
  REQUIRE(rc::check("accounts under kills", [] {
    const auto kills_ms = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 20'000));
    const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
    Simulation simulation({.seed = seed});
    Config config = small_platform();
    config.queue.rules.max_receive_count = 3;
    Platform platform(simulation, config, {4, 2});
    platform.start();
    for (std::uint32_t message = 0; message < 24; ++message) {
      platform.say(message % 4, {fmt::format("Message {}", message), message % 2 == 0}, message * 1s);
    }
    for (const int pause_ms : kills_ms) {
      simulation.run_for(pause_ms * 1ms);
      if (const auto container = platform.container(static_cast<std::uint32_t>(pause_ms % 2))) {
        simulation.kill(*container);
      }
      platform.check_accounts();
    }
    simulation.run_for(1min);
    platform.drain();
    RC_ASSERT(platform.check_accounts() == 0);
    RC_ASSERT(platform.ledger().sent_count() == 24);
    RC_ASSERT(platform.ledger().count(Outcome::answered) + platform.ledger().count(Outcome::dead_lettered) == 24);
    for (const auto client : platform.clients()) {
      RC_ASSERT(simulation.get(client).order_violations_count() == 0);
    }
  }));
}

TEST_CASE("a queue that forgets its messages breaks the identity of the accounts", "[sessions]") {
  Simulation simulation;
  Platform platform(simulation, small_platform(), {1, 1});
  platform.say(0, {"Hello"});
  simulation.run_until(Time{} + 5s);  // the container still starts, so the message waits in its queue
  REQUIRE(platform.check_accounts() == 1);
  simulation.kill(platform.command_queues()[0]);
  simulation.run_until(Time{} + 5s);
  REQUIRE_THROWS_WITH(platform.check_accounts(), Catch::Contains("1 sent, 0 ended, 0 found in flight"));
}

TEST_CASE("a message is found from the moment it is said until it ends", "[sessions]") {
  Simulation simulation;
  Platform platform(simulation, small_platform(), {3, 1});
  platform.start();
  for (std::uint32_t session = 0; session < 3; ++session) {
    platform.say(session, {"Hello", true});
  }
  simulation.run_until(simulation.now());
  while (platform.ledger().open_count() > 0) {
    REQUIRE(platform.check_accounts() == platform.ledger().open_count());
    simulation.run_for(7ms);
  }
  REQUIRE(platform.ledger().count(Outcome::answered) == 3);
}

TEST_CASE("adding a session does not move the draws of the others", "[sessions]") {
  const auto first_answer = [](std::uint32_t sessions_count) {
    Simulation simulation;
    Config config = small_platform();
    config.language_model.latency = constant(2s);
    config.language_model.failure_probability = 0;
    Platform platform(simulation, config, {sessions_count, sessions_count});
    platform.start();
    const Time said_at = simulation.now();
    platform.say(0, {"Hello", true});
    platform.drain();
    return simulation.get(platform.client(0)).records()[0].ended_at - said_at;
  };
  REQUIRE(first_answer(1) == first_answer(2));
}
