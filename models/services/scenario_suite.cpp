#include <algorithm>

#include "models/services/measures.hpp"
#include "models/services/provider.hpp"
#include "models/services/scenarios.hpp"

namespace sim::models::services {

namespace {

/// The plan of one operation after the other, each so often.
std::vector<actors::ApiOperation> in_blocks(std::size_t operations_count, std::uint32_t calls) {
  std::vector<actors::ApiOperation> plan;
  for (std::size_t number = 0; number < operations_count; ++number) {
    plan.insert(plan.end(), calls, operation(number));
  }
  return plan;
}

void report_operations(harness::ScenarioRun& run, const Config& config, ProviderId id,
                       const std::vector<Caller::Record>& records) {
  const auto& operations = config.provider(id).operations;
  for (std::size_t number = 0; number < operations.size(); ++number) {
    std::vector<Caller::Record> own;
    std::copy_if(records.begin(), records.end(), std::back_inserter(own),
                 [&](const Caller::Record& record) { return record.operation == operation(number); });
    report_response_times(run, operations[number].name + "_", response_times_s(own));
  }
}

/// The test suite of one provider.
void run_suite(harness::ScenarioRun& run, const Config& config, ProviderId id) {
  Simulation& simulation = run.simulation();
  const Provider provider(simulation, config, id);
  const std::vector<actors::ApiOperation> blocks = in_blocks(provider.operations_count(), config.load.sequential_calls);
  const Caller::Config sequential{.number = 0, .plan = blocks, .calls_max = static_cast<std::uint32_t>(blocks.size())};
  const Caller::Config concurrent{.number = 1,
                                  .plan = in_blocks(provider.operations_count(), 1),
                                  .calls_max = config.load.concurrent_calls,
                                  .concurrency = config.load.concurrency,
                                  .in_batches = config.load.in_batches};
  std::vector<Ref<Caller>> callers{simulation.spawn<Caller>("sequential-caller", sequential, provider.client())};
  simulation.run();
  callers.push_back(simulation.spawn<Caller>("concurrent-caller", concurrent, provider.client()));
  simulation.run();

  const auto records = ended_calls(simulation, callers);
  const auto concurrent_records = ended_calls(simulation, {callers.back()});
  const Accounts accounts = accounts_of(provider, callers);
  report_response_times(run, "", response_times_s(records));
  run.report_share("success_rate", accounts.answered, accounts.made);
  report_memory(run, provider, config);
  run.report("operations_per_second", "ops/s",
             static_cast<double>(concurrent_records.size()) / to_seconds(span(concurrent_records)),
             concurrent_records.size());
  run.report("throttled_by_provider", "count",
             static_cast<double>(simulation.metrics().counter_total("throttled_count")), provider.visits().size());
  report_operations(run, config, id, records);
  report_accounts(run, accounts);
}

}  // namespace

void contentful(harness::ScenarioRun& run, const Config& config) { run_suite(run, config, ProviderId::contentful); }

void cloudinary(harness::ScenarioRun& run, const Config& config) { run_suite(run, config, ProviderId::cloudinary); }

}  // namespace sim::models::services
