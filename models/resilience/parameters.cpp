#include "models/resilience/config.hpp"
#include "models/resilience/parameters_of_scenarios.hpp"

namespace sim::models::resilience {

namespace {

using harness::Parameters;

void describe_breakers(Parameters& parameters, Config& config) {
  auto& rules = config.breaker_rules;
  parameters.add("breaker", config.breaker, {{"guide", Config::Breaker::guide}, {"none", Config::Breaker::none}})
      .meaning("the breakers of all scenarios: as below, or none")
      .source(document);
  parameters.add("breaker.failure_threshold", rules.failure_threshold)
      .unit("failures")
      .range(1, 1'000)
      .meaning("failures in a row that open a breaker")
      .source(document);
  parameters.add("breaker.wait_duration_in_open_state", rules.wait_duration_in_open_state)
      .range(1ms, 1h)
      .meaning("how long a breaker stays open before it lets a call through")
      .source(document);
  parameters.add("breaker.success_threshold", rules.success_threshold)
      .unit("successes")
      .range(1, 1'000)
      .meaning("successes in the half-open state that close a breaker")
      .source(document);
  parameters.add("breaker.permitted_calls_in_half_open", rules.permitted_calls_in_half_open)
      .unit("calls")
      .range(1, 1'000)
      .meaning("calls at once in the half-open state")
      .source("assumed: as many as can close it");
}

void describe_service(Parameters& parameters, Config::Service& service) {
  parameters.add("service.rate", service.rate_per_s)
      .unit("1/s")
      .range(0.01, 10'000)
      .meaning("requests of the users of one service, at random times: breaker, recovery, intermittent")
      .source(assumed);
  parameters.add("service.latency", service.latency)
      .meaning("time of that service for a call")
      .source("assumed: an internal API");
  parameters.add("service.error_probability", service.error_probability)
      .range(0, 1)
      .meaning("share of calls that fail although nothing is wrong; 0 in intermittent")
      .source("assumed: the 99.5 % of a common availability objective");
  parameters.add("service.call_timeout", service.call_timeout)
      .range(1ms, 1h)
      .meaning("how long the breaker waits for a call")
      .source("assumed: five times the 99th percentile of the service");
  parameters.add("service.request_timeout", service.request_timeout)
      .range(1ms, 1h)
      .meaning("how long a user waits for the breaker")
      .source(assumed);
  parameters.add("service.processing_time", service.processing_time)
      .meaning("time of the breaker for a call, and for handing back an answer; one after the other")
      .source("assumed: an event loop that parses, decides and writes a log line");
}

void describe_workflow(Parameters& parameters, Config::Workflow& workflow) {
  parameters.add("workflow.stages", workflow.stages_count)
      .unit("stages")
      .range(1, 50)
      .meaning("stages of a workflow, each of which creates an artifact")
      .source("assumed; the guide names three");
  parameters.add("workflow.failing_stage", workflow.failing_stage)
      .unit("stage")
      .range(0, 50)
      .meaning("stage at which the documented workflows fail; 0: none")
      .source(document);
  parameters.add("workflow.workflows", workflow.workflows_count)
      .unit("workflows")
      .range(1, 10'000)
      .meaning("workflows of the documented case")
      .source("assumed: enough to see the slow ones");
  parameters.add("workflow.pause", workflow.pause)
      .range(0s, 1h)
      .meaning("between the starts of two of them")
      .source(assumed);
  parameters.add("workflow.execution_time", workflow.participant.execution_time)
      .meaning("time of a stage")
      .source("assumed: a call of an agent that stores an artifact");
  parameters.add("workflow.compensation_time", workflow.participant.compensation_time)
      .meaning("time to remove an artifact")
      .source("assumed: rows and files in a hosted database and its storage");
  parameters.add("workflow.execution_error_probability", workflow.participant.execution_error_probability)
      .range(0, 1)
      .meaning("share of attempts at a stage that fail, besides those that the scenario makes fail")
      .source(assumed);
  parameters.add("workflow.compensation_error_probability", workflow.participant.compensation_error_probability)
      .range(0, 1)
      .meaning("the same of compensations")
      .source(assumed);
  parameters.add("workflow.step_attempts_max", workflow.step_attempts_max)
      .unit("attempts")
      .range(1, 100)
      .meaning("attempts at a stage, the first included")
      .source(assumed);
  parameters.add("workflow.compensation_attempts_max", workflow.compensation_attempts_max)
      .unit("attempts")
      .range(1, 100)
      .meaning("attempts at a compensation, the first included")
      .source(assumed);
  parameters.add("workflow.retry_delay", workflow.retry_delay)
      .range(0s, 1h)
      .meaning("before the second attempt at most, doubled from attempt to attempt, with full jitter")
      .source(assumed);
  parameters.add("workflow.retry_delay_max", workflow.retry_delay_max)
      .range(0s, 24h)
      .meaning("the longest delay before an attempt, however many there were")
      .source(assumed);
  parameters
      .add("workflow.compensation_order", workflow.orchestrator.saga.compensation_order,
           {{"sequential", policies::Saga::CompensationOrder::sequential},
            {"parallel", policies::Saga::CompensationOrder::parallel}})
      .meaning("compensations one after the other, the last stage first, or all at once")
      .source("sequential: Garcia-Molina and Salem (1987)");
  parameters
      .add("workflow.on_failed_compensation", workflow.orchestrator.saga.on_failed_compensation,
           {{"continue", policies::Saga::OnFailedCompensation::continue_with_others},
            {"stop", policies::Saga::OnFailedCompensation::stop}})
      .meaning("what follows a compensation that has failed for good")
      .source(document);
  parameters.add("workflow.restart_time", workflow.restart_time)
      .meaning("from the kill of the orchestrator until another one goes on from its log")
      .source("assumed: a supervisor starts a process again");
}

void describe_failover(Parameters& parameters, Config::Failover& failover) {
  auto& database = failover.database;
  parameters.add("failover.queries", failover.workflows_count)
      .unit("queries")
      .range(1, 100'000)
      .meaning("queries while the database refuses, hangs, or has lost its replicas")
      .source(assumed);
  parameters.add("failover.rate", failover.rate_per_s)
      .unit("1/s")
      .range(0.01, 1'000)
      .meaning("1 ÷ the mean pause between two queries; one minute of them loses the primary")
      .source(assumed);
  parameters.add("failover.attempt_timeout", failover.attempt_timeout)
      .range(1us, 1h)
      .meaning("how long the application waits for one attempt at a query")
      .source(assumed);
  parameters.add("failover.attempts_max", failover.retry.attempts_max)
      .unit("attempts")
      .range(1, 100)
      .meaning("attempts at a query, the first included")
      .source(document);
  parameters.add("failover.retry_delay", failover.retry.initial_delay)
      .range(0s, 1h)
      .meaning("before the second attempt at most, doubled from attempt to attempt, with full jitter")
      .source("guide: exponential back-off with jitter; assumed length");
  parameters.add("failover.retry_delay_max", failover.retry.delay_max)
      .range(0s, 24h)
      .meaning("the longest delay before an attempt, however many there were")
      .source(assumed);
  parameters.add("failover.transient_errors", failover.transient_errors_count)
      .unit("errors")
      .range(1, 100)
      .meaning("errors in a row before the database works again")
      .source("guide: succeeds with the third attempt");
  parameters.add("failover.transient_rounds", failover.transient_rounds_count)
      .unit("queries")
      .range(1, 10'000)
      .meaning("queries that meet such errors")
      .source(assumed);
  parameters.add("failover.slow_delay", failover.slow_delay)
      .range(0s, 24h)
      .meaning("what a query takes longer while the database hangs")
      .source("assumed: a lock that is not released");
  parameters.add("database.replicas", database.rules.replicas)
      .unit("replicas")
      .range(1, 100)
      .meaning("read replicas besides the primary")
      .source(assumed);
  parameters.add("database.reads_fall_back", database.rules.reads_fall_back)
      .meaning("a read that a replica refuses tries the others, and then the primary")
      .source(document);
  parameters.add("database.automatic_failover", database.rules.automatic_failover)
      .meaning("promote a replica when the primary is lost")
      .source(assumed);
  parameters.add("database.failure_detection_time", database.rules.failure_detection_time)
      .range(0s, 1h)
      .meaning("from the loss of the primary to the beginning of a promotion")
      .source("assumed: three missed health checks");
  parameters.add("database.promotion_time", database.rules.promotion_time)
      .range(0s, 1h)
      .meaning("until the promoted replica takes writes")
      .source("managed PostgreSQL: failovers of 30 s to 2 min in all are documented");
  parameters.add("database.connection_refused_time", database.rules.connection_refused_time)
      .range(0s, 1h)
      .meaning("what a refused connection takes")
      .source("assumed: one round trip; a firewall that drops packets takes its own time");
  parameters.add("database.statement_timeout", database.rules.statement_timeout)
      .range(1ms, 24h)
      .zero_is_forever()
      .meaning("a query that takes as long fails")
      .source(assumed);
  parameters.add("database.read_latency", database.read_latency)
      .meaning("of a read")
      .source("assumed: indexed lookups");
  parameters.add("database.write_latency", database.write_latency)
      .meaning("of a write")
      .source("assumed: a commit with its flush");
  parameters.add("database.replication_lag", database.replication_lag)
      .meaning("until a write has reached a replica")
      .source("assumed: asynchronous replication within a region");
}

}  // namespace

void describe(Parameters& parameters, Config& config) {
  describe_breakers(parameters, config);
  describe_service(parameters, config.service);
  describe_workflow(parameters, config.workflow);
  describe_failover(parameters, config.failover);
  describe_scenarios(parameters, config);
}

}  // namespace sim::models::resilience
