#include <limits>

#include "models/stress/actors/breaker_actors.hpp"
#include "models/stress/measures.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

namespace {

/// Opens after so many failures, waits, and closes again after one success.
CircuitBreaker::Config breaker_rules(const Config::Breaker& settings) {
  CircuitBreaker::Config rules;
  rules.opens_on = settings.opens_on;
  rules.failure_threshold = settings.failure_threshold;
  rules.clears_window = CircuitBreaker::ClearsWindow::on_close;
  rules.late_results = CircuitBreaker::LateResults::as_current;
  rules.wait_duration_in_open_state = settings.wait_duration_in_open_state;
  rules.wait_bound = CircuitBreaker::Bound::strict;
  rules.half_open_decision = CircuitBreaker::HalfOpenDecision::successes;
  rules.permitted_calls_in_half_open = std::numeric_limits<std::uint32_t>::max();
  rules.success_threshold = 1;
  return rules;
}

}  // namespace

void breaker(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.breaker;
  Simulation& simulation = run.simulation();
  Backend::Config failing;
  failing.latency = settings.latency;
  failing.behaviour.brownouts = {{Time{} + settings.healthy_before, settings.outage, 1, settings.failure_probability}};
  const auto backend = simulation.spawn<Backend>("backend", failing);
  const BreakerGate::Config gate_config{breaker_rules(settings)};
  const auto gate = simulation.spawn<BreakerGate>("breaker", gate_config, Port<BackendCall>(backend));
  const Duration duration = settings.healthy_before + settings.outage + settings.healthy_after;
  const BreakerCaller::Config script{duration, settings.pause};
  const auto caller = simulation.spawn<BreakerCaller>("caller", script, Port<BreakerCall>(gate));
  simulation.get(gate).connect(caller);
  simulation.run();

  const BreakerCaller& seen = simulation.get(caller);
  const auto& opening = seen.failures_at_opening();
  run.report("opens_after_failures", "count", opening ? static_cast<double>(*opening) : nothing_measured,
             opening ? 1 : 0);
  report_bool(run, "rejected_while_open", seen.rejected_while_open() > 0 && seen.let_through_while_open() == 0,
              seen.rejected_while_open() + seen.let_through_while_open());
  report_count(run, "openings", seen.openings());
  report_bool(run, "closed_at_end", seen.state() == CircuitBreaker::State::closed);
  run.report("closed_after_outage", "s",
             seen.closed_at() ? to_seconds(*seen.closed_at() - (Time{} + settings.healthy_before + settings.outage))
                              : nothing_measured,
             seen.closed_at() ? 1 : 0);
  report_count(run, "calls", seen.calls());
  report_count(run, "calls_succeeded", seen.succeeded(), seen.calls());
  report_count(run, "calls_failed", seen.failed(), seen.calls());
  report_count(run, "calls_rejected", seen.rejected(), seen.calls());
  // the breaker itself takes no time
  run.check_littles_law("calls", simulation.metrics().gauge("service_in_progress_requests", "backend").integral(),
                        to_seconds(seen.time()));
  run.report_account({.whole = "calls", .parts = {"calls_succeeded", "calls_failed", "calls_rejected"}});
}

}  // namespace sim::models::stress
