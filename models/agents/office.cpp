#include "models/agents/office.hpp"

#include <string_view>
#include <utility>

namespace sim::models::agents {

namespace {

Ref<actors::Server> spawn_station(Simulation& simulation, std::string_view name, std::uint32_t servers,
                                  std::uint64_t capacity) {
  actors::Server::Config config;
  config.station.servers = servers;
  config.station.capacity = capacity;
  return simulation.spawn<actors::Server>(name, config);
}

actors::AgentOrchestrator::Config orchestrator_config(const Config& config) {
  actors::AgentOrchestrator::Config orchestrator = config.orchestrator;
  orchestrator.cache = config.cache ? std::optional(config.cache_rules) : std::nullopt;
  orchestrator.batching = config.batching ? std::optional(config.batch_rules) : std::nullopt;
  return orchestrator;
}

constexpr std::string_view name_of(Kind kind) {
  return kind == Kind::fast ? "fast-agent" : kind == Kind::medium ? "medium-agent" : "slow-agent";
}

}  // namespace

Office::Office(Simulation& simulation, const Config& config)
    : simulation_(simulation),
      workers_(spawn_station(simulation, "workers", config.workers_count,
                             std::uint64_t{config.workers_count} + config.queue_max)) {
  actors::AgentOrchestrator::Ports ports;
  for (const Kind kind : all_kinds) {
    actors::Agent::Config agent = config_of(config, kind);
    agent.failure_probability = config.failure_probability;
    ports.agents.emplace_back(simulation.spawn<actors::Agent>(name_of(kind), agent, workers_));
  }
  ports.event_loop = spawn_station(simulation, "event-loop", 1, policies::ServiceStation::unlimited);
  if (config.security) {
    const auto threads = spawn_station(simulation, "security-threads", config.security_threads_count,
                                       policies::ServiceStation::unlimited);
    const auto gate = simulation.spawn<actors::SecurityGate>("security-gate", config.gate, threads);
    ports.security = actors::AgentOrchestrator::Security{gate, gate};
  }
  orchestrator_ =
      simulation.spawn<actors::AgentOrchestrator>("orchestrator", orchestrator_config(config), std::move(ports));
}

double Office::waiting_max() const { return simulation_.metrics().gauge("server_queue_items", "workers").max(); }

double Office::busy_workers_max() const {
  return simulation_.metrics().gauge("server_utilisation_ratio", "workers").max() *
         simulation_.get(workers_).station().config().servers;
}

double Office::worker_utilisation_percent() const {
  return 100 * simulation_.metrics().gauge("server_utilisation_ratio", "workers").mean();
}

}  // namespace sim::models::agents
