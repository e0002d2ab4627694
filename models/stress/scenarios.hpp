#pragma once

#include "libsim/harness/experiment/scenario_run.hpp"
#include "models/stress/config.hpp"

/// The scripts of the scenarios, one mechanism each. Each reports the metrics of its targets and an account of what
/// went through the mechanism.
namespace sim::models::stress {

/// More entries than a bounded cache has room for, and some keys that are read again and again.
void lru_cache(harness::ScenarioRun& run, const Config& config);

/// Listeners of an event come and go.
void listeners(harness::ScenarioRun& run, const Config& config);

/// More buffers in use than the pool keeps when they come back.
void buffer_pool(harness::ScenarioRun& run, const Config& config);

/// Owners of cache entries end, some with a computation on its way.
void weak_cache(harness::ScenarioRun& run, const Config& config);

/// Requests to an endpoint, all at once.
void api_load(harness::ScenarioRun& run, const Config& config);

/// More calls within a window than a limiter allows.
void rate_limiter(harness::ScenarioRun& run, const Config& config);

/// More items than a queue holds while its consumer stalls.
void queue_overflow(harness::ScenarioRun& run, const Config& config);

/// A producer that is faster than its consumer, and is told to pause.
void backpressure(harness::ScenarioRun& run, const Config& config);

/// More tasks at once than there are workers.
void compute_pool(harness::ScenarioRun& run, const Config& config);

/// A task within its time limit and one beyond it.
void compute_timeout(harness::ScenarioRun& run, const Config& config);

/// A search for duplicates among many values.
void deduplication(harness::ScenarioRun& run, const Config& config);

/// f(5), f(5), f(3), with results that are remembered.
void memoization(harness::ScenarioRun& run, const Config& config);

/// A service fails for a while; the breaker before it opens, and closes again.
void breaker(harness::ScenarioRun& run, const Config& config);

/// All connections are lent; someone waits with success, and someone in vain.
void connection_pool(harness::ScenarioRun& run, const Config& config);

/// Features are given up as the number of requests in flight rises.
void degradation(harness::ScenarioRun& run, const Config& config);

/// Requests of which a few take much longer than the others.
void latency_mix(harness::ScenarioRun& run, const Config& config);

/// Lookups through a small cache before a large one.
void multi_tier_cache(harness::ScenarioRun& run, const Config& config);

}  // namespace sim::models::stress
