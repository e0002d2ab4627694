#include "actors/containers/orchestrator.hpp"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "actors/containers/registry_table.hpp"
#include "tests/actors/ask_once.hpp"

using namespace sim;
using namespace sim::actors;
using Route = sim::testing::AskOnce<RouteSession>;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

/// Is ready ten seconds after it was spawned.
struct StubContainer {
  struct Config {
    std::uint32_t number = 0;
  };
  using Inbox = sim::Inbox<LoadPage, ReadMemory>;

  StubContainer(Context& context, Config container_config, Port<ContainerReady> orchestrator_port)
      : ctx(context), config(container_config), orchestrator(orchestrator_port) {}
  Process run() {
    co_await ctx.sleep(10s);
    ctx.send(orchestrator, ContainerReady{config.number});
  }
  PageServed on(const LoadPage&) { return {}; }
  MemoryRead on(const ReadMemory&) { return {}; }

  Context& ctx;
  Config config;
  Port<ContainerReady> orchestrator;
};

struct Bench {
  explicit Bench(Orchestrator::Config config = {}) {
    config.detection_delay = constant(1s);
    config.containers_count = 2;
    config.container_of_session = {0, 1, 0};
    const auto spawn = [](Context& ctx, std::uint32_t number) {
      const auto container =
          ctx.spawn<StubContainer>(fmt::format("container-{}", number), StubContainer::Config{number},
                                   Port<ContainerReady>(Ref<Orchestrator>{ctx.id()}));
      return Orchestrator::Spawned{container.id, container, container};
    };
    registry = simulation.spawn<RegistryTable>(
        "registry", RegistryTable::Config{.read_latency = constant(5ms), .write_latency = constant(8ms)});
    orchestrator =
        simulation.spawn<Orchestrator>("orchestrator", config, spawn, Orchestrator::Ports{registry, registry, {}});
  }

  SessionRouted route(const std::string& name, std::uint64_t session) {
    const auto asker = simulation.spawn<Route>(name, orchestrator, RouteSession{SessionId{session}});
    simulation.run_for(100ms);
    answered_at = simulation.get(asker).answered_at();
    return *simulation.get(asker).answer();
  }

  std::uint64_t count(const std::string& counter) { return simulation.metrics().counter_total(counter); }

  Simulation simulation;
  Ref<RegistryTable> registry;
  Ref<Orchestrator> orchestrator;
  Time answered_at{};
};

}  // namespace

TEST_CASE("the first route of a session starts its container, and only that", "[orchestrator]") {
  Bench bench;
  REQUIRE_FALSE(bench.route("first", 0).is_ready);
  REQUIRE(bench.simulation.get(bench.orchestrator).container(1) == ActorId{});
  bench.simulation.run_until(at(20s));
  REQUIRE(bench.route("second", 2).is_ready);
  REQUIRE(bench.simulation.get(bench.orchestrator).ready_count() == 1);
}

TEST_CASE("a container start is measured from request to ready", "[orchestrator]") {
  Bench bench;
  bench.route("first", 0);
  bench.simulation.run_until(at(20s));
  REQUIRE(bench.simulation.metrics().merged_tally("container_start_s")->max() == Approx(10));
}

TEST_CASE("a route within the time to live is answered from the cache, later from the table", "[orchestrator]") {
  Bench bench;
  bench.route("first", 0);
  REQUIRE(bench.answered_at == at(5ms));
  bench.simulation.run_until(at(60s));
  bench.route("second", 0);
  REQUIRE(bench.answered_at == at(60s));  // cached at 5 ms, so up to 60.005 s
  bench.simulation.run_until(at(61s));
  bench.route("third", 0);
  REQUIRE(bench.answered_at == at(61s) + 5ms);
  REQUIRE(bench.count("registry_cache_hits_count") == 1);
  REQUIRE(bench.count("registry_reads_count") == 2);
}

TEST_CASE("without the cache every route reads the table", "[orchestrator]") {
  Bench bench({.use_registry_cache = false});
  bench.route("first", 0);
  bench.route("second", 0);
  REQUIRE(bench.count("registry_reads_count") == 2);
}

TEST_CASE("a killed container is started again after detection and back-off", "[orchestrator]") {
  Bench bench;
  bench.route("first", 0);
  bench.simulation.run_until(at(20s));
  bench.simulation.kill(bench.simulation.get(bench.orchestrator).container(0));
  bench.simulation.run_until(at(20s) + 999ms);
  REQUIRE(bench.simulation.get(bench.orchestrator).ready_count() == 1);  // not noticed yet
  // detected at 21 s, started at 22 s, ready at 32 s
  bench.simulation.run_until(at(32s) - 1ms);
  REQUIRE(bench.simulation.get(bench.orchestrator).ready_count() == 0);
  bench.simulation.run_until(at(32s));
  REQUIRE(bench.simulation.get(bench.orchestrator).ready_count() == 1);
  REQUIRE(bench.count("container_restarts_count") == 1);
}

TEST_CASE("without restart on failure the next route starts the container", "[orchestrator]") {
  Bench bench({.restart = {.restart_on_failure = false}});
  bench.route("first", 0);
  bench.simulation.run_until(at(20s));
  bench.simulation.kill(bench.simulation.get(bench.orchestrator).container(0));
  bench.simulation.run_until(at(10min));
  REQUIRE(bench.simulation.get(bench.orchestrator).ready_count() == 0);
  bench.route("second", 0);
  bench.simulation.run_until(at(10min) + 11s);
  REQUIRE(bench.simulation.get(bench.orchestrator).ready_count() == 1);
  REQUIRE(bench.count("container_restarts_count") == 0);
}

TEST_CASE("a route between the loss and its detection starts the container once the loss is known", "[orchestrator]") {
  Bench bench({.restart = {.restart_on_failure = false}});
  bench.route("first", 0);
  bench.simulation.run_until(at(20s));
  bench.simulation.kill(bench.simulation.get(bench.orchestrator).container(0));
  REQUIRE(bench.route("second", 0).is_ready);      // as far as the orchestrator knows
  bench.simulation.run_until(at(20s) + 1s + 10s);  // detection and start
  REQUIRE(bench.simulation.get(bench.orchestrator).ready_count() == 1);
}

TEST_CASE("a container that is killed while it starts is started again too", "[orchestrator]") {
  Bench bench;
  bench.route("first", 0);
  bench.simulation.run_until(at(5s));
  bench.simulation.kill(bench.simulation.get(bench.orchestrator).container(0));
  bench.simulation.run_until(at(5s) + 1s + 1s + 10s);
  REQUIRE(bench.simulation.get(bench.orchestrator).ready_count() == 1);
}
