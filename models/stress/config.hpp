#pragma once

#include <cstdint>

#include "actors/cache/cache.hpp"
#include "actors/circuit_breaker/circuit_breaker.hpp"
#include "actors/pools/worker_pool_rules.hpp"
#include "actors/queues/bounded_queue.hpp"
#include "actors/rate_limit/rate_limiter.hpp"
#include "libsim/expected.hpp"
#include "libsim/harness/experiment/parameters.hpp"
#include "libsim/random/distribution.hpp"
#include "libsim/time.hpp"

namespace sim::models::stress {

/// How the search for duplicates goes through the values.
enum class DuplicateSearch {
  hash_set,    ///< once, with a set of the values seen
  recent_set,  ///< once, with a set of the values seen last
  all_against_all,
};

/// In which order the keys of a two-tier cache are read.
enum class KeyOrder { random, cyclic };

/// Everything that can be set about the mechanisms under stress, by scenario.
struct Config {
  struct LruCache {
    std::uint32_t inserts_count = 2'000;
    std::uint32_t entries_max = 1'000;
    policies::CacheConfig::Eviction eviction = policies::CacheConfig::Eviction::least_recently_used;
    std::uint32_t hot_keys_count = 50;
    Distribution pause = exponential(1ms);
  } lru_cache;

  struct Listeners {
    std::uint32_t count = 50;
    std::uint32_t warning_above = 100;
    Distribution lifetime = exponential(500ms);
    double crash_probability = 0;
    bool removed_on_crash = true;
    Duration emit_interval = 20ms;
    std::uint32_t emits_count = 50;
  } listeners;

  struct BufferPool {
    std::uint32_t buffers_count = 20;
    std::uint64_t buffer_size_bytes = 1'048'576;
    std::uint32_t retained_max = 10;
    std::uint32_t rounds_count = 3;
    Distribution allocation = lognormal_p50_p99(100us, 400us);
    Distribution clearing = lognormal_p50_p99(50us, 100us);
    Distribution hold = exponential(5ms);
  } buffer_pool;

  struct WeakCache {
    std::uint32_t owners_count = 20;
    std::uint32_t ending_count = 10;
    std::uint32_t entries_per_owner = 5;
    Distribution lifetime = exponential(500ms);
    Distribution computation = lognormal_p50_p99(20ms, 80ms);
    bool owner_bound = true;
  } weak_cache;

  struct ApiLoad {
    std::uint32_t requests_count = 1'000;
    Distribution processing = uniform(0ms, 10ms);
    Distribution cpu = exponential(200us);
    std::uint32_t cpu_cores = 1;
    std::uint32_t in_flight_max = 10'000;
    Duration client_timeout = 10s;
  } api_load;

  struct RateLimiter {
    std::uint32_t calls_count = 150;
    std::uint32_t limit = 100;
    Duration window = 1s;
    policies::RateLimiter::Algorithm algorithm = policies::RateLimiter::Algorithm::sliding_window_log;
    Distribution pause = exponential(1ms);
  } rate_limiter;

  struct QueueOverflow {
    std::uint32_t items_count = 1'500;
    std::uint32_t capacity = 1'000;
    policies::BoundedQueue<std::uint32_t>::OnFull on_full = policies::BoundedQueue<std::uint32_t>::OnFull::reject;
    Distribution pause = exponential(100us);
    Duration consumer_stall = 1s;
    Distribution processing = exponential(1ms);
  } queue_overflow;

  struct Backpressure {
    std::uint32_t items_count = 150;
    std::uint32_t high_water_mark = 100;
    std::uint32_t low_water_mark = 20;
    std::uint32_t capacity = 128;
    std::uint32_t batch_size = 10;
    Distribution batch = lognormal_p50_p99(5ms, 10ms);
    Distribution pause = exponential(50us);
    Distribution signal_delay = exponential(200us);
    bool heeded = true;
    double resume_loss_probability = 0;
  } backpressure;

  struct ComputePool {
    std::uint32_t workers_count = 4;
    std::uint32_t tasks_count = 10;
    std::uint32_t queue_max = 1'000;
    Distribution task_time = lognormal_p50_p99(10ms, 20ms);
    Duration task_timeout = 1s;
  } compute_pool;

  struct ComputeTimeout {
    Duration limit = 100ms;
    Distribution fast_task = exponential(1ms);
    Distribution slow_task = constant(200ms);
    std::uint32_t workers_count = 1;
    policies::WorkerPool::OnTimeout on_timeout = policies::WorkerPool::OnTimeout::keep_worker;
  } compute_timeout;

  struct Deduplication {
    std::uint32_t values_count = 10'000;
    std::uint32_t modulus = 100;
    DuplicateSearch search = DuplicateSearch::hash_set;
    std::uint32_t remembered_max = 50;
    std::uint32_t slice = 1'000;
    Distribution cost_per_value = lognormal_p50_p99(100ns, 200ns);
    Distribution cost_per_comparison = lognormal_p50_p99(2ns, 4ns);
  } deduplication;

  struct Memoization {
    bool remembers = true;
    bool single_flight = false;
    bool at_once = false;
    std::uint32_t rounds_count = 1;
    std::uint32_t entries_max = 100;
    Distribution cost_per_unit = lognormal_p50_p99(1ms, 2ms);
  } memoization;

  struct Breaker {
    std::uint32_t failure_threshold = 5;
    policies::CircuitBreaker::OpensOn opens_on = policies::CircuitBreaker::OpensOn::cumulative_failures;
    Duration wait_duration_in_open_state = 1s;
    Duration healthy_before = 500ms;
    Duration outage = 2s;
    Duration healthy_after = 3s;
    double failure_probability = 1;
    Distribution pause = exponential(50ms);
    Distribution latency = lognormal_p50_p99(10ms, 50ms);
  } breaker;

  struct ConnectionPool {
    std::uint32_t maximum_pool_size = 10;
    Duration acquire_timeout = 1s;
    Duration release_after = 500ms;
    Duration held_for = 2s;
    Distribution creation = lognormal_p50_p99(15ms, 60ms);
  } connection_pool;

  struct Degradation {
    std::uint32_t load = 85;
    std::uint32_t peak_load = 95;
    std::uint32_t reduced_above = 80;
    std::uint32_t minimal_above = 90;
    std::uint32_t core_off_above = 10'000;
    std::uint32_t hysteresis = 5;
    bool recovers = true;
    Distribution processing = lognormal_p50_p99(10ms, 30ms);
  } degradation;

  struct LatencyMix {
    std::uint32_t requests_count = 1'000;
    std::uint32_t users_count = 1;
    std::uint32_t servers_count = 1;
    Distribution service;

    LatencyMix();
  } latency_mix;

  struct MultiTierCache {
    std::uint32_t lookups_count = 1'000;
    std::uint32_t keys_count = 200;
    std::uint32_t l1_entries_max = 100;
    std::uint32_t l2_entries_max = 1'000;
    policies::CacheConfig::Eviction l1_eviction = policies::CacheConfig::Eviction::first_in_first_out;
    bool promotes = true;
    KeyOrder order = KeyOrder::random;
    Distribution l1_access = lognormal_p50_p99(5us, 20us);
    Distribution l2_access = lognormal_p50_p99(500us, 5ms);
    Distribution load = lognormal_p50_p99(20ms, 80ms);
    Duration lookup_timeout = 1s;
  } multi_tier_cache;
};

/// Declares every parameter, bound to `config`.
void describe(harness::Parameters& parameters, Config& config);

/// Refuses values that contradict each other.
[[nodiscard]] Expected<void> validate(const Config& config);

}  // namespace sim::models::stress
