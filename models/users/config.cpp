#include "models/users/config.hpp"

#include <fmt/format.h>

#include "models/contradiction.hpp"

namespace sim::models::users {

Config::Config() {
  database.read_latency = lognormal_p50_p99(5ms, 40ms);
  database.write_latency = lognormal_p50_p99(5ms, 40ms);
  database.rules.transient_error_probability = 0.001;
  agents.latency = lognormal_p50_p99(400ms, 2s);
  agents.behaviour.errors = {{policies::ErrorClass::server_error, 0.01}};
  agents.behaviour.concurrent_requests_max = 50;
  query_retry.schedule = {.attempts_max = 3,
                          .initial_delay = 100ms,
                          .multiplier = 2,
                          .delay_max = 2s,
                          .jitter = policies::RetrySchedule::Jitter::full};
  application.agent_retry.schedule = query_retry.schedule;  // the delays of both stay the same, see `System`
}

actors::FaultInjector::Targets fault_targets(const Config& config) {
  actors::FaultInjector::Targets targets;
  targets["agents"].takes = policies::FailingService::faults();
  targets["network"].takes = policies::Link::faults();
  targets["primary"].takes = policies::Database::faults();
  for (std::uint32_t replica = 1; replica <= config.database.rules.replicas; ++replica) {
    auto& target = targets[fmt::format("replica-{}", replica)];
    target.takes = policies::Database::faults();
    target.part = replica;
  }
  return targets;
}

Expected<void> validate(const Config& config) {
  if (auto faults = actors::FaultInjector::validate({config.faults, fault_targets(config)}); !faults) {
    return faults;
  }
  const auto& spike = config.spike;
  if (auto ends = check_ends_by({"spike.begins_at", spike.begins_at, "spike.duration", spike.duration}, "spike.ends_at",
                                spike.ends_at);
      !ends) {
    return ends;
  }
  const auto& retry = config.query_retry.schedule;
  if (auto delay = check_delay("query.retry_delay", retry.initial_delay, retry.delay_max); !delay) {
    return delay;
  }
  const auto& batches = config.writes.batches;
  if (batches.waiting_max < batches.batch_size_max) {
    return unexpected(fmt::format("--writes.waiting_max {}: expected at least --writes.batch_size_max, which is {}",
                                  batches.waiting_max, batches.batch_size_max));
  }
  return {};
}

}  // namespace sim::models::users
