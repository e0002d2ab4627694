#pragma once

#include <cstdint>
#include <vector>

#include "actors/calls/timeout.hpp"
#include "actors/circuit_breaker/breaker_proxy.hpp"
#include "models/resilience/actors/caller.hpp"
#include "models/resilience/call_service.hpp"
#include "models/resilience/config.hpp"
#include "models/resilience/measures.hpp"

namespace sim::models::resilience {

/// Users, a breaker as an actor of its own, and the service behind it.
class ProxiedService {
 public:
  using Users = Caller<calls::Timeout>;
  using Kind = actors::BreakerProxy::Entry::Kind;

  /// Users send requests for `duration`.
  ProxiedService(Simulation& simulation, const Config& config, Duration duration);

  /// Runs until `at` since the start of the simulation.
  void run_until(Duration at) { simulation_.run_until(Time{} + at); }
  /// Runs until every request has ended.
  void drain() { simulation_.run(); }

  [[nodiscard]] Ref<CallService> service() const { return service_; }
  [[nodiscard]] bool is_service_up() const { return simulation_.get(service_).rules().is_up(); }
  [[nodiscard]] const actors::BreakerProxy& proxy() const { return simulation_.get(proxy_); }
  [[nodiscard]] const std::vector<actors::BreakerProxy::Entry>& journal() const { return proxy().journal(); }
  [[nodiscard]] const std::vector<CallRecord>& records() const { return simulation_.get(users_).records(); }
  [[nodiscard]] std::uint64_t count(Kind kind) const;
  /// When the breaker did this for the first time at or after `from`.
  [[nodiscard]] std::optional<Time> first(Kind kind, Time from = Time{}) const;

  /// Reports what the three scenarios have in common.
  void report(harness::ScenarioRun& run, const Config& config) const;

 private:
  Simulation& simulation_;
  Ref<CallService> service_;
  Ref<actors::BreakerProxy> proxy_;
  Ref<Users> users_;
};

}  // namespace sim::models::resilience
