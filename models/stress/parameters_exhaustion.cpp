#include "models/stress/parameter_groups.hpp"

namespace sim::models::stress {

namespace {

using harness::Parameters;

void describe_breaker(Parameters& parameters, Config::Breaker& breaker) {
  parameters.add("breaker.failure_threshold", breaker.failure_threshold)
      .unit("failures")
      .range(1, 100'000)
      .meaning("failures that open the breaker")
      .source(document);
  parameters
      .add("breaker.opens_on", breaker.opens_on,
           {{"cumulative_failures", policies::CircuitBreaker::OpensOn::cumulative_failures},
            {"consecutive_failures", policies::CircuitBreaker::OpensOn::consecutive_failures}})
      .meaning("failures since the breaker last closed, or in a row")
      .source("stress test plan: a success does not reset the count");
  parameters.add("breaker.wait_duration_in_open_state", breaker.wait_duration_in_open_state)
      .range(1us, 24h)
      .meaning("an open breaker lets a call through when more than this has passed")
      .source(document);
  parameters.add("breaker.healthy_before", breaker.healthy_before)
      .range(0s, 1h)
      .meaning("how long the service works at first")
      .source(assumed);
  parameters.add("breaker.outage", breaker.outage)
      .range(0s, 1h)
      .meaning("how long it then fails")
      .source("assumed: twice the wait of the open breaker, so that a trial call fails");
  parameters.add("breaker.healthy_after", breaker.healthy_after)
      .range(0s, 1h)
      .meaning("how long it works again until the end")
      .source(assumed);
  parameters.add("breaker.failure_probability", breaker.failure_probability)
      .unit("probability")
      .range(0, 1)
      .meaning("of a call during the outage")
      .source("stress test plan: all calls fail");
  parameters.add("breaker.pause", breaker.pause).meaning("between an answer and the next call").source(assumed);
  parameters.add("breaker.latency", breaker.latency)
      .meaning("of an answer of the service, success or failure")
      .source("assumed: a call within a data centre");
}

void describe_connection_pool(Parameters& parameters, Config::ConnectionPool& connection_pool) {
  parameters.add("connection_pool.maximum_pool_size", connection_pool.maximum_pool_size)
      .unit("connections")
      .range(1, 10'000)
      .meaning("connections that the pool has at most")
      .source(document);
  parameters.add("connection_pool.acquire_timeout", connection_pool.acquire_timeout)
      .range(1ms, 24h)
      .or_forever()
      .meaning("how long whoever wants a connection waits for it")
      .source(document);
  parameters.add("connection_pool.release_after", connection_pool.release_after)
      .range(0s, 24h)
      .meaning("when one connection is given back, after all were lent")
      .source(document);
  parameters.add("connection_pool.held_for", connection_pool.held_for)
      .range(0s, 24h)
      .meaning("when all the others are given back")
      .source("assumed: longer than anyone waits");
  parameters.add("connection_pool.creation", connection_pool.creation)
      .meaning("time to open a connection")
      .source("assumed: TCP, TLS and authentication within a region");
}

void describe_degradation(Parameters& parameters, Config::Degradation& degradation) {
  parameters.add("degradation.load", degradation.load)
      .unit("requests")
      .range(1, 9'000)
      .meaning("requests in flight when analytics and recommendations are expected to be off, and search on")
      .source(document);
  parameters.add("degradation.peak_load", degradation.peak_load)
      .unit("requests")
      .range(1, 9'000)
      .meaning("requests in flight when search is expected to be off")
      .source("definition of the targets");
  parameters.add("degradation.reduced_above", degradation.reduced_above)
      .unit("requests")
      .range(1, 100'000)
      .meaning("requests in flight above which analytics and recommendations are off")
      .source(document);
  parameters.add("degradation.minimal_above", degradation.minimal_above)
      .unit("requests")
      .range(1, 100'000)
      .meaning("requests in flight above which search is off, too")
      .source(document);
  parameters.add("degradation.core_off_above", degradation.core_off_above)
      .unit("requests")
      .range(1, 100'000)
      .meaning("requests in flight above which even the core is off")
      .source("assumed: never reached; in the test plan the core is always on");
  parameters.add("degradation.hysteresis", degradation.hysteresis)
      .unit("requests")
      .range(1, 100'000)
      .meaning("requests fewer than at the switching off that switch on again")
      .source("assumed: against going back and forth");
  parameters.add("degradation.recovers", degradation.recovers)
      .meaning("features come back when the load falls; off: they stay off, as the test plan has it")
      .source("assumed: the code of the test plan switches nothing on again");
  parameters.add("degradation.processing", degradation.processing)
      .meaning("of a request that is answered in full")
      .source("stress test plan: 10 ms");
}

void describe_latency_mix(Parameters& parameters, Config::LatencyMix& latency_mix) {
  parameters.add("latency_mix.requests", latency_mix.requests_count)
      .unit("requests")
      .range(1, 1'000'000)
      .meaning("requests of all users together")
      .source(document);
  parameters.add("latency_mix.users", latency_mix.users_count)
      .unit("users")
      .range(1, 10'000)
      .meaning("users that ask again as soon as they have an answer")
      .source("stress test plan: one request after the other");
  parameters.add("latency_mix.servers", latency_mix.servers_count)
      .unit("servers")
      .range(1, 10'000)
      .meaning("requests that are served at once")
      .source(assumed);
  parameters.add("latency_mix.service", latency_mix.service).meaning("time to serve a request").source(document);
}

void describe_multi_tier_cache(Parameters& parameters, Config::MultiTierCache& multi_tier_cache) {
  parameters.add("multi_tier_cache.lookups", multi_tier_cache.lookups_count)
      .unit("lookups")
      .range(1, 1'000'000)
      .meaning("keys that are looked up, one after the other")
      .source(document);
  parameters.add("multi_tier_cache.keys", multi_tier_cache.keys_count)
      .unit("keys")
      .range(1, 1'000'000)
      .meaning("different keys, all of them stored before")
      .source(document);
  parameters.add("multi_tier_cache.l1_entries_max", multi_tier_cache.l1_entries_max)
      .unit("entries")
      .range(1, 1'000'000)
      .meaning("entries of the first tier")
      .source(document);
  parameters.add("multi_tier_cache.l2_entries_max", multi_tier_cache.l2_entries_max)
      .unit("entries")
      .range(1, 1'000'000)
      .meaning("entries of the second tier")
      .source("assumed: the test plan has no bound");
  parameters
      .add("multi_tier_cache.l1_eviction", multi_tier_cache.l1_eviction,
           {{"lru", policies::CacheConfig::Eviction::least_recently_used},
            {"fifo", policies::CacheConfig::Eviction::first_in_first_out}})
      .meaning("which entry leaves the first tier")
      .source("stress test plan: the oldest");
  parameters.add("multi_tier_cache.promotes", multi_tier_cache.promotes)
      .meaning("what the second tier has is copied to the first")
      .source(document);
  parameters
      .add("multi_tier_cache.order", multi_tier_cache.order,
           {{"random", KeyOrder::random}, {"cyclic", KeyOrder::cyclic}})
      .meaning("in which the keys are looked up")
      .source("stress test plan: at random");
  parameters.add("multi_tier_cache.l1_access", multi_tier_cache.l1_access)
      .meaning("look into the first tier")
      .source("assumed: memory");
  parameters.add("multi_tier_cache.l2_access", multi_tier_cache.l2_access)
      .meaning("look into the second tier")
      .source("assumed: a local disk");
  parameters.add("multi_tier_cache.load", multi_tier_cache.load)
      .meaning("of what neither has")
      .source("assumed: a query over the network");
  parameters.add("multi_tier_cache.lookup_timeout", multi_tier_cache.lookup_timeout)
      .range(1us, 1h)
      .meaning("how long the reader waits")
      .source("assumed: far above a load");
}

}  // namespace

void describe_exhaustion(harness::Parameters& parameters, Config& config) {
  describe_breaker(parameters, config.breaker);
  describe_connection_pool(parameters, config.connection_pool);
  describe_degradation(parameters, config.degradation);
  describe_latency_mix(parameters, config.latency_mix);
  describe_multi_tier_cache(parameters, config.multi_tier_cache);
}

}  // namespace sim::models::stress
