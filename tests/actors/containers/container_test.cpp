#include "actors/containers/container.hpp"

#include <catch2/catch.hpp>

#include "tests/actors/ask_once.hpp"
#include "tests/actors/containers/container_bench.hpp"

using namespace sim;
using namespace sim::actors;
using sim::testing::constant_times;
using sim::testing::container_ready_at;
using sim::testing::ContainerBench;
using End = sim::testing::StubClient::End;
using Ends = std::vector<End>;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

/// From the send of a first command to its reply; 4.78 s with a model call of 3 s.
constexpr Duration first_command_time = 10ms + 300ms + 1s + 100ms + 3s + 100ms + 50ms + 200ms + 20ms;

}  // namespace

TEST_CASE("a container is ready when placement, image and the slowest initialisation are done", "[container]") {
  ContainerBench bench;
  bench.simulation.run_until(at(60s));
  REQUIRE(bench.simulation.get(bench.orchestrator).ready_at == std::vector{container_ready_at});
}

TEST_CASE("a first command takes the sum of its steps", "[container]") {
  ContainerBench bench;
  bench.command(1, 0, at(30s));
  bench.simulation.run_until(at(60s));
  REQUIRE(bench.ends() == Ends{{1, at(30s) + first_command_time, false}});
  REQUIRE(bench.simulation.get(bench.queues[0]).message_ids().empty());
}

TEST_CASE("a second command of the session needs no fetch, no import and no checkout", "[container]") {
  ContainerBench bench;
  bench.command(1, 0, at(30s));
  bench.command(2, 0, at(40s));
  bench.simulation.run_until(at(60s));
  REQUIRE(bench.ends()[1].at == at(40s) + first_command_time - 300ms - 1s - 100ms);
}

TEST_CASE("a remark is committed but not built", "[container]") {
  ContainerBench bench;
  bench.command(1, 0, at(30s), false);
  bench.simulation.run_until(at(60s));
  REQUIRE(bench.ends()[0].at == at(30s) + first_command_time - 200ms);
}

TEST_CASE("without lazy loading the import belongs to the start", "[container]") {
  auto config = constant_times();
  config.start_plan.lazy_loading = false;
  ContainerBench bench(config);
  bench.command(1, 0, at(30s));
  bench.simulation.run_until(at(60s));
  REQUIRE(bench.simulation.get(bench.orchestrator).ready_at[0] == container_ready_at);  // 1 s beside 2 s of web server
  REQUIRE(bench.ends()[0].at == at(30s) + first_command_time - 1s);
}

TEST_CASE("model calls of two sessions overlap, the working tree is used by one after the other", "[container]") {
  ContainerBench bench(constant_times(), 2);
  bench.command(1, 0, at(30s));
  bench.command(2, 1, at(30s));
  bench.simulation.run_until(at(60s));
  REQUIRE(bench.ends().size() == 2);
  REQUIRE(bench.ends()[0].at == at(30s) + first_command_time);
  REQUIRE(bench.ends()[1].at == at(30s) + first_command_time + 350ms);  // checkout, commit and build of the other
}

TEST_CASE("with a concurrency of one the second session waits for the whole first command", "[container]") {
  auto config = constant_times();
  config.concurrency = 1;
  ContainerBench bench(config, 2);
  bench.command(1, 0, at(30s));
  bench.command(2, 1, at(30s));
  bench.simulation.run_until(at(60s));
  const Duration place_taken = first_command_time - 10ms - 20ms;  // from after the receive to before the reply
  REQUIRE(bench.ends()[1].at == at(30s) + 10ms + place_taken + (place_taken - 1s) + 20ms);
}

