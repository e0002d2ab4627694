#include <catch2/catch.hpp>
#include <cstdint>
#include <utility>
#include <vector>

#include "actors/database/database.hpp"
#include "actors/faults/fault_injector.hpp"
#include "actors/server/server.hpp"
#include "libsim/sim.hpp"
#include "models/users/actors/pooled_database.hpp"
#include "models/users/actors/write_queue.hpp"
#include "models/users/record_reader.hpp"

using namespace sim;
using namespace sim::models::users;

namespace {

/// Sends requests at given times and remembers when and how each was answered.
template <class M>
class Asker {
 public:
  using Inbox = sim::Inbox<>;
  Asker(Context& ctx, Port<M> port, std::vector<std::pair<Duration, M>> requests)
      : answers(requests.size()),
        answered_at(requests.size()),
        ctx_(ctx),
        port_(port),
        requests_(std::move(requests)) {}

  Process run() {
    for (std::size_t number = 0; number < requests_.size(); ++number) {
      ctx_.start(ask(number));
    }
    co_return;
  }

  std::vector<Answer> answers;
  std::vector<Time> answered_at;

 private:
  Process ask(std::size_t number) {
    co_await ctx_.sleep(requests_[number].first);
    const M request = requests_[number].second;
    const auto answer = co_await ctx_.ask(port_, request);
    answers[number] = answer.value();
    answered_at[number] = ctx_.now();
  }

  Context& ctx_;
  Port<M> port_;
  std::vector<std::pair<Duration, M>> requests_;
};

/// A database with a read of 5 ms, a write of 10 ms and 1 ms of CPU time, behind a pool with constant times.
struct Storage {
  explicit Storage(PooledDatabase::Config pool_config) {
    actors::Database::Config database_config;
    database_config.read_latency = constant(5ms);
    database_config.write_latency = constant(10ms);
    database_config.rules.replicas = 1;
    database = simulation.spawn<actors::Database>("database", database_config);
    actors::Server::Config cpu_config;
    cpu_config.service_time = constant(1ms);
    const auto cpu = simulation.spawn<actors::Server>("cpu", cpu_config);
    pool_config.connect_time = constant(20ms);
    pool =
        simulation.spawn<PooledDatabase>("pool", pool_config, PooledDatabase::Ports{database, database, database, cpu});
  }

  void down(std::uint32_t node, Duration from, Duration duration) {
    const policies::FaultSchedule schedule(
        {{Time{} + from, "node", {.kind = policies::FaultKind::down}, duration, "here"}});
    simulation.spawn<actors::FaultInjector>(
        "faults", actors::FaultInjector::Config{
                      schedule, {{"node", actors::fault_target(database, policies::Database::faults(), node)}}});
  }

  Simulation simulation;
  Ref<actors::Database> database;
  Ref<PooledDatabase> pool;
};

PooledDatabase::Config pool_of(std::uint32_t size, bool for_writes = false) {
  PooledDatabase::Config config;
  config.for_writes = for_writes;
  config.pool.maximum_pool_size = config.pool.minimum_idle = size;
  return config;
}

constexpr Query read_query{};
constexpr Query write_query{.is_write = true};

}  // namespace

TEST_CASE("queries over one connection go one after the other, after it is open", "[users][pool]") {
  Storage storage(pool_of(1));
  const auto asker = storage.simulation.spawn<Asker<Query>>(
      "asker", storage.pool, std::vector<std::pair<Duration, Query>>{{0s, read_query}, {0s, read_query}});
  storage.simulation.run_for(1s);
  // Open after 20 ms; each takes 5 ms and 1 ms of CPU time.
  CHECK(storage.simulation.get(asker).answered_at == std::vector{Time{26ms}, Time{32ms}});
  CHECK(storage.simulation.get(storage.pool).pool().statistics().created_count == 1);
}

TEST_CASE("two connections work side by side and share the CPU of the host", "[users][pool]") {
  Storage storage(pool_of(2));
  const auto asker = storage.simulation.spawn<Asker<Query>>(
      "asker", storage.pool, std::vector<std::pair<Duration, Query>>{{30ms, read_query}, {30ms, read_query}});
  storage.simulation.run_for(1s);
  CHECK(storage.simulation.get(asker).answered_at == std::vector{Time{36ms}, Time{37ms}});  // one core, one at a time
}

TEST_CASE("a query waits for a connection as long as the timeout, then fails", "[users][pool]") {
  auto config = pool_of(1);
  config.pool.connection_timeout = 22ms;
  Storage storage(config);
  const auto asker = storage.simulation.spawn<Asker<Query>>(
      "asker", storage.pool,
      std::vector<std::pair<Duration, Query>>{{0s, read_query}, {0s, read_query}, {10ms, read_query}});
  storage.simulation.run_for(1s);
  const auto& answers = storage.simulation.get(asker).answers;
  CHECK(answers[0].succeeded);
  CHECK(answers[1] == Answer{.succeeded = false, .error = policies::ErrorClass::timed_out});
  CHECK(storage.simulation.get(asker).answered_at[1] == Time{22ms});
  CHECK(answers[2].succeeded);
}

