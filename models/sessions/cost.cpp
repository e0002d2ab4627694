#include "models/sessions/cost.hpp"

namespace sim::models::sessions {

namespace {

/// The price of one container for an hour: a task is charged for the cores and the memory that it may use.
double container_price_usd_per_h(const Config& config) {
  const auto& size = config.container.resources;
  return config.prices.vcpu_hour_usd * size.cpu_cores + config.prices.gb_hour_usd * size.memory_limit_mb / 1024;
}

}  // namespace

Usage& Usage::operator+=(const Usage& other) {
  container_hours += other.container_hours;
  queue_requests += other.queue_requests;
  return *this;
}

Usage usage(const Platform& platform) {
  const Metrics& metrics = platform.simulation().metrics();
  Usage usage;
  for (const auto& [orchestrator, containers] : metrics.gauges("containers_count")) {
    usage.container_hours += containers.integral() / 3600;
  }
  for (const auto& [queue, requests] : metrics.counters("queue_requests_count")) {
    if (queue != Platform::dead_letter_queue) {  // the queue service moves messages there itself
      usage.queue_requests += requests.value();
    }
  }
  return usage;
}

void report_cost(harness::ScenarioRun& run, const Config& config, const Usage& usage) {
  const auto requests = static_cast<double>(usage.queue_requests);
  run.report("container_hours", "h", usage.container_hours);
  run.report("queue_requests", "requests", requests);
  run.report(
      "cost", "USD",
      usage.container_hours * container_price_usd_per_h(config) + requests * config.prices.million_requests_usd / 1e6);
}

}  // namespace sim::models::sessions