TEST_CASE("messages of one session are received as a batch: one checkout, commit and build for all", "[container]") {
  ContainerBench bench;
  for (std::uint64_t id = 1; id <= 3; ++id) {
    bench.command(id, 0, at(10s));
  }
  bench.simulation.run_until(at(60s));
  // three times agent and model; replies 20 ms each with a delete of 10 ms between two
  const Time first = container_ready_at + first_command_time + 2 * (100ms + 3s);
  REQUIRE(bench.ends() == Ends{{1, first, false}, {2, first + 30ms, false}, {3, first + 60ms, false}});
}

TEST_CASE("without batching each message of a session has its own commit and build", "[container]") {
  auto config = constant_times();
  config.receive_count_max = 1;
  ContainerBench bench(config);
  bench.command(1, 0, at(10s));
  bench.command(2, 0, at(10s));
  bench.simulation.run_until(at(60s));
  const Time first = container_ready_at + first_command_time;
  // delete 10 ms, receive 10 ms, agent, model, commit, build, reply
  REQUIRE(bench.ends()[1].at == first + 10ms + 10ms + 100ms + 3s + 50ms + 200ms + 20ms);
}

TEST_CASE("an interrupt stops a command that thinks, its partial work is committed and both are acknowledged",
          "[container]") {
  ContainerBench bench;
  bench.command(1, 0, at(30s));
  bench.interrupt(1, 0, at(32s));
  bench.simulation.run_until(at(60s));
  // interrupt read at 32.01 s, then checkout, commit, reply; no build
  REQUIRE(bench.ends() == Ends{{1, at(32s) + 10ms + 100ms + 50ms + 20ms, true}});
  REQUIRE(bench.simulation.get(bench.client).acknowledgements ==
          std::vector{InterruptAcknowledged{MessageId{1}, true}});
  REQUIRE(bench.simulation.get(bench.queues[0]).message_ids().empty());
  REQUIRE(bench.simulation.get(bench.interrupts).message_ids().empty());
}

TEST_CASE("an interrupt that comes too late is acknowledged and changes nothing", "[container]") {
  ContainerBench bench;
  bench.command(1, 0, at(30s));
  bench.interrupt(1, 0, at(50s));
  bench.simulation.run_until(at(60s));
  REQUIRE(bench.ends() == Ends{{1, at(30s) + first_command_time, false}});
  REQUIRE(bench.simulation.get(bench.client).acknowledgements ==
          std::vector{InterruptAcknowledged{MessageId{1}, false}});
}

TEST_CASE("an interrupt of a message that waits in its batch ends it without a model call", "[container]") {
  ContainerBench bench;
  bench.command(1, 0, at(10s));
  bench.command(2, 0, at(10s));
  bench.interrupt(2, 0, at(21s));
  bench.simulation.run_until(at(60s));
  REQUIRE(bench.ends().size() == 2);
  REQUIRE_FALSE(bench.ends()[0].interrupted);
  REQUIRE(bench.ends()[1].interrupted);
  REQUIRE(bench.simulation.get(bench.model).calls_count == 1);
}

TEST_CASE("after a failed model call the message is received again, before the later ones", "[container]") {
  ContainerBench bench(constant_times(), 1, {.latency = 3s, .failures_count = 1});
  bench.command(1, 0, at(10s));
  bench.command(2, 0, at(10s));
  bench.simulation.run_until(at(60s));
  REQUIRE(bench.simulation.get(bench.model).calls_count == 3);
  REQUIRE(bench.ends().size() == 2);
  REQUIRE(bench.ends()[0].message == 1);
  REQUIRE(bench.ends()[1].message == 2);
}

TEST_CASE("a model that does not answer in time counts as failed", "[container]") {
  auto config = constant_times();
  config.model_timeout = 5s;
  ContainerBench bench(config, 1, {.latency = 1h});
  bench.command(1, 0, at(30s));
  bench.simulation.run_until(at(36s));
  REQUIRE(bench.simulation.get(bench.model).calls_count == 1);
  bench.simulation.run_until(at(37s));
  REQUIRE(bench.simulation.get(bench.model).calls_count == 2);
}

