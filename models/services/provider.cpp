#include "models/services/provider.hpp"

#include <fmt/format.h>

#include <utility>

namespace sim::models::services {

namespace {

using policies::ErrorClass;
using policies::RateLimiter;

Provider::Endpoint::Config endpoint_config(const Config& config, const ProviderConfig& provider,
                                           const OperationConfig& operation, const ProviderSetup& setup) {
  Provider::Endpoint::Config endpoint;
  endpoint.latency = operation.latency;
  endpoint.behaviour.errors = {{ErrorClass::server_error, provider.error_probability}};
  endpoint.behaviour.hang_probability = config.hang_probability;
  endpoint.behaviour.brownouts = setup.brownouts;
  return endpoint;
}

calls::Retry::Config retry_config(const ClientConfig& client) {
  calls::Retry::Config retry;
  retry.schedule = policies::RetrySchedule::resilience4j_exponential_random();
  retry.schedule.attempts_max = client.attempts_max;
  retry.schedule.initial_delay = client.retry_delay;
  retry.schedule.retryable = {ErrorClass::connection_failed, ErrorClass::timed_out, ErrorClass::server_error};
  if (client.retries_when_throttled) {
    retry.schedule.retryable = {ErrorClass::connection_failed, ErrorClass::timed_out, ErrorClass::server_error,
                                ErrorClass::throttled};
  }
  return retry;
}

calls::CircuitBreaker::Config breaker_config(const ClientConfig& client) {
  calls::CircuitBreaker::Config breaker;
  breaker.breaker.opens_on = policies::CircuitBreaker::OpensOn::consecutive_failures;
  breaker.breaker.failure_threshold = client.failure_threshold;
  breaker.breaker.wait_duration_in_open_state = client.wait_duration_in_open_state;
  breaker.breaker.half_open_decision = policies::CircuitBreaker::HalfOpenDecision::successes;
  breaker.breaker.success_threshold = client.success_threshold;
  breaker.failures = {ErrorClass::connection_failed, ErrorClass::timed_out, ErrorClass::server_error};
  if (!client.breaker) {
    breaker.failures = {};
  }
  return breaker;
}

calls::RateLimit::Config rate_limit_config(const ClientConfig& client, std::uint32_t limit, Duration window) {
  if (!client.limiter) {
    return {.limiter = {.algorithm = RateLimiter::Algorithm::token_bucket, .limit = 1'000'000, .window = 1ms},
            .wait_max = 0s};
  }
  return {.limiter = {.algorithm = client.limiter_algorithm, .limit = limit, .window = window},
          .wait_max = client.limiter_wait_max};
}

actors::ApiClient::Config client_config(const Config& config, const ProviderConfig& provider,
                                        const ProviderSetup& setup) {
  const ClientConfig& client = config.client;
  actors::ApiClient::Config made;
  made.retry = retry_config(client);
  made.breaker = breaker_config(client);
  made.rate_limit = rate_limit_config(client, setup.client_limit.value_or(provider.limit),
                                      setup.client_limit ? setup.client_limit_window : provider.limit_window);
  made.timeout.timeout = client.timeout;
  made.connections = {.max_concurrent_calls = client.connections_max, .max_wait_duration = forever};
  made.heap = client.heap;
  for (const OperationConfig& operation : provider.operations) {
    made.operations.push_back({fmt::format("{}:{}", provider.name, operation.name), operation.object_mb});
  }
  made.object_cv = client.object_cv;
  made.leak_share = client.leak_share;
  return made;
}

}  // namespace

Provider::Provider(Simulation& simulation, const Config& config, ProviderId id, const ProviderSetup& setup)
    : simulation_(&simulation), name_(config.provider(id).name) {
  const ProviderConfig& provider = config.provider(id);
  const std::string prefix = setup.name_prefix + provider.name;
  std::vector<Port<actors::ApiRequest>> ports;
  for (const OperationConfig& operation : provider.operations) {
    endpoints_.push_back(simulation.spawn<Endpoint>(fmt::format("{}-{}", prefix, operation.name),
                                                    endpoint_config(config, provider, operation, setup)));
    ports.emplace_back(endpoints_.back());
  }
  const actors::ApiGateway::Config gateway{.limit = {.algorithm = RateLimiter::Algorithm::sliding_window_log,
                                                     .limit = provider.limit,
                                                     .window = provider.limit_window},
                                           .refusal_latency = config.refusal_latency};
  gateway_ = simulation.spawn<actors::ApiGateway>(prefix + "-gateway", gateway, std::move(ports));
  client_ = simulation.spawn<actors::ApiClient>(prefix + "-client", client_config(config, provider, setup), gateway_,
                                                setup.monitor);
}

void Provider::apply(policies::ActiveFaults::Number number, const policies::Fault& fault) {
  for (const Ref<Endpoint> endpoint : endpoints_) {
    simulation_->send(endpoint, actors::ApplyFault{number, fault});
  }
}

void Provider::end_fault(policies::ActiveFaults::Number number) {
  for (const Ref<Endpoint> endpoint : endpoints_) {
    simulation_->send(endpoint, actors::EndFault{number});
  }
}

const std::vector<actors::ApiGateway::Visit>& Provider::visits() const { return simulation_->get(gateway_).visits(); }

std::uint64_t Provider::failed_requests_count() const {
  std::uint64_t failed = 0;
  for (const Ref<Endpoint> endpoint : endpoints_) {
    failed += simulation_->get(endpoint).rules().statistics().failed_count();
  }
  return failed;
}

}  // namespace sim::models::services
