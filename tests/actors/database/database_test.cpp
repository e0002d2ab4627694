#include "actors/database/database.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "actors/faults/fault_injector.hpp"

using namespace sim;
using namespace sim::actors;
using policies::ErrorClass;
using policies::FaultKind;
using policies::FaultSchedule;

namespace {

/// Asks `count` times, every `pause`, and remembers how each call ended.
template <class Question>
class Caller {
 public:
  using Inbox = sim::Inbox<>;
  Caller(Context& ctx, Port<Question> port, int count, Duration pause)
      : ctx_(ctx), port_(port), count_(count), pause_(pause) {}

  Process run() {
    for (int call = 0; call < count_; ++call) {
      ctx_.start(ask());
      co_await ctx_.sleep(pause_);
    }
  }

  std::vector<DatabaseAnswer> answers;
  std::vector<Time> answered_at;

 private:
  Process ask() {
    const auto answer = co_await ctx_.ask(port_, Question{});
    answers.push_back(answer.value());
    answered_at.push_back(ctx_.now());
  }

  Context& ctx_;
  Port<Question> port_;
  int count_;
  Duration pause_;
};
using Reader = Caller<DatabaseRead>;
using Writer = Caller<DatabaseWrite>;

Database::Config constant_times() {
  return {.read_latency = constant(2ms),
          .write_latency = constant(5ms),
          .replication_lag = constant(50ms),
          .rules = {.replicas = 1},
          .batching = {}};
}

FaultSchedule::Row down(const char* target, Duration from, Duration duration) {
  return {Time{} + from, target, {.kind = FaultKind::down}, duration, "faults.csv:2"};
}

/// Lets faults act on the nodes of a database by the names `primary` and `replica`.
void inject(Simulation& simulation, Ref<Database> database, std::vector<FaultSchedule::Row> rows) {
  simulation.spawn<FaultInjector>(
      "faults", FaultInjector::Config{FaultSchedule(std::move(rows)),
                                      {{"primary", fault_target(database, policies::Database::faults(), 0)},
                                       {"replica", fault_target(database, policies::Database::faults(), 1)}}});
}

}  // namespace

TEST_CASE("a database answers a read and a write after their times", "[database]") {
  Simulation simulation;
  const auto database = simulation.spawn<Database>("database", constant_times());
  const auto writer = simulation.spawn<Writer>("writer", database, 1, 1s);
  const auto reader = simulation.spawn<Reader>("reader", database, 1, 1s);
  simulation.run();
  REQUIRE(simulation.get(writer).answered_at == std::vector{Time{5ms}});
  REQUIRE(simulation.get(writer).answers.front() == DatabaseAnswer{.node = 0, .version = 1});
  REQUIRE(simulation.get(reader).answered_at == std::vector{Time{2ms}});
  REQUIRE(simulation.get(reader).answers.front() == DatabaseAnswer{.node = 1});
}

TEST_CASE("a reader of a replica sees a write after the replication lag", "[database]") {
  Simulation simulation;
  const auto database = simulation.spawn<Database>("database", constant_times());
  simulation.spawn<Writer>("writer", database, 1, 1s);
  const auto reader = simulation.spawn<Reader>("reader", database, 8, 10ms);
  simulation.run();
  std::vector<std::uint64_t> staleness;
  for (const auto& answer : simulation.get(reader).answers) {
    staleness.push_back(answer.staleness);
  }
  // Written at 5 ms, on the replica at 55 ms; the reads end at 2, 12, 22, …, 72 ms.
  REQUIRE(staleness == std::vector<std::uint64_t>{0, 1, 1, 1, 1, 1, 0, 0});
  REQUIRE(simulation.metrics().counter_total("database_stale_reads_count") == 5);
}