TEST_CASE("heartbeats keep a message invisible that takes longer than the visibility timeout", "[container]") {
  ContainerBench bench(constant_times(), 1, {.latency = 100s});
  bench.command(1, 0, at(30s));
  bench.simulation.run_until(at(5min));
  REQUIRE(bench.ends().size() == 1);
  REQUIRE(bench.simulation.metrics().counter_total("redelivered_count") == 0);
  REQUIRE(bench.simulation.get(bench.queues[0]).message_ids().empty());
}

TEST_CASE("without heartbeats it is delivered again and answered twice", "[container]") {
  auto config = constant_times();
  config.heartbeats = false;
  ContainerBench bench(config, 1, {.latency = 100s});
  bench.command(1, 0, at(30s));
  bench.simulation.run_until(at(5min));
  REQUIRE(bench.ends().size() == 2);
  REQUIRE(bench.simulation.metrics().counter_total("stale_deletes_count") >= 1);
}

TEST_CASE("the message in progress at a kill is answered by the next container after its visibility timeout",
          "[container]") {
  ContainerBench bench;
  bench.command(1, 0, at(30s));
  bench.simulation.run_until(at(32s));
  REQUIRE(bench.simulation.get(bench.container).thinking() == std::vector{MessageId{1}});
  bench.simulation.kill(bench.container);
  bench.simulation.run_until(at(32s));
  bench.spawn_container();  // ready at 51 s
  bench.simulation.run_until(at(2min));
  // received at 30 s and never extended: visible again at 60 s
  REQUIRE(bench.ends() == Ends{{1, at(60s) + first_command_time, false}});
}

TEST_CASE("a container that needs more memory than its limit fails", "[container]") {
  auto config = constant_times();
  config.resources.memory_base_mb = 300;
  config.resources.memory_per_session_mb = 60;
  config.resources.memory_per_message_mb = 120;
  config.resources.memory_limit_mb = 479;  // one less than with a message
  ContainerBench bench(config);
  bench.command(1, 0, at(30s));
  bench.simulation.run_until(at(30s));
  REQUIRE(bench.simulation.alive(bench.container));
  bench.simulation.run_until(at(31s));
  REQUIRE_FALSE(bench.simulation.alive(bench.container));
}

TEST_CASE("work waits for a core when all are busy", "[container]") {
  auto config = constant_times();
  config.resources.cpu_cores = 1;
  ContainerBench bench(config, 2);
  bench.command(1, 0, at(30s));
  bench.command(2, 1, at(30s));
  bench.simulation.run_until(at(60s));
  // the agent's 100 ms of the second command come after those of the first; the tree is free for it 250 ms later
  REQUIRE(bench.ends()[0].at == at(30s) + first_command_time);
  // the background has its twentieth only while the core is idle
  constexpr double worked_s = 1 + 2 * 0.35;
  REQUIRE(bench.simulation.get(bench.container).resources().busy_core_time_s(at(60s)) ==
          Approx(worked_s + 0.05 * (60 - worked_s)));
}

TEST_CASE("a rendered page is served from the cache until its session is built anew or it is too old", "[container]") {
  using Visit = sim::testing::AskOnce<LoadPage>;
  ContainerBench bench;
  const auto visit = [&bench](const std::string& name) {
    const auto visitor = bench.simulation.spawn<Visit>(name, bench.container, LoadPage{SessionId{0}});
    bench.simulation.run_for(1s);
    return bench.simulation.get(visitor);
  };
  bench.simulation.run_until(at(30s));
  REQUIRE(visit("first").answered_at() == at(30s) + 80ms);
  REQUIRE(visit("second").answer()->from_cache);
  bench.command(1, 0, at(40s));
  bench.simulation.run_until(at(50s));
  REQUIRE_FALSE(visit("after the build").answer()->from_cache);
  bench.simulation.run_until(at(50s) + 60s + 1s);
  REQUIRE_FALSE(visit("after a minute").answer()->from_cache);
}
