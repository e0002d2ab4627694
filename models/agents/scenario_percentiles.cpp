#include "models/agents/measures.hpp"
#include "models/agents/scenarios.hpp"

namespace sim::models::agents {

void percentiles(harness::ScenarioRun& run, const Config& config) {
  Caller::Config caller;
  caller.invocations_count = config.mix.invocations_count;
  caller.pace = Caller::Pace::at_random_times;
  caller.between_invocations = config.mix.between_invocations;
  caller.shares = {1 - config.mix.medium_share - config.mix.slow_share, config.mix.medium_share, config.mix.slow_share};
  caller.inputs = config.mix.inputs;
  const Invocations invocations = call(run.simulation(), config, caller);
  const std::uint64_t samples = invocations.times_ms.size();
  run.report("latency_p50", "ms", percentile_of(invocations.times_ms, 50), samples);
  run.report("latency_p75", "ms", percentile_of(invocations.times_ms, 75), samples);
  run.report("latency_p90", "ms", percentile_of(invocations.times_ms, 90), samples);
  run.report("latency_p95", "ms", percentile_of(invocations.times_ms, 95), samples);
  run.report("latency_p99", "ms", percentile_of(invocations.times_ms, 99), samples);
  run.report("latency_mean", "ms", mean_of(invocations.times_ms), samples);
  run.report("worker_wait_mean", "ms", invocations.waited_ms_mean, samples);
  report_peaks(run, invocations);
  run.check_steady("the invocation times", invocations.times_in_order_ms);
  report_accounts(run, invocations);
}

}  // namespace sim::models::agents
