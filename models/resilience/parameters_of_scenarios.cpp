#include "models/resilience/parameters_of_scenarios.hpp"

namespace sim::models::resilience {

namespace {

using harness::Parameters;

void describe_breaker_scenarios(Parameters& parameters, Config& config) {
  auto& breaker = config.breaker_scenario;
  parameters.add("breaker_scenario.outage_at", breaker.outage_at)
      .range(0s, 24h)
      .meaning("when every call of breaker begins to fail")
      .source(assumed);
  parameters.add("breaker_scenario.outage_duration", breaker.outage_duration)
      .range(0s, 24h)
      .meaning("for how long; longer than the open state, so that it opens again")
      .source(assumed);
  parameters.add("breaker_scenario.duration", breaker.duration)
      .range(1s, 24h)
      .meaning("how long the users of breaker send requests")
      .source(assumed);
  parameters.add("recovery.outages", config.recovery.outages_count)
      .unit("outages")
      .range(1, 1'000)
      .meaning("outages of recovery, in which connections are refused; the slowest recovery counts")
      .source(document);
  parameters.add("recovery.outage_duration", config.recovery.outage_duration)
      .meaning("how long each of them is")
      .source("assumed: a process that is started again, within the 60 s of the open state");
  parameters.add("recovery.pause", config.recovery.pause)
      .range(2min, 24h)
      .meaning("between the beginnings of two outages")
      .source("assumed: three times the open state");
  parameters.add("intermittent.error_probability", config.intermittent.error_probability)
      .range(0, 1)
      .meaning("share of calls that fail in the first part of intermittent")
      .source(document);
  parameters.add("intermittent.duration", config.intermittent.duration)
      .range(1s, 24h)
      .meaning("length of that part")
      .source(assumed);
  parameters.add("intermittent.stable_duration", config.intermittent.stable_duration)
      .range(1s, 24h)
      .meaning("length of the second part, without failures")
      .source("assumed: three times the open state");
}

void describe_cascade_services(Parameters& parameters, Config::Cascade& cascade) {
  parameters.add("cascade.rate_a", cascade.rate_a_per_s)
      .unit("1/s")
      .range(0.01, 10'000)
      .meaning("requests of users for service A, at random times")
      .source(assumed);
  parameters.add("cascade.rate_b", cascade.rate_b_per_s)
      .unit("1/s")
      .range(0.01, 10'000)
      .meaning("the same for service B")
      .source(assumed);
  parameters.add("cascade.latency", cascade.latency).meaning("time of either service for a call").source(assumed);
  parameters.add("cascade.error_probability", cascade.error_probability)
      .range(0, 1)
      .meaning("share of calls of either service that fail although nothing is wrong")
      .source(assumed);
  parameters.add("cascade.service_requests_max", cascade.service_requests_max)
      .unit("requests")
      .range(1, 100'000)
      .meaning("requests that either service works on at once; others wait in line")
      .source(assumed);
  parameters.add("cascade.call_timeout", cascade.call_timeout)
      .range(1ms, 1h)
      .meaning("how long the gateway waits for one attempt at a service")
      .source("assumed: five times the 99th percentile of the service");
  parameters.add("cascade.call_attempts_max", cascade.call_retry.attempts_max)
      .unit("attempts")
      .range(1, 100)
      .meaning("attempts of the gateway at a service, the first included")
      .source("resilience4j: 3");
  parameters.add("cascade.call_retry_delay", cascade.call_retry.initial_delay)
      .range(0s, 1h)
      .meaning("before the second attempt at most, doubled from attempt to attempt, with full jitter")
      .source(assumed);
  parameters.add("cascade.call_retry_delay_max", cascade.call_retry.delay_max)
      .range(0s, 24h)
      .meaning("the longest delay of the gateway before an attempt, however many there were")
      .source(assumed);
}

void describe_cascade(Parameters& parameters, Config::Cascade& cascade) {
  describe_cascade_services(parameters, cascade);
  parameters.add("cascade.gateway_time", cascade.gateway_time)
      .meaning("time of the gateway itself for a request")
      .source("assumed: authentication and routing");
  parameters.add("cascade.gateway_threads", cascade.gateway_threads)
      .unit("threads")
      .range(1, 100'000)
      .meaning("threads of the gateway; a request holds one until its service has answered")
      .source("Apache Tomcat: maxThreads 200");
  parameters.add("cascade.gateway_queue", cascade.gateway_queue)
      .unit("requests")
      .range(0, 1'000'000)
      .meaning("requests that may wait for a thread; others are rejected")
      .source("Apache Tomcat: acceptCount 100");
  parameters.add("cascade.client_connections", cascade.client_connections)
      .unit("connections")
      .range(1, 100'000)
      .meaning("connections of the client application to the gateway; a request holds one while it waits")
      .source("assumed: as many as the gateway has threads and places in its queue");
  parameters.add("cascade.connection_wait", cascade.connection_wait)
      .range(0s, 1h)
      .meaning("how long a request waits for a connection")
      .source(assumed);
  parameters.add("cascade.request_timeout", cascade.request_timeout)
      .range(1ms, 1h)
      .meaning("how long the client waits for the answer to one attempt")
      .source("assumed: a common default of HTTP clients");
  parameters.add("cascade.request_attempts_max", cascade.request_retry.attempts_max)
      .unit("attempts")
      .range(1, 100)
      .meaning("attempts of the client, the first included")
      .source("resilience4j: 3");
  parameters.add("cascade.request_retry_delay", cascade.request_retry.initial_delay)
      .range(0s, 1h)
      .meaning("before the second attempt at most, doubled from attempt to attempt, with full jitter")
      .source("resilience4j: 500 ms");
  parameters.add("cascade.request_retry_delay_max", cascade.request_retry.delay_max)
      .range(0s, 24h)
      .meaning("the longest delay of the client before an attempt, however many there were")
      .source(assumed);
  parameters.add("cascade.outage_at", cascade.outage_at)
      .range(0s, 24h)
      .meaning("when service A begins to hang")
      .source(assumed);
  parameters.add("cascade.outage_duration", cascade.outage_duration)
      .range(0s, 24h)
      .meaning("for how long")
      .source(assumed);
  parameters.add("cascade.duration", cascade.duration)
      .range(1s, 24h)
      .meaning("how long users send requests")
      .source(assumed);
}

void describe_metastable_users(Parameters& parameters, Config::Metastable& metastable) {
  parameters.add("metastable.service_time", metastable.service_time)
      .meaning("of the one server for a request; a mean of 50 ms is a capacity of 20/s")
      .source(metastable_example);
  parameters.add("metastable.queue_capacity", metastable.queue_capacity)
      .unit("requests")
      .range(0, 1'000'000)
      .meaning("requests that wait, first come, first served; more are rejected")
      .source(metastable_example);
  parameters.add("metastable.timeout", metastable.timeout)
      .range(1ms, 1h)
      .meaning("how long a user waits for one attempt; the server does not learn of it")
      .source(metastable_example);
  parameters.add("metastable.attempts_max", metastable.retry.attempts_max)
      .unit("attempts")
      .range(1, 100)
      .meaning("attempts of a user, the first included")
      .source(metastable_example);
  parameters.add("metastable.retry_delay", metastable.retry.initial_delay)
      .range(0s, 1h)
      .meaning("before the second attempt at most, doubled from attempt to attempt, with full jitter")
      .source(assumed);
  parameters.add("metastable.retry_delay_max", metastable.retry.delay_max)
      .range(0s, 24h)
      .meaning("the longest delay before an attempt, however many there were")
      .source(assumed);
  parameters.add("metastable.rate", metastable.rate_per_s)
      .unit("1/s")
      .range(0.01, 10'000)
      .meaning("load before and after the spike, at random times")
      .source(metastable_example);
  parameters.add("metastable.spike_rate", metastable.spike_rate_per_s)
      .unit("1/s")
      .range(0.01, 10'000)
      .meaning("load during the spike")
      .source(metastable_example);
  parameters.add("metastable.spike_at", metastable.spike_at)
      .range(1s, 24h)
      .meaning("when the spike begins")
      .source(assumed);
  parameters.add("metastable.spike_duration", metastable.spike_duration)
      .range(0s, 24h)
      .meaning("how long it is")
      .source(metastable_example);
  parameters.add("metastable.duration", metastable.duration)
      .range(10s, 24h)
      .meaning("how long users send requests; the last quarter of the time after the spike is what goodput_after is of")
      .source(assumed);
}

void describe_metastable(Parameters& parameters, Config::Metastable& metastable) {
  describe_metastable_users(parameters, metastable);
  parameters
      .add("metastable.retry_budget", metastable.retry_budget,
           {{"none", Config::RetryBudget::none},
            {"window", Config::RetryBudget::window},
            {"concurrent", Config::RetryBudget::concurrent},
            {"quota", Config::RetryBudget::quota},
            {"throttle", Config::RetryBudget::throttle}})
      .meaning(
          "what bounds the retries of all users: a share of the requests of 10 s (finagle) or of those in "
          "progress (Envoy), tokens (AWS SDK, gRPC)")
      .source("none: the example");
  parameters.add("metastable.budget_percent", metastable.budget_percent)
      .unit("percent")
      .range(0, 1'000)
      .meaning("that share, of the budgets window and concurrent")
      .source("finagle and Envoy: 20 %");
  parameters.add("metastable.budget_retries_min", metastable.budget_retries_min)
      .unit("retries")
      .range(0, 100'000)
      .meaning("retries per 10 s on top of it, of the budget window")
      .source("assumed; finagle's 100 are half of this service's capacity");
  parameters.add("metastable.sheds", metastable.sheds)
      .meaning("turn requests away when more are in the service than it can serve in time, second attempts first")
      .source("off: the example");
  parameters.add("metastable.shed_requests_max", metastable.shed_requests_max)
      .unit("requests")
      .range(1, 1'000'000)
      .meaning("how many that are: retries are turned away from 85 % of it on, all from 95 % on")
      .source("timeout x capacity: 0.75 s x 20/s");
  parameters.add("metastable.ramp_rate_first", metastable.ramp_rate_first_per_s)
      .unit("1/s")
      .range(0.01, 10'000)
      .meaning("load of the first and last step of the ramp")
      .source(assumed);
  parameters.add("metastable.ramp_rate_last", metastable.ramp_rate_last_per_s)
      .unit("1/s")
      .range(0.01, 10'000)
      .meaning("load of its highest step")
      .source("the capacity of the example");
  parameters.add("metastable.ramp_step", metastable.ramp_step_per_s)
      .unit("1/s")
      .range(0.1, 1'000)
      .meaning("from step to step")
      .source(assumed);
  parameters.add("metastable.ramp_step_duration", metastable.ramp_step_duration)
      .range(1s, 24h)
      .meaning("length of a step, whose second half is judged")
      .source("assumed: several times what the full queue takes to be served");
  parameters.add("metastable.stable_percent", metastable.stable_percent)
      .unit("percent")
      .range(1, 100)
      .meaning("share of requests answered that counts as stable, and as recovered")
      .source(assumed);
}

}  // namespace

void describe_scenarios(Parameters& parameters, Config& config) {
  describe_breaker_scenarios(parameters, config);
  describe_cascade(parameters, config.cascade);
  describe_metastable(parameters, config.metastable);
}

}  // namespace sim::models::resilience