TEST_CASE("reads go to the primary while the replica is down", "[database]") {
  Simulation simulation;
  const auto database = simulation.spawn<Database>("database", constant_times());
  const auto reader = simulation.spawn<Reader>("reader", database, 4, 1s);
  inject(simulation, database, {down("replica", 500ms, 2s)});
  simulation.run();
  std::string nodes;
  for (const auto& answer : simulation.get(reader).answers) {
    nodes += std::to_string(answer.node);
  }
  REQUIRE(nodes == "1001");
  REQUIRE(simulation.get(reader).answered_at[1] == Time{1003ms});  // a refused connection and the read
}

TEST_CASE("a failover loses the writes that no replica had, and refuses others for half a minute", "[database]") {
  Simulation simulation;
  const auto database = simulation.spawn<Database>("database", constant_times());
  const auto writer = simulation.spawn<Writer>("writer", database, 50, 1s);
  inject(simulation, database, {down("primary", 10030ms, 1h)});
  simulation.run_until(Time{60s});
  // The write of 10 s ends at 10.005 s and would be on the replica at 10.055 s. Promoted at 40.03 s.
  const auto& answers = simulation.get(writer).answers;
  int refused = 0;
  for (const auto& answer : answers) {
    refused += !answer.succeeded && answer.error == ErrorClass::connection_failed ? 1 : 0;
  }
  REQUIRE(refused == 30);  // those of 11 s to 40 s
  REQUIRE(answers[10].version == 11);
  REQUIRE(answers[41].node == 1);
  REQUIRE(answers[41].version == 11);
  REQUIRE(simulation.metrics().counter_total("database_lost_writes_count") == 1);
  REQUIRE(simulation.metrics().counter_total("database_failures_count") == 30);
  REQUIRE(simulation.metrics().gauge("database_primary_up_bool", "database").mean() == Approx(0.5));  // 30 of 60 s
}

TEST_CASE("writes in batches share their time and keep their order", "[database]") {
  Simulation simulation;
  auto config = constant_times();
  config.batching = policies::WriteBatcher::Config{.batch_size_max = 3, .flush_interval = 10ms};
  config.batched_write_time = 1ms;
  const auto database = simulation.spawn<Database>("database", config);
  const auto writer = simulation.spawn<Writer>("writer", database, 5, 1ms);
  simulation.run();
  // Full at 2 ms, written in 5 + 3 ms; the other two, of 3 ms and 4 ms, leave at 13 ms and take 5 + 2 ms.
  REQUIRE(simulation.get(writer).answered_at ==
          std::vector{Time{10ms}, Time{10ms}, Time{10ms}, Time{20ms}, Time{20ms}});
  std::vector<std::uint64_t> versions;
  for (const auto& answer : simulation.get(writer).answers) {
    versions.push_back(answer.version);
  }
  REQUIRE(versions == std::vector<std::uint64_t>{1, 2, 3, 4, 5});
  REQUIRE(simulation.get(database).batcher()->statistics().batches_count == 2);
}

TEST_CASE("all writes of a batch fail when the primary does, and the next batch is not held up", "[database]") {
  Simulation simulation;
  auto config = constant_times();
  config.batching = policies::WriteBatcher::Config{.batch_size_max = 2, .flush_interval = 10ms, .waiting_max = 2};
  const auto database = simulation.spawn<Database>("database", config);
  const auto writer = simulation.spawn<Writer>("writer", database, 5, 0s);
  inject(simulation, database, {down("primary", 3ms, 1ms)});
  simulation.run();
  // Two fail with the primary, two go after them, and the fifth found no place in line.
  const auto& answers = simulation.get(writer).answers;
  REQUIRE(answers.size() == 5);
  REQUIRE(answers[0] == DatabaseAnswer{.succeeded = false, .error = ErrorClass::rejected});
  REQUIRE(answers[1].error == ErrorClass::connection_failed);
  REQUIRE_FALSE(answers[2].succeeded);
  REQUIRE(answers[3].version == 1);
  REQUIRE(answers[4].version == 2);
  REQUIRE(simulation.get(database).rules().statistics().writes_count == 2);
}

