// What a decision of a circuit breaker costs: one call, that is `try_acquire` and `record`, or one rejection.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <utility>

#include "actors/policies/circuit_breaker.hpp"

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

}  // namespace

BENCHMARK_MAIN();
