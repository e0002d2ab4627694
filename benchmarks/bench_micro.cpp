// The parts that every event pays for, one at a time.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "benchmarks/run_quickly.hpp"
#include "libsim/kernel/event_set.hpp"
#include "libsim/sim.hpp"

namespace {

using namespace std::chrono_literals;

sim::RandomStream make_stream() {
  return sim::RandomStream({.seed = 1, .replication = 0, .actor = "bench", .incarnation = 0, .purpose = "draw"});
}

/// The hold model (Jones, "An empirical comparison of priority-queue and event-set implementations", CACM 1986): remove
/// the next of n events and add one.
void event_set_hold(benchmark::State& state) {
  const auto size = static_cast<std::size_t>(state.range(0));
  sim::RandomStream random = make_stream();
  const sim::Distribution delay = sim::exponential(1s);
  std::vector<sim::detail::Event> events(size);
  sim::detail::EventSet set;
  std::uint64_t sequence = 0;
  sim::Time now{};
  for (sim::detail::Event& event : events) {
    set.push_later(now + 1ns + delay.sample(random), sequence++, &event);
  }
  for (auto _ : state) {
    const auto next = set.peek(now);
    set.pop(next);
    now = next.at;
    set.push_later(now + 1ns + delay.sample(random), sequence++, next.event);
  }
}
BENCHMARK(event_set_hold)->Arg(2)->Arg(1'000)->Arg(100'000);

void event_set_present_instant(benchmark::State& state) {
  sim::detail::Event event;
  sim::detail::EventSet set;
  std::uint64_t sequence = 0;
  for (auto _ : state) {
    set.push_now(sequence++, &event);
    const auto next = set.peek(sim::Time{});
    benchmark::DoNotOptimize(next.event);
    set.pop(next);
  }
}
BENCHMARK(event_set_present_instant);

void stream_draw(benchmark::State& state) {
  sim::RandomStream random = make_stream();
  for (auto _ : state) {
    benchmark::DoNotOptimize(random());
  }
}
BENCHMARK(stream_draw);

void stream_standard_exponential(benchmark::State& state) {
  sim::RandomStream random = make_stream();
  for (auto _ : state) {
    benchmark::DoNotOptimize(random.standard_exponential());
  }
}
BENCHMARK(stream_standard_exponential);

void distribution_sample(benchmark::State& state, const char* text) {
  sim::RandomStream random = make_stream();
  const sim::Distribution distribution = *sim::parse_distribution(text);
  for (auto _ : state) {
    benchmark::DoNotOptimize(distribution.sample(random));
  }
}
BENCHMARK_CAPTURE(distribution_sample, exponential, "exponential(1s)");
BENCHMARK_CAPTURE(distribution_sample, lognormal, "lognormal(mean=1s, cv=2)");
BENCHMARK_CAPTURE(distribution_sample, gamma, "gamma(shape=2, mean=1s)");
BENCHMARK_CAPTURE(distribution_sample, weibull, "weibull(shape=1.5, scale=1s)");

void tally_add(benchmark::State& state) {
  sim::Tally tally;
  double value = 1.0;
  for (auto _ : state) {
    tally.add(value);
    value += 0.001;
  }
}
BENCHMARK(tally_add);

void gauge_set(benchmark::State& state) {
  sim::Simulation simulation;
  sim::Gauge& gauge = simulation.metrics().gauge("level_items", "bench");
  double level = 0.0;
  for (auto _ : state) {
    gauge.set(level);
    level += 1.0;
  }
}
BENCHMARK(gauge_set);

void simulation_made_and_destroyed(benchmark::State& state) {
  for (auto _ : state) {
    const sim::Simulation simulation;
    benchmark::DoNotOptimize(&simulation);
  }
}
BENCHMARK(simulation_made_and_destroyed);

}  // namespace

int main(int argc, char** argv) { return run_quickly(argc, argv); }
