#include "models/stress/parameter_groups.hpp"

namespace sim::models::stress {

namespace {

using harness::Parameters;

void describe_lru_cache(Parameters& parameters, Config::LruCache& lru_cache) {
  parameters.add("lru_cache.inserts", lru_cache.inserts_count)
      .unit("inserts")
      .range(1, 1'000'000)
      .meaning("keys that are inserted one after the other, each once")
      .source(document);
  parameters.add("lru_cache.entries_max", lru_cache.entries_max)
      .unit("entries")
      .range(1, 1'000'000)
      .meaning("entries that the cache has room for")
      .source(document);
  parameters
      .add("lru_cache.eviction", lru_cache.eviction,
           {{"lru", policies::CacheConfig::Eviction::least_recently_used},
            {"fifo", policies::CacheConfig::Eviction::first_in_first_out}})
      .meaning("which entry goes when the cache is full: the one not used for longest, or the oldest")
      .source(document);
  parameters.add("lru_cache.hot_keys", lru_cache.hot_keys_count)
      .unit("keys")
      .range(0, 1'000'000)
      .meaning("first keys, of which one is read after each insert; 0: nothing is read")
      .source("assumed: few enough to be read again before they are the last");
  parameters.add("lru_cache.pause", lru_cache.pause)
      .meaning("between two inserts")
      .source("assumed; it changes no count");
}

void describe_listeners(Parameters& parameters, Config::Listeners& listeners) {
  parameters.add("listeners.count", listeners.count)
      .unit("listeners")
      .range(1, 100'000)
      .meaning("actors that listen to the event, all from the start")
      .source(document);
  parameters.add("listeners.warning_above", listeners.warning_above)
      .unit("listeners")
      .range(0, 100'000)
      .meaning("listeners of one event that are taken for a leak; 0: never")
      .source(document);
  parameters.add("listeners.lifetime", listeners.lifetime).meaning("how long an actor listens").source(assumed);
  parameters.add("listeners.crash_probability", listeners.crash_probability)
      .unit("probability")
      .range(0, 1)
      .meaning("of an actor: that it ends without cleaning up")
      .source("0: in the test plan everybody cleans up");
  parameters.add("listeners.removed_on_crash", listeners.removed_on_crash)
      .meaning("the bus watches its listeners, and drops those of an actor that is gone")
      .source("assumed: event emitters leave it to every listener to clean up by itself");
  parameters.add("listeners.emit_interval", listeners.emit_interval)
      .range(1us, 1h)
      .meaning("between two events")
      .source(assumed);
  parameters.add("listeners.emits", listeners.emits_count)
      .unit("events")
      .range(0, 100'000)
      .meaning("events")
      .source("assumed: twice the mean life of a listener");
}

void describe_buffer_pool(Parameters& parameters, Config::BufferPool& buffer_pool) {
  parameters.add("buffer_pool.buffers", buffer_pool.buffers_count)
      .unit("buffers")
      .range(1, 100'000)
      .meaning("buffers that are in use at the same time")
      .source(document);
  parameters.add("buffer_pool.buffer_size_bytes", buffer_pool.buffer_size_bytes)
      .unit("B")
      .range(1, 1'073'741'824)
      .meaning("size of a buffer")
      .source("stress test plan: 1 MB");
  parameters.add("buffer_pool.retained_max", buffer_pool.retained_max)
      .unit("buffers")
      .range(0, 100'000)
      .meaning("buffers that are kept when they come back; more are freed")
      .source(document);
  parameters.add("buffer_pool.rounds", buffer_pool.rounds_count)
      .unit("rounds")
      .range(1, 1'000)
      .meaning("how often all are taken and given back")
      .source("assumed: the second time shows what the pool is worth");
  parameters.add("buffer_pool.allocation", buffer_pool.allocation)
      .meaning("time to allocate a buffer")
      .source("assumed: 256 page faults of about 0.4 us");
  parameters.add("buffer_pool.clearing", buffer_pool.clearing)
      .meaning("time to clear a buffer that is kept")
      .source("assumed: 1 MB at about 20 GB/s");
  parameters.add("buffer_pool.hold", buffer_pool.hold).meaning("how long the buffers are in use").source(assumed);
}

void describe_weak_cache(Parameters& parameters, Config::WeakCache& weak_cache) {
  parameters.add("weak_cache.owners", weak_cache.owners_count)
      .unit("owners")
      .range(1, 10'000)
      .meaning("actors that the cache keeps entries for")
      .source("assumed: the test plan has one");
  parameters.add("weak_cache.ending", weak_cache.ending_count)
      .unit("owners")
      .range(0, 10'000)
      .meaning("owners that end; the others live on")
      .source(assumed);
  parameters.add("weak_cache.entries_per_owner", weak_cache.entries_per_owner)
      .unit("entries")
      .range(1, 1'000)
      .meaning("results that are computed for an owner")
      .source(assumed);
  parameters.add("weak_cache.lifetime", weak_cache.lifetime)
      .meaning("of an owner; those that live on have it as the time for their computations")
      .source(assumed);
  parameters.add("weak_cache.computation", weak_cache.computation)
      .meaning("from the order of a result to its arrival in the cache; the last one comes after the end of its owner")
      .source("assumed: a query");
  parameters.add("weak_cache.owner_bound", weak_cache.owner_bound)
      .meaning("entries go with their owner; off: an ordinary map that knows no owners")
      .source(document);
}

}  // namespace

void describe_memory(harness::Parameters& parameters, Config& config) {
  describe_lru_cache(parameters, config.lru_cache);
  describe_listeners(parameters, config.listeners);
  describe_buffer_pool(parameters, config.buffer_pool);
  describe_weak_cache(parameters, config.weak_cache);
}

}  // namespace sim::models::stress
