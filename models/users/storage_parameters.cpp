#include "models/users/config.hpp"
#include "models/users/parameter_sources.hpp"

namespace sim::models::users {

namespace {

using harness::Parameters;

constexpr const char* hikari = "HikariCP, README";

void describe_reading(Parameters& parameters, RecordReader::Config& reading) {
  parameters.add("cache", reading.uses_cache).meaning("look into a cache before the database").source(guide);
  parameters.add("cache.ttl", reading.cache.ttl)
      .range(1ms, 24h)
      .zero_is_forever()
      .meaning("age up to which an entry counts")
      .source("assumed: shared records change seldom, and a write drops its entry");
  parameters.add("cache.entries_max", reading.cache.entries_max)
      .unit("entries")
      .range(1, 10'000'000)
      .meaning("room of the cache; the least recently used go first")
      .source(assumed);
  parameters.add("cache.latency", reading.cache_latency)
      .meaning("one lookup")
      .source("Redis within a zone: below a millisecond; assumed tail");
  parameters
      .add("cache.after_write", reading.after_write,
           {{"drop", RecordReader::AfterWrite::drop}, {"store", RecordReader::AfterWrite::store}})
      .meaning("forget the entry of a record that is written, or replace it with what was written")
      .source("cache-aside is the common form");
  parameters.add("cache.shares_queries", reading.shares_queries)
      .meaning("whoever misses a record that is being read waits for that query")
      .source("package singleflight of the Go project");
  parameters.add("fallback.cached", reading.answers_cached)
      .meaning("answer with the last known record when the database fails")
      .source(guide);
  parameters.add("fallback.cached_max", reading.cached_max)
      .range(0s, 24h)
      .meaning("age up to which an old record is better than none")
      .source(assumed);
}

void describe_writing(Parameters& parameters, WriteQueue::Config& writes) {
  parameters
      .add("writes", writes.mode,
           {{"direct", WriteMode::direct}, {"batched", WriteMode::batched}, {"queued", WriteMode::queued}})
      .meaning("each write by itself; several in one statement; or that, and answered when it is in the queue")
      .source(guide);
  parameters.add("writes.batch_size_max", writes.batches.batch_size_max)
      .unit("writes")
      .range(1, 10'000)
      .meaning("writes in one statement; not of direct ones")
      .source(assumed);
  parameters.add("writes.flush_interval", writes.batches.flush_interval)
      .range(0s, 1min)
      .meaning("longest wait for a batch to fill")
      .source("assumed: as long as a write takes");
  parameters.add("writes.concurrent_max", writes.batches.concurrent_batches_max)
      .unit("statements")
      .range(1, 1'000)
      .meaning("batches being written at once")
      .source("assumed: leaves connections for others");
  parameters.add("writes.waiting_max", writes.batches.waiting_max)
      .unit("writes")
      .range(1, 10'000'000)
      .meaning("room of the queue; more are turned away")
      .source(assumed);
}

void describe_connections(Parameters& parameters, Config& config) {
  parameters.add("pool.size", config.pool.maximum_pool_size)
      .unit("connections")
      .range(1, 10'000)
      .meaning("connections of each of the two pools: to the primary, and to the replicas")
      .source(hikari);
  parameters.add("pool.connection_timeout", config.pool.connection_timeout)
      .range(1ms, 1h)
      .zero_is_forever()
      .meaning("how long a query waits for a connection")
      .source(hikari);
  parameters.add("pool.retry_delay", config.pool.creation_retry_delay)
      .range(0s, 1h)
      .meaning("after a refused connection, before the next one is opened")
      .source("HikariCP, HikariPool");
  parameters.add("pool.evict_on_failure", config.evicts_on_failure)
      .meaning("throw all connections of a pool away when one breaks, instead of only that one")
      .source("off: a pool learns of each dead connection from the query that fails over it");
  parameters.add("pool.connect_time", config.connect_time)
      .meaning("to open a connection")
      .source("assumed: TCP, TLS and authentication within a region");
  parameters.add("query.attempts_max", config.query_retry.schedule.attempts_max)
      .unit("attempts")
      .range(1, 100)
      .meaning("of a read or a statement, the first one included")
      .source("guide: succeeds after 3 attempts");
  parameters.add("query.retry_delay", config.query_retry.schedule.initial_delay)
      .range(0s, 1h)
      .meaning("before the second attempt; doubled for each further one, with full jitter; agents too")
      .source("guide: exponential back-off with jitter; assumed length");
  parameters.add("query.retry_delay_max", config.query_retry.schedule.delay_max)
      .range(0s, 24h)
      .meaning("the longest delay before an attempt, however many there were; agents too")
      .source("assumed: a page is of no use to its user later");
}

void describe_database(Parameters& parameters, Config& config) {
  auto& database = config.database;
  parameters.add("database.replicas", database.rules.replicas)
      .unit("nodes")
      .range(0, 15)
      .meaning("read replicas; 0: the primary takes reads too, over one pool")
      .source("guide: use read replicas; assumed number");
  parameters
      .add("database.reads", database.rules.read_routing,
           {{"replicas", policies::Database::ReadRouting::replicas},
            {"primary", policies::Database::ReadRouting::primary}})
      .meaning("which nodes are read; from the primary over its own pool")
      .source(guide);
  parameters.add("database.cores", config.database_cores)
      .unit("cores")
      .range(1, 1'024)
      .meaning("cores of each node, shared by all of its queries")
      .source("assumed: a small managed database");
  parameters.add("database.query_cpu_time", config.query_cpu_time)
      .meaning("CPU time of a statement")
      .source("assumed: a few joins over indexed columns");
  parameters.add("database.read_latency", database.read_latency)
      .meaning("of a read besides CPU time: network, disk, locks")
      .source("assumed: a few joins over indexed columns");
  parameters.add("database.write_latency", database.write_latency)
      .meaning("of a statement that writes, besides CPU time: network, disk, locks")
      .source("assumed: one commit to replicated storage");
  parameters.add("database.batched_row_time", database.batched_write_time)
      .range(0s, 1s)
      .meaning("for each row of a batch")
      .source(assumed);
  parameters.add("database.replication_lag", database.replication_lag)
      .meaning("until a replica has a write")
      .source("assumed: asynchronous replication within a region");
  parameters.add("database.error_probability", database.rules.transient_error_probability)
      .range(0, 1)
      .meaning("share of statements that fail by themselves")
      .source("assumed: deadlocks, serialisation failures");
  parameters.add("database.failover", database.rules.automatic_failover)
      .meaning("make a replica the primary when the primary stays away")
      .source(assumed);
  parameters.add("database.failure_detection_time", database.rules.failure_detection_time)
      .range(0s, 1h)
      .meaning("from the loss of the primary to the begin of a promotion")
      .source("assumed: a few missed health checks");
  parameters.add("database.promotion_time", database.rules.promotion_time)
      .range(0s, 1h)
      .meaning("until the promoted replica takes writes")
      .source("managed databases: 30 s to 2 min in all");
}

}  // namespace

void describe_storage(Parameters& parameters, Config& config) {
  describe_reading(parameters, config.application.reading);
  describe_writing(parameters, config.writes);
  describe_connections(parameters, config);
  describe_database(parameters, config);
}

void describe_scenarios(Parameters& parameters, Config& config) {
  parameters.add("read_heavy.reads", config.read_heavy.reads_count)
      .unit("reads")
      .range(1, 100'000)
      .meaning("of each user")
      .source(guide);
  parameters.add("write_heavy.writes", config.write_heavy.writes_count)
      .unit("writes")
      .range(1, 100'000)
      .meaning("of each user")
      .source(guide);
  parameters.add("ramp_up.duration", config.ramp_up.duration)
      .range(1ms, 24h)
      .meaning("within which all users come; nobody starts a workflow after it")
      .source(guide);
  parameters.add("sustained.users", config.sustained.users_count)
      .unit("users")
      .range(1, 10'000)
      .meaning("users of that scenario")
      .source(guide);
  parameters.add("sustained.duration", config.sustained.duration)
      .range(1ms, 24h)
      .meaning("nobody starts a workflow after it")
      .source(guide);
  parameters.add("spike.users_before", config.spike.users_before)
      .unit("users")
      .range(0, 10'000)
      .meaning("users before, during and after the spike")
      .source(guide);
  parameters.add("spike.begins_at", config.spike.begins_at)
      .range(0s, 24h)
      .meaning("when the other users come")
      .source(assumed);
  parameters.add("spike.duration", config.spike.duration)
      .range(1ms, 24h)
      .meaning("they start no workflow after it")
      .source(assumed);
  parameters.add("spike.ends_at", config.spike.ends_at)
      .range(1ms, 24h)
      .meaning("nobody starts a workflow after it")
      .source(assumed);
  parameters.add("run.limit", config.run_limit)
      .range(1s, 24h)
      .meaning("a scenario that has not ended by then is cut off")
      .source("long enough for every setting of the docs");
}

}  // namespace sim::models::users
