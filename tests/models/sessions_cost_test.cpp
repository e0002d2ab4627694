#include <catch2/catch.hpp>

#include "models/sessions/cost.hpp"
#include "models/sessions/experiment.hpp"
#include "tests/models/scenario_runs.hpp"

using namespace sim;
using namespace sim::models::sessions;
using sim::testing::Parameters;

namespace {

constexpr sim::testing::RunsOf run{experiment};

/// Prices of which all but one are nothing.
Parameters only(const std::string& price, const std::string& usd) {
  Parameters prices = {{"price.vcpu_hour", "0"}, {"price.gb_hour", "0"}, {"price.million_requests", "0"}};
  for (auto& [name, value] : prices) {
    value = name == price ? usd : value;
  }
  return prices;
}

/// A platform of one session whose container is ready.
struct OnePlatform {
  Simulation simulation;
  Platform platform;

  explicit OnePlatform(const Config& config = {}) : simulation(), platform(simulation, config, {1, 1}) {
    REQUIRE(platform.start());
  }
  void run_for(Duration duration) { simulation.run_for(duration); }
  [[nodiscard]] Usage used() const { return usage(platform); }
};

}  // namespace

TEST_CASE("a container costs what its cores and its memory limit cost, for as long as it is there", "[sessions]") {
  const auto cores = run("load", only("price.vcpu_hour", "3"));
  CHECK(cores.value("container_hours") > 0);
  CHECK(cores.value("cost") == Approx(2 * 3 * cores.value("container_hours")));
  const auto memory = run("load", only("price.gb_hour", "5"));
  CHECK(memory.value("cost") == Approx(8 * 5 * memory.value("container_hours")));
  auto larger = only("price.vcpu_hour", "3");
  larger.emplace_back("container.cpu_cores", "4");
  const auto larger_cores = run("load", larger);
  CHECK(larger_cores.value("cost") == Approx(4 * 3 * larger_cores.value("container_hours")));
}

TEST_CASE("requests cost what a million of them costs, in parts", "[sessions]") {
  const auto requests = run("load", only("price.million_requests", "1000000"));
  CHECK(requests.value("cost") == requests.value("queue_requests"));
  CHECK(requests.value("queue_requests") >= 300);  // of each of 100 messages a send, a receive and a delete
}

TEST_CASE("prices move the cost and nothing else", "[sessions]") {
  const auto before = run("hourly");
  const auto after = run("hourly", only("price.vcpu_hour", "1000"));
  CHECK(after.totals.fingerprint == before.totals.fingerprint);
  CHECK(after.value("container_hours") == before.value("container_hours"));
  CHECK(after.value("cost") > before.value("cost"));
}

TEST_CASE("the hours of a container go from its request to its end", "[sessions]") {
  OnePlatform one;
  const double at_first = one.used().container_hours;
  CHECK(at_first * 3600 > 5);  // it was charged while it started
  one.run_for(1h);
  CHECK(one.used().container_hours == Approx(at_first + 1));
  one.simulation.kill(*one.platform.container(0));
  one.run_for(400ms);  // the orchestrator does not know yet
  CHECK(one.used().container_hours == Approx(at_first + 1));
  one.run_for(1h);  // another one stands in, after the detection and the pause before a restart
  CHECK(one.used().container_hours < at_first + 2);
  CHECK(one.used().container_hours > at_first + 2 - 5.0 / 3600);
}

TEST_CASE("the requests of one message: two receives that wait, a send, a delete, and the next receive", "[sessions]") {
  Config config;
  config.container.api_latency = constant(10ms);
  config.language_model.latency = constant(1s);
  config.language_model.failure_probability = 0;
  OnePlatform one(config);
  one.run_for(1s);
  CHECK(one.used().queue_requests == 2);  // commands and interrupts, for up to 20 s
  one.platform.say(0, {"Create a page", true});
  one.run_for(9s);  // no heartbeat is due before 10 s
  REQUIRE(one.platform.ledger().count(policies::Outcome::answered) == 1);
  CHECK(one.used().queue_requests == 5);
  one.run_for(20s);  // both receives came back without a message, and were made again
  CHECK(one.used().queue_requests == 7);
}

TEST_CASE("a container that is killed and started again is counted once at a time", "[sessions]") {
  const auto kill = run("kill");
  CHECK(kill.value("container_hours") * 3600 < to_seconds(kill.totals.virtual_time));
  CHECK(kill.value("container_hours") * 3600 > 0.8 * to_seconds(kill.totals.virtual_time));
}

TEST_CASE("what the queue service does itself, as moving a message to the dead-letter queue, is no request",
          "[sessions]") {
  Config config;
  config.language_model.failure_probability = 1;
  OnePlatform one(config);
  one.platform.say(0, {"Create a page", true});
  one.run_for(10min);
  REQUIRE(one.platform.ledger().count(policies::Outcome::dead_lettered) == 1);
  CHECK(one.used().queue_requests + 1 == one.simulation.metrics().counter_total("queue_requests_count"));
}
