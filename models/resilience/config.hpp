#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "actors/circuit_breaker/breaker_proxy.hpp"
#include "actors/circuit_breaker/circuit_breaker.hpp"
#include "actors/database/database.hpp"
#include "actors/faults/fault_injector.hpp"
#include "actors/load_shedding/bulkhead.hpp"
#include "actors/load_shedding/load_shedder.hpp"
#include "actors/retry/retry_schedule.hpp"
#include "actors/saga/saga_orchestrator.hpp"
#include "actors/saga/saga_participant.hpp"
#include "libsim/harness/experiment/parameters.hpp"
#include "libsim/harness/experiment/work_estimate.hpp"
#include "libsim/sim.hpp"

namespace sim::models::resilience {

/// Everything that can be set about the resilience of the workflow application and its scenarios.
struct Config {
  enum class Breaker : std::uint8_t { guide, none };
  enum class RetryBudget : std::uint8_t { none, window, concurrent, quota, throttle };

  Breaker breaker = Breaker::guide;
  policies::CircuitBreaker::Config breaker_rules;  ///< of every breaker, where there are breakers

  /// One service behind a breaker of its own: breaker, recovery, intermittent.
  struct Service {
    double rate_per_s = 5;
    Distribution latency = lognormal_p50_p99(50ms, 400ms);
    double error_probability = 0.005;
    Duration call_timeout = 2s;      ///< of the breaker for one call
    Duration request_timeout = 10s;  ///< of the user
    Distribution processing_time = lognormal_p50_p99(60us, 400us);
  } service;

  struct BreakerScenario {
    Duration outage_at = 30s;
    Duration outage_duration = 90s;
    Duration duration = 240s;
  } breaker_scenario;

  struct Recovery {
    std::uint32_t outages_count = 1;
    Distribution outage_duration = lognormal_p50_p99(25s, 55s);
    Duration pause = 3min;
  } recovery;

  struct Intermittent {
    double error_probability = 0.5;
    Duration duration = 5min;
    Duration stable_duration = 3min;
  } intermittent;

  struct Workflow {
    std::uint32_t stages_count = 5;
    std::uint32_t failing_stage = 3;
    std::uint32_t workflows_count = 100;
    Duration pause = 2s;  ///< between the starts of two workflows
    Distribution restart_time = uniform(1s, 4s);
    std::uint32_t step_attempts_max = 2;
    std::uint32_t compensation_attempts_max = 3;
    Duration retry_delay = 200ms;
    Duration retry_delay_max = 30s;
    actors::SagaOrchestrator::Config orchestrator;
    actors::SagaParticipant::Config participant;
  } workflow;

  struct Failover {
    std::uint32_t workflows_count = 50;
    double rate_per_s = 5;
    Duration attempt_timeout = 5s;
    policies::RetrySchedule::Config retry;
    std::uint32_t transient_errors_count = 2;
    std::uint32_t transient_rounds_count = 20;
    Duration slow_delay = 60s;
    actors::Database::Config database;
  } failover;

  struct Cascade {
    double rate_a_per_s = 50;
    double rate_b_per_s = 50;
    Distribution latency = lognormal_p50_p99(50ms, 400ms);  ///< of both services
    double error_probability = 0.005;                       ///< of both services
    std::uint32_t service_requests_max = 100;               ///< at once, of each service
    Distribution gateway_time = lognormal_p50_p99(5ms, 40ms);
    std::uint32_t gateway_threads = 200;
    std::uint32_t gateway_queue = 100;
    Duration call_timeout = 2s;
    policies::RetrySchedule::Config call_retry;
    std::uint32_t client_connections = 300;
    Duration connection_wait = 5s;
    Duration request_timeout = 10s;
    policies::RetrySchedule::Config request_retry;
    Duration outage_at = 30s;
    Duration outage_duration = 60s;
    Duration duration = 180s;
  } cascade;

  struct Metastable {
    Distribution service_time = exponential(50ms);
    std::uint32_t queue_capacity = 256;
    Duration timeout = 750ms;
    policies::RetrySchedule::Config retry;
    double rate_per_s = 8;
    double spike_rate_per_s = 40;
    Duration spike_at = 60s;
    Duration spike_duration = 10s;
    Duration duration = 300s;
    RetryBudget retry_budget = RetryBudget::none;
    std::uint32_t budget_percent = 20;
    std::uint32_t budget_retries_min = 10;
    bool sheds = false;
    policies::LoadShedder::Config shedder;
    std::uint32_t shed_requests_max = 15;
    double ramp_rate_first_per_s = 2;
    double ramp_rate_last_per_s = 20;
    double ramp_step_per_s = 1;
    Duration ramp_step_duration = 3min;
    double stable_percent = 95;
  } metastable;

  policies::FaultSchedule faults;  ///< times count from the start of a scenario

  Config();
};

/// What faults may be aimed at.
[[nodiscard]] actors::FaultInjector::Targets fault_targets();

/// Declares every parameter, bound to `config`.
void describe(harness::Parameters& parameters, Config& config);

/// Refuses values that contradict each other.
[[nodiscard]] Expected<void> validate(const Config& config);

/// About how many events a scenario has.
[[nodiscard]] std::optional<harness::WorkEstimate> estimate(std::string_view scenario, const Config& config);

}  // namespace sim::models::resilience
