#include "models/agents/measures.hpp"
#include "models/agents/scenarios.hpp"

namespace sim::models::agents {

void concurrent(harness::ScenarioRun& run, const Config& config) {
  Caller::Config caller = caller_of(config, config.concurrent.agent);
  caller.invocations_count = config.concurrent.invocations_count;
  caller.pace = Caller::Pace::all_at_once;
  const Invocations invocations = call(run.simulation(), config, caller);
  report_times(run, invocations);
  run.report("last_answer_time", "ms", percentile_of(invocations.times_ms, 100), invocations.times_ms.size());
  report_peaks(run, invocations);
  report_accounts(run, invocations);
}

}  // namespace sim::models::agents
