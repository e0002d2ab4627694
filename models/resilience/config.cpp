#include "models/resilience/config.hpp"

#include <fmt/format.h>

namespace sim::models::resilience {

Config::Config() {
  using Rules = policies::CircuitBreaker;
  breaker_rules.opens_on = Rules::OpensOn::consecutive_failures;
  breaker_rules.failure_threshold = 5;
  breaker_rules.wait_duration_in_open_state = 60s;
  breaker_rules.half_open_decision = Rules::HalfOpenDecision::successes;
  breaker_rules.success_threshold = 2;
  breaker_rules.permitted_calls_in_half_open = 2;

  workflow.orchestrator.saga.step_retry.jitter = policies::RetrySchedule::Jitter::full;
  workflow.orchestrator.saga.compensation_retry.jitter = policies::RetrySchedule::Jitter::full;
  workflow.participant.execution_error_probability = 0.005;
  workflow.participant.compensation_error_probability = 0.005;

  failover.retry.initial_delay = 200ms;
  failover.retry.jitter = policies::RetrySchedule::Jitter::full;

  cascade.call_retry.initial_delay = 100ms;
  cascade.call_retry.jitter = policies::RetrySchedule::Jitter::full;
  cascade.request_retry.initial_delay = 500ms;
  cascade.request_retry.jitter = policies::RetrySchedule::Jitter::full;

  metastable.retry.initial_delay = 100ms;
  metastable.retry.jitter = policies::RetrySchedule::Jitter::full;
}

Expected<void> validate(const Config& config) {
  if (auto faults = actors::FaultInjector::validate({config.faults, fault_targets()}); !faults) {
    return faults;
  }
  if (config.workflow.failing_stage > config.workflow.stages_count) {
    return unexpected(fmt::format("--workflow.failing_stage {}: expected at most --workflow.stages, which is {}",
                                  config.workflow.failing_stage, config.workflow.stages_count));
  }
  const Config::BreakerScenario& breaker = config.breaker_scenario;
  if (breaker.outage_at + breaker.outage_duration > breaker.duration) {
    return unexpected(fmt::format(
        "--breaker_scenario.outage_duration {}: expected an end before --breaker_scenario.duration, which is {}",
        to_text(breaker.outage_duration), to_text(breaker.duration)));
  }
  const Config::Cascade& cascade = config.cascade;
  if (cascade.outage_at + cascade.outage_duration > cascade.duration) {
    return unexpected(
        fmt::format("--cascade.outage_duration {}: expected an end before --cascade.duration, which is {}",
                    to_text(cascade.outage_duration), to_text(cascade.duration)));
  }
  const Config::Metastable& metastable = config.metastable;
  if (metastable.spike_at + metastable.spike_duration + 40s > metastable.duration) {
    return unexpected(fmt::format("--metastable.duration {}: expected at least 40 s after the spike, which ends at {}",
                                  to_text(metastable.duration),
                                  to_text(metastable.spike_at + metastable.spike_duration)));
  }
  if (metastable.ramp_rate_first_per_s > metastable.ramp_rate_last_per_s) {
    return unexpected(
        fmt::format("--metastable.ramp_rate_first {}: expected at most --metastable.ramp_rate_last, which is {}",
                    metastable.ramp_rate_first_per_s, metastable.ramp_rate_last_per_s));
  }
  return {};
}

}  // namespace sim::models::resilience