TEST_CASE("a connection to a lost primary is closed, and a new one opens when the primary is back", "[users][pool]") {
  Storage storage(pool_of(1, true));
  storage.down(0, 100ms, 1s);
  const auto asker = storage.simulation.spawn<Asker<Query>>(
      "asker", storage.pool, std::vector<std::pair<Duration, Query>>{{200ms, write_query}, {300ms, write_query}});
  storage.simulation.run_for(5s);
  const auto& answers = storage.simulation.get(asker).answers;
  CHECK(answers[0] == Answer{.succeeded = false, .error = policies::ErrorClass::connection_failed});
  CHECK(storage.simulation.get(asker).answered_at[0] == Time{201ms});
  CHECK(answers[1] == Answer{.succeeded = true, .version = 1});
  // Handshakes end at 221, 491, 761, 1031 and 1301 ms, the last one well; then 10 ms and 1 ms of CPU time.
  CHECK(storage.simulation.get(asker).answered_at[1] == Time{1312ms});
  CHECK(storage.simulation.metrics().counter_total("pool_refused_count") == 4);
}

TEST_CASE("connections for reads open while any node is up", "[users][pool]") {
  Storage storage(pool_of(1));
  storage.down(0, 0s, 1h);
  const auto asker = storage.simulation.spawn<Asker<Query>>("asker", storage.pool,
                                                            std::vector<std::pair<Duration, Query>>{{0s, read_query}});
  storage.simulation.run_for(1s);
  CHECK(storage.simulation.get(asker).answers[0].succeeded);
}

TEST_CASE("only with evict_on_failure does one dead connection take the others with it", "[users][pool]") {
  for (const bool evicts : {false, true}) {
    auto config = pool_of(3, true);
    config.evicts_on_failure = evicts;
    Storage storage(config);
    storage.down(0, 100ms, 1s);
    const auto asker = storage.simulation.spawn<Asker<Query>>(
        "asker", storage.pool,
        std::vector<std::pair<Duration, Query>>{{200ms, write_query}, {210ms, write_query}, {220ms, write_query}});
    storage.simulation.run_for(5s);
    std::vector<bool> succeeded;
    for (const Answer& answer : storage.simulation.get(asker).answers) {
      succeeded.push_back(answer.succeeded);
    }
    CHECK(succeeded == (evicts ? std::vector<bool>{false, true, true} : std::vector<bool>{false, false, false}));
  }
}

namespace {

/// Five writes within 4 ms through a queue over two connections.
struct QueuedWrites {
  explicit QueuedWrites(WriteQueue::Config config) : storage(pool_of(2, true)) {
    config.batches.batch_size_max = 3;
    config.batches.flush_interval = 5ms;
    config.retry.schedule.attempts_max = 1;
    queue = storage.simulation.spawn<WriteQueue>("queue", config, storage.pool);
    std::vector<std::pair<Duration, StoreRecord>> stores;
    for (std::uint32_t number = 0; number < 5; ++number) {
      stores.emplace_back(100ms + 1ms * number, StoreRecord{RecordKey{number}});
    }
    asker = storage.simulation.spawn<Asker<StoreRecord>>("asker", queue, stores);
  }

  Storage storage;
  Ref<WriteQueue> queue;
  Ref<Asker<StoreRecord>> asker;
};

WriteQueue::Config mode(WriteMode mode) {
  WriteQueue::Config config;
  config.mode = mode;
  return config;
}

}  // namespace

TEST_CASE("batched writes are answered at their commit, with their places in the log", "[users][writes]") {
  QueuedWrites writes(mode(WriteMode::batched));
  writes.storage.simulation.run_for(1s);
  const auto& asker = writes.storage.simulation.get(writes.asker);
  // Three leave at 102 ms, the other two at 108 ms, 5 ms after the first of them: 10 ms, 100 µs per row, 1 ms of CPU.
  CHECK(asker.answered_at ==
        std::vector{Time{113300us}, Time{113300us}, Time{113300us}, Time{119200us}, Time{119200us}});
  std::vector<std::uint64_t> versions;
  for (const Answer& answer : asker.answers) {
    versions.push_back(answer.version);
  }
  CHECK(versions == std::vector<std::uint64_t>{1, 2, 3, 4, 5});
  const auto& queue = writes.storage.simulation.get(writes.queue);
  CHECK(queue.statements_count() == 2);
  CHECK(queue.committed_by(Time{113300us}) == 3);
  CHECK(queue.committed_by(Time{113299us}) == 0);
}

TEST_CASE("direct writes go by themselves", "[users][writes]") {
  QueuedWrites writes(mode(WriteMode::direct));
  writes.storage.simulation.run_for(1s);
  CHECK(writes.storage.simulation.get(writes.asker).answered_at[0] == Time{111ms});
  CHECK(writes.storage.simulation.get(writes.queue).statements_count() == 5);
}

