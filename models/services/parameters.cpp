#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "models/services/config.hpp"
#include "models/services/scenario_parameters.hpp"

namespace sim::models::services {

namespace {

using harness::Parameters;

void describe_operation(Parameters& parameters, const std::string& provider, OperationConfig& operation) {
  const std::string prefix = provider + "." + operation.name;
  parameters.add(prefix + ".latency", operation.latency)
      .meaning("from request to answer of one attempt, network included")
      .source(operation.latency_source);
  parameters.add(prefix + ".object_mb", operation.object_mb)
      .unit("MB")
      .range(0, 1'000)
      .meaning("what one call allocates in the client, on average")
      .source("assumed: body, its copy in base64 where one is uploaded, parsed answer");
  parameters.add(prefix + ".threshold", operation.threshold)
      .range(1ms, 1h)
      .meaning("the monitor raises an event when the latest calls exceed it")
      .source("assumed: about three times the healthy mean");
}

void describe_provider(Parameters& parameters, ProviderConfig& provider) {
  parameters.add(provider.name + ".limit", provider.limit)
      .unit("requests")
      .range(1, 1'000'000)
      .meaning("requests per window that the provider answers; the client's own limiter knows it")
      .source(provider.limit_source);
  parameters.add(provider.name + ".limit_window", provider.limit_window)
      .range(1ms, 24h)
      .meaning("the window of this limit")
      .source(provider.limit_source);
  parameters.add(provider.name + ".error_probability", provider.error_probability)
      .range(0, 1)
      .meaning("share of requests that end in a server error")
      .source(assumed);
  for (OperationConfig& operation : provider.operations) {
    describe_operation(parameters, provider.name, operation);
  }
}

void describe_limiter(Parameters& parameters, ClientConfig& client) {
  using policies::RateLimiter;
  std::vector<std::pair<std::string, RateLimiter::Algorithm>> algorithms;
  for (std::size_t number = 0; number < policies::rate_limiter_algorithm_names.size(); ++number) {
    algorithms.emplace_back(policies::rate_limiter_algorithm_names[number],
                            static_cast<RateLimiter::Algorithm>(number));
  }
  parameters.add("client.limiter", client.limiter)
      .meaning("the client keeps to the provider's limit by itself")
      .source(document);
  parameters.add("client.limiter_algorithm", client.limiter_algorithm, std::move(algorithms))
      .meaning("how the client's limiter counts")
      .source("never lets more through in any window, wherever it begins");
  parameters.add("client.limiter_wait_max", client.limiter_wait_max)
      .range(0s, 1h)
      .meaning("a call waits so long for a permit; one that would have to wait longer fails at once")
      .source("resilience4j, RateLimiterConfig: timeoutDuration");
}

void describe_retries(Parameters& parameters, ClientConfig& client) {
  parameters.add("client.attempts_max", client.attempts_max)
      .unit("attempts")
      .range(1, 100)
      .meaning("attempts of a call, the first one included")
      .source("resilience4j, RetryConfig");
  parameters.add("client.retry_delay", client.retry_delay)
      .range(0s, 1h)
      .meaning("before the second attempt; times 1.5 before each further one, and up to 50 % more or less")
      .source("resilience4j, IntervalFunction");
  parameters.add("client.retries_when_throttled", client.retries_when_throttled)
      .meaning("wait as long as a rate limit asks for, and try again")
      .source("off: stripe-node tries again after server errors, not after HTTP 429");
}

void describe_breaker(Parameters& parameters, ClientConfig& client) {
  parameters.add("client.breaker", client.breaker)
      .meaning("stop calling a provider that fails; off: failures count for nothing")
      .source(document);
  parameters.add("client.failure_threshold", client.failure_threshold)
      .unit("failures")
      .range(1, 10'000)
      .meaning("failed attempts in a row that open the breaker")
      .source(document);
  parameters.add("client.success_threshold", client.success_threshold)
      .unit("successes")
      .range(1, 10'000)
      .meaning("successes that close a half-open breaker")
      .source("assumed");
  parameters.add("client.wait_duration_in_open_state", client.wait_duration_in_open_state)
      .range(1ms, 24h)
      .meaning("how long the breaker stays open")
      .source("resilience4j, CircuitBreakerConfig");
}

void describe_client(Parameters& parameters, Config& config) {
  ClientConfig& client = config.client;
  describe_limiter(parameters, client);
  describe_retries(parameters, client);
  describe_breaker(parameters, client);
  parameters.add("client.timeout", client.timeout)
      .range(1ms, 1h)
      .meaning("of each attempt, the wait for a connection included")
      .source("Polly, TimeoutStrategyOptions");
  parameters.add("client.connections_max", client.connections_max)
      .unit("connections")
      .range(1, 10'000)
      .meaning("attempts on their way to one provider at once; more wait")
      .source("resilience4j, BulkheadConfig: maxConcurrentCalls");
}

void describe_heap(Parameters& parameters, ClientConfig& client) {
  parameters.add("heap.base_mb", client.heap.base_mb)
      .unit("MB")
      .range(0, 65'536)
      .meaning("heap of the application before its first call, for each client")
      .source("assumed: a Node process with its modules");
  parameters.add("heap.collects", client.heap.collects)
      .meaning("garbage is collected; off: it stays, as though everything were still referenced")
      .source("on: as every JavaScript engine does");
  parameters.add("heap.collection_threshold_mb", client.heap.collection_threshold_mb)
      .unit("MB")
      .range(0.001, 65'536)
      .meaning("allocated between two collections")
      .source("V8: semi-space of 16 MB on 64-bit machines");
  parameters.add("heap.object_cv", client.object_cv)
      .range(0, 10)
      .meaning("coefficient of variation of what a call allocates, lognormal")
      .source(assumed);
  parameters.add("heap.leak_share", client.leak_share)
      .range(0, 1)
      .meaning("share of what a call allocates that is never let go")
      .source("assumed: caches, log buffers, listeners that nobody removes");
}

}  // namespace

void describe(Parameters& parameters, Config& config) {
  for (ProviderConfig& provider : config.providers) {
    describe_provider(parameters, provider);
  }
  parameters.add("provider.hang_probability", config.hang_probability)
      .range(0, 1)
      .meaning("share of requests that are never answered")
      .source("assumed: one in ten thousand; they are seen through the client's timeout only");
  parameters.add("provider.refusal_latency", config.refusal_latency)
      .meaning("until a client has read that it asked too often")
      .source("assumed: a round trip, no work");
  describe_client(parameters, config);
  describe_heap(parameters, config.client);
  describe_scenarios(parameters, config);
}

}  // namespace sim::models::services
