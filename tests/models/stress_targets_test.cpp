#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "models/stress/experiment.hpp"
#include "tests/models/target_cases.hpp"

using namespace sim;
using namespace sim::testing::target_cases;
using models::stress::experiment;

namespace {

const std::vector<Missed> settings_that_miss = {
    {"lru_cache", "entries_max", {{"lru_cache.entries_max", "1500"}}},
    {"listeners",
     "listeners_after_cleanup",
     {{"listeners.crash_probability", "0.2"}, {"listeners.removed_on_crash", "off"}}},
    {"buffer_pool", "pooled_buffers", {{"buffer_pool.retained_max", "15"}}},
    {"weak_cache", "entries_after_owner_gone", {{"weak_cache.owner_bound", "off"}}},
    {"api_load", "requests_processed", {{"api_load.in_flight_max", "500"}}},
    {"api_load", "duration", {{"api_load.cpu", "exponential(6ms)"}}},
    {"rate_limiter", "allowed", {{"rate_limiter.algorithm", "token_bucket"}}},
    {"rate_limiter", "blocked", {{"rate_limiter.pause", "exponential(10ms)"}}},
    {"queue_overflow",
     "size",
     {{"queue_overflow.consumer_stall", "0s"}, {"queue_overflow.processing", "constant(1us)"}}},
    {"queue_overflow", "dropped", {{"queue_overflow.consumer_stall", "0s"}}},
    {"queue_overflow",
     "utilization",
     {{"queue_overflow.consumer_stall", "0s"}, {"queue_overflow.processing", "constant(1us)"}}},
    {"backpressure", "paused_at_high_water", {{"backpressure.high_water_mark", "160"}}},
    {"backpressure", "paused_at_end", {{"backpressure.resume_loss_probability", "1"}}},
    {"backpressure", "items_lost", {{"backpressure.heeded", "off"}}},
    {"compute_pool", "tasks_correct", {{"compute_pool.queue_max", "5"}}},
    {"compute_timeout", "fast_ok", {{"compute_timeout.limit", "10us"}}},
    {"compute_timeout", "slow_timed_out", {{"compute_timeout.limit", "300ms"}}},
    {"deduplication", "duplicates_found", {{"deduplication.search", "recent_set"}}},
    {"deduplication", "duration", {{"deduplication.search", "all_against_all"}}},
    {"memoization", "computations", {{"memoization.at_once", "on"}}},
    {"breaker", "opens_after_failures", {{"breaker.failure_threshold", "6"}}},
    {"breaker", "rejected_while_open", {{"breaker.wait_duration_in_open_state", "1us"}}},
    {"connection_pool", "active_at_exhaustion", {{"connection_pool.maximum_pool_size", "9"}}},
    {"connection_pool", "waiter_served", {{"connection_pool.release_after", "1500ms"}}},
    {"connection_pool", "waiter_timed_out", {{"connection_pool.acquire_timeout", "30s"}}},
    {"degradation", "analytics_off_above_80", {{"degradation.reduced_above", "86"}}},
    {"degradation", "search_off_above_90", {{"degradation.minimal_above", "96"}}},
    {"degradation", "core_always_on", {{"degradation.core_off_above", "92"}}},
    {"degradation", "search_on_at_85", {{"degradation.minimal_above", "82"}}},
    {"latency_mix", "latency_p50", {{"latency_mix.users", "4"}}},
    {"latency_mix", "latency_p95", {{"latency_mix.users", "4"}}},
    {"latency_mix", "latency_p99", {{"latency_mix.users", "4"}}},
    {"multi_tier_cache", "lookups", {{"multi_tier_cache.lookup_timeout", "1ms"}}},
    {"multi_tier_cache", "l1_hits", {{"multi_tier_cache.order", "cyclic"}}},
    {"multi_tier_cache", "l2_hits", {{"multi_tier_cache.keys", "100"}}}};

}  // namespace

TEST_CASE("each target of stress is missed under some setting", "[stress][targets]") {
  check_each_is_missed(experiment(), settings_that_miss);
}

TEST_CASE("with its defaults every mechanism meets its targets, whatever the seed", "[stress][targets]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    INFO(seed);
    CHECK(not_met_with_defaults(experiment(), seed) == Lines{});
  }
}
