#pragma once

#include "libsim/harness/experiment/scenario_run.hpp"
#include "models/agents/config.hpp"

/// The scripts of the seven scenarios. Each reports the metrics of its targets and how its invocations ended.
namespace sim::models::agents {

/// Invocations of one agent, one after the other.
void fast(harness::ScenarioRun& run, const Config& config);
void medium(harness::ScenarioRun& run, const Config& config);
void slow(harness::ScenarioRun& run, const Config& config);

/// The same invocations plain and secure.
void secure(harness::ScenarioRun& run, const Config& config);

/// A mix of all agents at random times.
void percentiles(harness::ScenarioRun& run, const Config& config);

/// A team of the three agents, in sequence and in parallel.
void parallel(harness::ScenarioRun& run, const Config& config);

/// Many invocations of one agent at once.
void concurrent(harness::ScenarioRun& run, const Config& config);

}  // namespace sim::models::agents