TEST_CASE("queued writes are answered at once, and a lost one is known to the queue only", "[users][writes]") {
  QueuedWrites writes(mode(WriteMode::queued));
  writes.storage.down(0, 105ms, 10s);
  writes.storage.simulation.run_until(Time{106ms});
  CHECK(writes.storage.simulation.get(writes.queue).open_count() == 5);
  writes.storage.simulation.run_for(1s);
  const auto& asker = writes.storage.simulation.get(writes.asker);
  CHECK(asker.answered_at == std::vector{Time{100ms}, Time{101ms}, Time{102ms}, Time{103ms}, Time{104ms}});
  CHECK(asker.answers == std::vector<Answer>(5));
  const auto& queue = writes.storage.simulation.get(writes.queue);
  CHECK(queue.accepted_count() == 5);
  CHECK(queue.lost_count() == 5);
  CHECK(queue.committed_count() == 0);
  CHECK(queue.open_count() == 0);
}

namespace {

/// Reads one record at given times, and hears of commits of it at others.
class Reader {
 public:
  using Inbox = sim::Inbox<RecordCommitted>;
  Reader(Context& ctx, const RecordReader::Config& config, Port<Query> database, std::vector<Duration> read_at)
      : ctx_(ctx), reader_(ctx, config, database), read_at_(std::move(read_at)) {}

  void on(const RecordCommitted& commit) { reader_.on_commit(commit); }
  Process run() {
    for (const Duration at : read_at_) {
      ctx_.start(read(at));
    }
    co_return;
  }

  std::vector<RecordReader::Source> sources;

 private:
  Process read(Duration at) {
    co_await ctx_.sleep(at);
    const auto source = co_await reader_.read(RecordKey{7});
    sources.push_back(source);
  }

  Context& ctx_;
  RecordReader reader_;
  std::vector<Duration> read_at_;
};

RecordReader::Config reading() {
  RecordReader::Config config;
  config.cache_latency = constant(1ms);
  config.cache.ttl = 1s;
  config.retry.schedule.attempts_max = 1;
  return config;
}

using Source = RecordReader::Source;

}  // namespace

TEST_CASE("a record is read from the cache until its time is over or it is written", "[users][reading]") {
  Storage storage(pool_of(1));
  const auto reader = storage.simulation.spawn<Reader>("reader", reading(), storage.pool,
                                                       std::vector<Duration>{100ms, 200ms, 400ms, 500ms, 1600ms});
  storage.simulation.send(reader, RecordCommitted{RecordKey{7}, 1}, 300ms);
  storage.simulation.run_for(3s);
  CHECK(storage.simulation.get(reader).sources ==
        std::vector{Source::database, Source::cache, Source::database, Source::cache, Source::database});
  // The database knows nothing of that commit: what it answers afterwards is outdated, and so is what is cached of it.
  CHECK(storage.simulation.metrics().counter_total("outdated_answers_count") == 3);
}

TEST_CASE("what is written may be stored in the cache", "[users][reading]") {
  Storage storage(pool_of(1));
  auto config = reading();
  config.after_write = RecordReader::AfterWrite::store;
  const auto reader =
      storage.simulation.spawn<Reader>("reader", config, storage.pool, std::vector<Duration>{100ms, 400ms});
  storage.simulation.send(reader, RecordCommitted{RecordKey{7}, 1}, 300ms);
  storage.simulation.run_for(3s);
  CHECK(storage.simulation.get(reader).sources == std::vector{Source::database, Source::cache});
  CHECK(storage.simulation.metrics().counter_total("outdated_answers_count") == 0);
}

TEST_CASE("those who miss a record while it is read share the query", "[users][reading]") {
  for (const bool shares : {true, false}) {
    Storage storage(pool_of(1));
    auto config = reading();
    config.shares_queries = shares;
    const auto reader =
        storage.simulation.spawn<Reader>("reader", config, storage.pool, std::vector<Duration>{100ms, 101ms, 102ms});
    storage.simulation.run_for(1s);
    CHECK(storage.simulation.get(reader).sources == std::vector<Source>(3, Source::database));
    CHECK(storage.simulation.get(storage.pool).pool().statistics().acquired_count == (shares ? 1 : 3));
  }
}

TEST_CASE("the last good answer stands in for a failed read until it is too old", "[users][reading]") {
  auto pool = pool_of(1);
  pool.pool.connection_timeout = 10ms;
  Storage storage(pool);
  storage.down(0, 150ms, 1h);
  const policies::FaultSchedule schedule({{Time{150ms}, "replica", {.kind = policies::FaultKind::down}, 1h, "here"}});
  storage.simulation.spawn<actors::FaultInjector>(
      "more-faults",
      actors::FaultInjector::Config{
          schedule, {{"replica", actors::fault_target(storage.database, policies::Database::faults(), 1)}}});
  auto config = reading();
  config.cached_max = 2s;
  config.cache.ttl = 10ms;
  const auto reader = storage.simulation.spawn<Reader>("reader", config, storage.pool,
                                                       std::vector<Duration>{100ms, 200ms, 2000ms, 2200ms});
  storage.simulation.run_for(5s);
  CHECK(storage.simulation.get(reader).sources ==
        std::vector{Source::database, Source::fallback, Source::fallback, Source::nothing});
}
