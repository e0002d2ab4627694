// What one decision of a component costs; the bound is 100 ns. A call through a breaker is two: `try_acquire` and
// `record`.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "actors/cache/cache.hpp"
#include "actors/circuit_breaker/circuit_breaker.hpp"
#include "actors/load_shedding/bulkhead.hpp"
#include "actors/rate_limit/rate_limiter.hpp"
#include "benchmarks/run_quickly.hpp"

namespace {

using namespace std::chrono_literals;
using sim::policies::CircuitBreaker;

/// Every sixteenth call fails: the breaker stays closed and its window slides.
void circuit_breaker_call(benchmark::State& state, CircuitBreaker::Config config) {
  CircuitBreaker breaker(std::move(config));
  sim::Time now{};
  std::uint32_t calls = 0;
  for (auto _ : state) {
    now += 1ms;
    const auto ticket = breaker.try_acquire(now);
    const bool is_failure = ++calls % 16 == 0;
    breaker.record(*ticket, is_failure ? CircuitBreaker::Outcome::failure : CircuitBreaker::Outcome::success, 1ms, now);
  }
  benchmark::DoNotOptimize(breaker.window_counts());
}
BENCHMARK_CAPTURE(circuit_breaker_call, count_based, CircuitBreaker::resilience4j());
BENCHMARK_CAPTURE(circuit_breaker_call, time_based, CircuitBreaker::polly());
BENCHMARK_CAPTURE(circuit_breaker_call, arrivals, CircuitBreaker::opossum());
BENCHMARK_CAPTURE(circuit_breaker_call, consecutive, CircuitBreaker::cockatiel_consecutive(5, 10s));

void circuit_breaker_rejection(benchmark::State& state) {
  CircuitBreaker breaker(CircuitBreaker::opossum());
  breaker.transition_to(CircuitBreaker::State::forced_open, sim::Time{});
  sim::Time now{};
  for (auto _ : state) {
    now += 1ms;
    benchmark::DoNotOptimize(breaker.try_acquire(now));
  }
}
BENCHMARK(circuit_breaker_rejection);

/// Two of three requests pass.
void rate_limiter_decision(benchmark::State& state, sim::policies::RateLimiter::Algorithm algorithm) {
  sim::policies::RateLimiter limiter({.algorithm = algorithm, .limit = 100, .window = 150ms});
  sim::Time now{};
  for (auto _ : state) {
    now += 1ms;
    benchmark::DoNotOptimize(limiter.acquire(now));
  }
}
BENCHMARK_CAPTURE(rate_limiter_decision, fixed_window, sim::policies::RateLimiter::Algorithm::fixed_window);
BENCHMARK_CAPTURE(rate_limiter_decision, sliding_window_log, sim::policies::RateLimiter::Algorithm::sliding_window_log);
BENCHMARK_CAPTURE(rate_limiter_decision, sliding_window_counter,
                  sim::policies::RateLimiter::Algorithm::sliding_window_counter);
BENCHMARK_CAPTURE(rate_limiter_decision, token_bucket, sim::policies::RateLimiter::Algorithm::token_bucket);
BENCHMARK_CAPTURE(rate_limiter_decision, leaky_bucket, sim::policies::RateLimiter::Algorithm::leaky_bucket);
BENCHMARK_CAPTURE(rate_limiter_decision, gcra, sim::policies::RateLimiter::Algorithm::gcra);

/// Keys that are all there, in an order without locality.
template <class Key>
std::vector<Key> shuffled_keys(std::uint32_t count);

constexpr std::uint32_t stride = 7919;  // a prime

template <>
std::vector<std::uint64_t> shuffled_keys(std::uint32_t count) {
  std::vector<std::uint64_t> keys;
  for (std::uint32_t i = 0; i < count; ++i) {
    keys.push_back((std::uint64_t{i} * stride) % count);
  }
  return keys;
}

template <>
std::vector<std::string> shuffled_keys(std::uint32_t count) {
  std::vector<std::string> keys;
  for (const std::uint64_t key : shuffled_keys<std::uint64_t>(count)) {
    keys.push_back("session-" + std::to_string(key));
  }
  return keys;
}

template <class Key>
void cache_hit(benchmark::State& state) {
  const auto count = static_cast<std::uint32_t>(state.range(0));
  const std::vector<Key> keys = shuffled_keys<Key>(count);
  sim::policies::Cache<Key, std::uint64_t> cache({.entries_max = count, .ttl = sim::forever});
  for (const Key& key : keys) {
    cache.set(key, 1, sim::Time{});
  }
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(cache.get(keys[next], sim::Time{}));
    next = next + 1 == keys.size() ? 0 : next + 1;
  }
}
BENCHMARK_TEMPLATE(cache_hit, std::uint64_t)->Arg(100)->Arg(10'000);
BENCHMARK_TEMPLATE(cache_hit, std::string)->Arg(100)->Arg(10'000);

/// Every lookup misses, fills and evicts.
void cache_miss_and_fill(benchmark::State& state) {
  sim::policies::Cache<std::uint64_t, std::uint64_t> cache({.entries_max = 10'000, .ttl = sim::forever});
  std::uint64_t key = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(cache.get(++key, sim::Time{}));
    cache.set(key, 1, sim::Time{});
  }
}
BENCHMARK(cache_miss_and_fill);

void bulkhead_enter_and_leave(benchmark::State& state) {
  sim::policies::Bulkhead bulkhead(sim::policies::Bulkhead::resilience4j());
  sim::Time now{};
  std::uint64_t call = 0;
  for (auto _ : state) {
    now += 1ms;
    benchmark::DoNotOptimize(bulkhead.enter(now, sim::policies::Permit{++call}));
    benchmark::DoNotOptimize(bulkhead.leave(now));
  }
}
BENCHMARK(bulkhead_enter_and_leave);

}  // namespace

int main(int argc, char** argv) { return run_quickly(argc, argv); }