TEST_CASE("the same seed gives the same run of a database", "[database]") {
  const auto course = [](std::uint64_t seed) {
    Simulation simulation({.seed = seed});
    Database::Config config;
    config.rules.transient_error_probability = 0.1;
    const auto database = simulation.spawn<Database>("database", config);
    simulation.spawn<Writer>("writer", database, 200, 10ms);
    const auto reader = simulation.spawn<Reader>("reader", database, 200, 10ms);
    inject(simulation, database, {down("primary", 1s, 1min)});
    simulation.run();
    return std::pair(simulation.get(reader).answered_at, simulation.get(reader).answers);
  };
  REQUIRE(course(1) == course(1));
  REQUIRE(course(1) != course(2));
}

namespace {

/// Sends one request at each of some times.
template <class Question>
class Script {
 public:
  using Inbox = sim::Inbox<>;
  Script(Context& ctx, Port<Question> port, std::vector<std::pair<Duration, Question>> questions)
      : ctx_(ctx), port_(port), questions_(std::move(questions)) {}

  Process run() {
    for (const auto& [at, question] : questions_) {
      co_await ctx_.sleep(at - (ctx_.now() - Time{}));
      const auto answer = co_await ctx_.ask(port_, question);
      answers.push_back(answer.value());
      answered_at.push_back(ctx_.now());
    }
  }

  std::vector<DatabaseAnswer> answers;
  std::vector<Time> answered_at;

 private:
  Context& ctx_;
  Port<Question> port_;
  std::vector<std::pair<Duration, Question>> questions_;
};

}  // namespace

TEST_CASE("a statement of several rows takes as many places in the log, or none", "[database]") {
  Simulation simulation;
  const auto database = simulation.spawn<Database>("database", constant_times());
  const auto script = simulation.spawn<Script<DatabaseWrite>>(
      "script", database,
      std::vector<std::pair<Duration, DatabaseWrite>>{
          {0s, {.rows = 1}}, {1s, {.rows = 10}}, {2s, {.rows = 10}}, {4s, {.rows = 2}}});
  inject(simulation, database, {down("primary", 2003ms, 1s)});
  simulation.run();
  const auto& answers = simulation.get(script).answers;
  REQUIRE(answers[0].version == 1);
  REQUIRE(answers[1].version == 11);
  REQUIRE_FALSE(answers[2].succeeded);  // the primary failed while it was written
  REQUIRE(answers[3].version == 13);
  // 5 ms for a single row, 10 × 100 µs more for ten.
  REQUIRE(simulation.get(script).answered_at[0] == Time{5ms});
  REQUIRE(simulation.get(script).answered_at[1] == Time{1006ms});
}

TEST_CASE("connections for writes need the primary, those for reads any node", "[database]") {
  Simulation simulation;
  const auto database = simulation.spawn<Database>("database", constant_times());
  const std::vector<std::pair<Duration, DatabaseConnect>> writes = {{0s, {true}}, {2s, {true}}, {4s, {true}}};
  const std::vector<std::pair<Duration, DatabaseConnect>> reads = {{0s, {false}}, {2s, {false}}, {4s, {false}}};
  const auto for_writes = simulation.spawn<Script<DatabaseConnect>>("for-writes", database, writes);
  const auto for_reads = simulation.spawn<Script<DatabaseConnect>>("for-reads", database, reads);
  inject(simulation, database, {down("primary", 1s, 10s), down("replica", 3s, 10s)});
  simulation.run();
  const auto succeeded = [](const std::vector<DatabaseAnswer>& answers) {
    std::vector<bool> all;
    for (const auto& answer : answers) {
      all.push_back(answer.succeeded);
    }
    return all;
  };
  REQUIRE(succeeded(simulation.get(for_writes).answers) == std::vector<bool>{true, false, false});
  REQUIRE(succeeded(simulation.get(for_reads).answers) == std::vector<bool>{true, true, false});
  REQUIRE(simulation.get(for_reads).answers[1].node == 1);
}
