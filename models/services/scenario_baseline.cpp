#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "models/services/measures.hpp"
#include "models/services/provider.hpp"
#include "models/services/scenarios.hpp"

namespace sim::models::services {

namespace {

/// A provider with its one caller.
struct Benchmark {
  Provider provider;
  std::vector<Ref<Caller>> callers;
};

Benchmark begin_benchmark(Simulation& simulation, const Config& config, ProviderId id) {
  const Provider provider(simulation, config, id);
  Caller::Config calls{.calls_max = config.load.concurrent_calls,
                       .concurrency = config.load.concurrency,
                       .in_batches = config.load.in_batches};
  for (std::size_t number = 0; number < provider.operations_count(); ++number) {
    calls.plan.push_back(operation(number));
  }
  return {provider,
          {simulation.spawn<Caller>(fmt::format("{}-caller", provider.name()), std::move(calls), provider.client())}};
}

}  // namespace

void baseline(harness::ScenarioRun& run, const Config& config) {
  Simulation& simulation = run.simulation();
  std::vector<Benchmark> benchmarks;
  for (const ProviderId id : all_providers) {
    benchmarks.push_back(begin_benchmark(simulation, config, id));
  }
  simulation.run();

  Accounts all;
  std::uint64_t least_at_once = std::numeric_limits<std::uint64_t>::max();
  for (const auto& [provider, callers] : benchmarks) {
    const auto records = ended_calls(simulation, callers);
    const Accounts accounts = accounts_of(provider, callers);
    const std::uint64_t at_once = answered_at_once_max(provider, records);
    const std::string prefix = provider.name() + "_";
    report_response_times(run, prefix, response_times_s(records));
    run.report_share(prefix + "success_rate", accounts.answered, accounts.made);
    run.report(prefix + "operations_per_second", "ops/s",
               static_cast<double>(records.size()) / to_seconds(span(records)), records.size());
    run.report(prefix + "concurrent_requests", "count", static_cast<double>(at_once), accounts.answered);
    report_memory(run, provider, config, prefix);
    least_at_once = std::min(least_at_once, at_once);
    all += accounts;
  }
  const bool is_sound = all.answered == all.made;  // calls at once count for nothing when some of them fail
  run.report("concurrent_requests", "count", is_sound ? static_cast<double>(least_at_once) : nothing_measured,
             all.answered);
  run.report("unanswered", "count", static_cast<double>(all.made - all.answered), all.made);
  report_accounts(run, all);
}

}  // namespace sim::models::services
