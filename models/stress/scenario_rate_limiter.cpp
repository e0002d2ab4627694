#include "models/stress/actors/rate_actors.hpp"
#include "models/stress/measures.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

void rate_limiter(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.rate_limiter;
  Simulation& simulation = run.simulation();
  LimitedEndpoint::Config rules;
  rules.rules.algorithm = settings.algorithm;
  rules.rules.limit = settings.limit;
  rules.rules.window = settings.window;
  const auto endpoint = simulation.spawn<LimitedEndpoint>("endpoint", rules);
  const EagerCaller::Config script{settings.calls_count, settings.pause};
  const auto caller = simulation.spawn<EagerCaller>("caller", script, Port<LimitedCall>(endpoint));
  simulation.run();

  const EagerCaller& seen = simulation.get(caller);
  report_ms(run, "calls_duration", seen.ended_at() - Time{}, settings.calls_count);
  report_ms(run, "retry_after", seen.last_retry_after(), seen.blocked());
  report_bool(run, "allowed_as_told", seen.allowed_as_told());
  report_count(run, "calls", settings.calls_count);
  report_count(run, "allowed", seen.allowed(), settings.calls_count);
  report_count(run, "blocked", seen.blocked(), settings.calls_count);
  run.report_account({.whole = "calls", .parts = {"allowed", "blocked"}});
}

}  // namespace sim::models::stress
