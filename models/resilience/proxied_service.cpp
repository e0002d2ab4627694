#include "models/resilience/proxied_service.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "models/faults/idle_faults.hpp"
#include "models/resilience/faults.hpp"

namespace sim::models::resilience {

namespace {

CallService::Config service_config(const Config& config) {
  CallService::Config service;
  service.latency = config.service.latency;
  service.behaviour.errors = {{policies::ErrorClass::server_error, config.service.error_probability}};
  return service;
}

actors::BreakerProxy::Config proxy_config(const Config& config) {
  actors::BreakerProxy::Config proxy;
  proxy.breaker = config.breaker_rules;
  proxy.is_enabled = config.breaker != Config::Breaker::none;
  proxy.timeout = config.service.call_timeout;
  proxy.processing_time = config.service.processing_time;
  return proxy;
}

ProxiedService::Users::Config users_config(const Config& config, Duration duration) {
  ProxiedService::Users::Config users;
  users.streams = {{.service = 0, .arrivals = {policies::PoissonArrivals{config.service.rate_per_s}}}};
  users.duration = duration;
  std::get<0>(users.layers).timeout = config.service.request_timeout;
  return users;
}

}  // namespace

ProxiedService::ProxiedService(Simulation& simulation, const Config& config, Duration duration)
    : simulation_(simulation),
      service_(simulation.spawn<CallService>("service", service_config(config))),
      proxy_(simulation.spawn<actors::BreakerProxy>("breaker", proxy_config(config), service_)),
      users_(simulation.spawn<Users>("users", users_config(config, duration), proxy_)) {
  spawn_faults(simulation, config, {{"service", service_}});
}

std::uint64_t ProxiedService::count(Kind kind) const {
  return static_cast<std::uint64_t>(
      std::count_if(journal().begin(), journal().end(), [kind](const auto& entry) { return entry.kind == kind; }));
}

std::optional<Time> ProxiedService::first(Kind kind, Time from) const {
  const auto entry = std::find_if(journal().begin(), journal().end(), [&](const auto& candidate) {
    return candidate.kind == kind && candidate.at >= from;
  });
  return entry == journal().end() ? std::nullopt : std::optional(entry->at);
}

void ProxiedService::report(harness::ScenarioRun& run, const Config& config) const {
  run.report("openings", "count", static_cast<double>(count(Kind::opened)));
  run.report("half_openings", "count", static_cast<double>(count(Kind::half_opened)));
  run.report("closings", "count", static_cast<double>(count(Kind::closed)));
  run.report("calls_failed", "count", static_cast<double>(count(Kind::failed)), records().size());
  run.report("calls_rejected", "count", static_cast<double>(count(Kind::rejected)), records().size());
  report_accounts(run, accounts_of(simulation_, users_));
  warn_of_idle_faults(run, simulation_, config.faults.rows().size());
}

}  // namespace sim::models::resilience
