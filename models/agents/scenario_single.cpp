#include "models/agents/measures.hpp"
#include "models/agents/scenarios.hpp"

namespace sim::models::agents {

namespace {

void invoke_in_a_loop(harness::ScenarioRun& run, const Config& config, Kind agent) {
  const Invocations invocations = call(run.simulation(), config, caller_of(config, agent));
  report_times(run, invocations);
  report_accounts(run, invocations);
}

}  // namespace

void fast(harness::ScenarioRun& run, const Config& config) { invoke_in_a_loop(run, config, Kind::fast); }
void medium(harness::ScenarioRun& run, const Config& config) { invoke_in_a_loop(run, config, Kind::medium); }
void slow(harness::ScenarioRun& run, const Config& config) { invoke_in_a_loop(run, config, Kind::slow); }

}  // namespace sim::models::agents
