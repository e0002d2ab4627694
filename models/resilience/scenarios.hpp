#pragma once

#include "libsim/harness/experiment/scenario_run.hpp"
#include "models/resilience/config.hpp"

/// The scripts of the eight scenarios. Each reports the metrics of its targets, and the accounts of its requests.
namespace sim::models::resilience {

/// A service fails for longer than its breaker stays open: the breaker goes through all its changes of state.
void breaker(harness::ScenarioRun& run, const Config& config);

/// A service is down again and again, and comes back while its breaker is open.
void recovery(harness::ScenarioRun& run, const Config& config);

/// A service that fails half of the time, and then is stable.
void intermittent(harness::ScenarioRun& run, const Config& config);

/// Workflows that fail, at the documented stage and at every other one; the orchestrator killed between any two steps.
void compensation(harness::ScenarioRun& run, const Config& config);

/// Workflows that fail at each stage, and each of their compensations fails in turn.
void partial_compensation(harness::ScenarioRun& run, const Config& config);

/// The database refuses connections, fails twice, hangs, loses its replicas, loses its primary.
void failover(harness::ScenarioRun& run, const Config& config);

/// Service A hangs behind a gateway that it shares with service B, once with and once without this failure.
void cascade(harness::ScenarioRun& run, const Config& config);

/// A spike of load, and whether goodput comes back when it is over; then the load rises and falls slowly.
void metastable(harness::ScenarioRun& run, const Config& config);

}  // namespace sim::models::resilience
