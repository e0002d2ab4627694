#include "models/services/measures.hpp"
#include "models/services/provider.hpp"
#include "models/services/scenarios.hpp"

namespace sim::models::services {

namespace {

constexpr actors::ApiOperation create_customer = operation(0);
constexpr actors::ApiOperation create_payment = operation(1);

/// Runs one caller to its end and reports what both scenarios have.
std::vector<Caller::Record> run_calls(harness::ScenarioRun& run, const Config& config, const Caller::Config& calls) {
  Simulation& simulation = run.simulation();
  const Provider stripe(simulation, config, ProviderId::stripe);
  const std::vector<Ref<Caller>> callers{simulation.spawn<Caller>("caller", calls, stripe.client())};
  simulation.run();

  auto records = ended_calls(simulation, callers);
  const Accounts accounts = accounts_of(stripe, callers);
  report_response_times(run, "", response_times_s(records));
  run.report_share("success_rate", accounts.answered, accounts.made);
  run.report("operations_per_second", "ops/s", static_cast<double>(records.size()) / to_seconds(span(records)),
             records.size());
  run.report("calls_at_once_max", "count", static_cast<double>(answered_at_once_max(stripe, records)), records.size());
  report_memory(run, stripe, config);
  report_accounts(run, accounts);
  return records;
}

}  // namespace

void stripe_create_customer(harness::ScenarioRun& run, const Config& config) {
  run_calls(run, config, {.plan = {create_customer}, .calls_max = config.load.sequential_calls});
}

void stripe_payments(harness::ScenarioRun& run, const Config& config) {
  run_calls(run, config,
            {.plan = {create_payment},
             .calls_max = config.load.concurrent_calls,
             .concurrency = config.load.concurrency,
             .in_batches = config.load.in_batches});
}

}  // namespace sim::models::services
