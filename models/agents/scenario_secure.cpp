#include <string>

#include "models/agents/measures.hpp"
#include "models/agents/scenarios.hpp"

namespace sim::models::agents {

void secure(harness::ScenarioRun& run, const Config& config) {
  const Caller::Config caller = caller_of(config, config.secure.agent);
  Config plain_config = config;
  plain_config.security = false;
  Config secure_config = config;
  secure_config.security = true;
  Invocations invocations = call(run.simulation("plain"), plain_config, caller);
  const double plain_ms = mean_of(invocations.times_ms);
  Simulation& simulation = run.simulation("secure");
  const Invocations secured = call(simulation, secure_config, caller);
  const double secure_ms = mean_of(secured.times_ms);

  run.report("security_overhead", "percent", 100 * (secure_ms - plain_ms) / plain_ms, secured.times_ms.size());
  run.report("plain_time_mean", "ms", plain_ms, invocations.times_ms.size());
  run.report("secure_time_mean", "ms", secure_ms, secured.times_ms.size());
  for (const char* step : {"authentication", "validation", "encryption"}) {
    const auto tally = simulation.metrics().merged_tally(std::string(step) + "_s");
    const bool has_run = tally && !tally->empty();
    run.report(std::string(step) + "_time_mean", "ms", has_run ? 1e3 * tally->mean() : nothing_measured,
               has_run ? tally->count() : 0);
  }
  invocations.add_ends(secured);
  report_accounts(run, invocations);
}

}  // namespace sim::models::agents
