#include "models/resilience/config.hpp"

#include <fmt/format.h>

#include "models/contradiction.hpp"

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

namespace {

Expected<void> validate_delays(const Config& config) {
  const auto check_schedule = [](const char* name, const policies::RetrySchedule::Config& schedule) {
    return check_delay(name, schedule.initial_delay, schedule.delay_max);
  };
  return check_delay("workflow.retry_delay", config.workflow.retry_delay, config.workflow.retry_delay_max)
      .and_then([&] { return check_schedule("failover.retry_delay", config.failover.retry); })
      .and_then([&] { return check_schedule("cascade.call_retry_delay", config.cascade.call_retry); })
      .and_then([&] { return check_schedule("cascade.request_retry_delay", config.cascade.request_retry); })
      .and_then([&] { return check_schedule("metastable.retry_delay", config.metastable.retry); });
}

Expected<void> validate_spans(const Config& config) {
  const auto& breaker = config.breaker_scenario;
  const auto& cascade = config.cascade;
  const auto& metastable = config.metastable;
  return check_ends_by({"breaker_scenario.outage_at", breaker.outage_at, "breaker_scenario.outage_duration",
                        breaker.outage_duration},
                       "breaker_scenario.duration", breaker.duration)
      .and_then([&] {
        return check_ends_by(
            {"cascade.outage_at", cascade.outage_at, "cascade.outage_duration", cascade.outage_duration},
            "cascade.duration", cascade.duration);
      })
      .and_then([&] {
        return check_ends_by(
            {"metastable.spike_at", metastable.spike_at, "metastable.spike_duration", metastable.spike_duration},
            "metastable.duration", metastable.duration, 40s);
      });
}

}  // namespace

Expected<void> validate(const Config& config) {
  if (auto faults = actors::FaultInjector::validate({config.faults, fault_targets()}); !faults) {
    return faults;
  }
  if (auto stage = check_at_most("workflow.failing_stage", config.workflow.failing_stage, "workflow.stages",
                                 config.workflow.stages_count);
      !stage) {
    return stage;
  }
  if (auto delays = validate_delays(config); !delays) {
    return delays;
  }
  if (auto spans = validate_spans(config); !spans) {
    return spans;
  }
  return check_at_most("metastable.ramp_rate_first", config.metastable.ramp_rate_first_per_s,
                       "metastable.ramp_rate_last", config.metastable.ramp_rate_last_per_s);
}

}  // namespace sim::models::resilience
