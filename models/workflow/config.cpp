#include "models/workflow/config.hpp"

#include <fmt/format.h>

#include "models/contradiction.hpp"

namespace sim::models::workflow {

Config::Config() {
  intake.station.servers = 20;
  intake.station.capacity = 100;
  intake.service_time = lognormal_p50_p99(900ms, 3500ms);
  queue.rules.visibility_timeout = 60s;
  queue.rules.max_receive_count = 3;
  queue.rules.duplicate_probability = 0.001;
  fleet.pool.containers_max = 20;
  language_model.latency = lognormal_p50_p99(4s, 18s);
  object_store.station.servers = 1000;
  object_store.service_time = lognormal_p50_p99(350ms, 1500ms);
  git_host.station.servers = 50;
  git_host.service_time = lognormal_p50_p99(1800ms, 7s);
  monitor.publish_interval = 30s;
  publisher.batches.flush_interval = 20s;
  publisher.batches.retry = policies::RetrySchedule::aws_sdk();
  publisher.batches.retry.attempts_max = 0;  // metrics are not given up
  metrics_service.failure_probability = 0.005;
}

actors::FaultInjector::Targets fault_targets(const Config& config) {
  actors::FaultInjector::Targets targets;
  targets["language-model"].takes = actors::LanguageModel::faults();
  targets["metrics-service"].takes = actors::MetricsService::faults();
  for (std::uint32_t container = 1; container <= config.fleet.pool.containers_max; ++container) {
    targets[fmt::format("container-{}", container)].takes = {policies::FaultKind::kill};
  }
  return targets;
}

namespace {

Expected<void> validate_delays(const Config& config) {
  const auto& restart = config.fleet.pool.start_back_off;
  const auto& agent = config.container.agent.retry;
  const auto& publisher = config.publisher.batches.retry;
  return check_delay("containers.restart_delay", restart.initial_delay, restart.delay_max)
      .and_then([&] { return check_delay("agent.retry_delay", agent.initial_delay, agent.delay_max); })
      .and_then([&] { return check_delay("publisher.retry_delay", publisher.initial_delay, publisher.delay_max); });
}

}  // namespace

Expected<void> validate(const Config& config) {
  if (auto faults = actors::FaultInjector::validate({config.faults, fault_targets(config)}); !faults) {
    return faults;
  }
  if (config.dispatcher.heartbeats && config.queue.rules.visibility_timeout <= config.dispatcher.heartbeat_interval) {
    return unexpected(
        fmt::format("--dispatcher.heartbeat_interval {}: expected less than --queue.visibility_timeout, which is {}",
                    to_text(config.dispatcher.heartbeat_interval), to_text(config.queue.rules.visibility_timeout)));
  }
  const auto& pool = config.fleet.pool;
  if (pool.warm_min > pool.containers_max) {
    return unexpected(fmt::format("--containers.warm_min {}: expected at most as many as --containers.max, which is {}",
                                  pool.warm_min, pool.containers_max));
  }
  const auto& intake = config.intake.station;
  if (intake.capacity < intake.servers) {
    return unexpected(fmt::format("--mail.capacity {}: expected at least as many as --mail.servers, which is {}",
                                  intake.capacity, intake.servers));
  }
  return validate_delays(config);
}

}  // namespace sim::models::workflow
