#include "models/workflow/publishing_parameters.hpp"

namespace sim::models::workflow {

void describe_publishing(harness::Parameters& parameters, Config& config) {
  parameters.add("sampler.interval", config.sampler.interval)
      .range(100ms, 1h)
      .meaning("time between two samples of CPU, memory and task count")
      .source(document);
  parameters.add("reporter.publish_interval", config.monitor.publish_interval)
      .range(1s, 24h)
      .meaning("time between two hand-overs of all figures to the publisher")
      .source(assumed);
  auto& batches = config.publisher.batches;
  parameters.add("publisher.batch_size_max", batches.batch_size_max)
      .unit("metrics")
      .range(1, 20)
      .meaning("metrics in one request to the metrics service")
      .source(document);
  parameters.add("publisher.flush_interval", batches.flush_interval)
      .range(0s, 24h)
      .meaning("how long a metric waits for its batch to fill up")
      .source(assumed);
  parameters.add("publisher.buffer_max", batches.buffer_max)
      .unit("metrics")
      .range(20, 1'000'000)
      .meaning("metrics that wait; beyond it the oldest is dropped")
      .source(assumed);
  parameters.add("publisher.attempts_max", batches.retry.attempts_max)
      .unit("attempts")
      .range(0, 1'000)
      .meaning("attempts to publish a batch before it is given up; 0: no limit")
      .source("assumed: figures are kept until the service is back");
  parameters.add("publisher.retry_delay", batches.retry.initial_delay)
      .range(0s, 1h)
      .meaning("before the second attempt at most, doubled from attempt to attempt, with full jitter")
      .source("AWS SDK, standard retry mode");
  parameters.add("publisher.retry_delay_max", batches.retry.delay_max)
      .range(0s, 24h)
      .meaning("the longest delay before an attempt, however many there were")
      .source("AWS SDK, standard retry mode");
  parameters.add("publisher.request_timeout", config.publisher.request_timeout)
      .range(1ms, 1h)
      .meaning("how long the publisher waits for the metrics service")
      .source(assumed);
  auto& service = config.metrics_service;
  parameters.add("metrics_service.latency", service.latency).meaning("one request").source(assumed);
  parameters.add("metrics_service.requests_per_second_max", service.rate_limit.limit)
      .unit("1/s")
      .range(1, 1'000'000)
      .meaning("requests that the service takes; others are throttled")
      .source("assumed: quota of an account");
  parameters.add("metrics_service.failure_probability", service.failure_probability)
      .range(0, 1)
      .meaning("share of requests that are never answered")
      .source("assumed: a connection that breaks");
}

}  // namespace sim::models::workflow
