#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <vector>

#include "libsim/harness/run/replication_set.hpp"
#include "models/sessions/experiment.hpp"

/// Replications per second of the scenario `load` for a number of jobs: two jobs on two cores should give at least 1.8
/// times the replications of one. Wall time counts here, so the machine has to be idle.

namespace {

void replications(benchmark::State& state) {
  const auto experiment = sim::models::sessions::experiment();
  const auto setup = experiment.set_up();
  const auto load = experiment.scenario_index("load").value();
  const auto jobs = static_cast<std::uint32_t>(state.range(0));
  constexpr std::uint32_t replications = 200;
  for (auto _ : state) {
    sim::harness::ReplicationSet set(experiment, *setup, load, {.seed = 1, .detail = sim::harness::Detail::reports});
    const auto extended = sim::harness::extend({{&set, replications}}, jobs);
    if (!extended || set.count() != replications) {
      state.SkipWithError("a replication failed");
    }
  }
  state.SetItemsProcessed(state.iterations() * replications);
}

BENCHMARK(replications)
    ->Name("replications of load")
    ->ArgName("jobs")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
