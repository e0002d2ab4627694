#pragma once

#include "actors/server/server.hpp"
#include "libsim/sim.hpp"
#include "models/agents/actors/agent_orchestrator.hpp"
#include "models/agents/config.hpp"

namespace sim::models::agents {

/// The agents of one simulation with their workers and their orchestrator, wired.
class Office {
 public:
  Office(Simulation& simulation, const Config& config);

  [[nodiscard]] Ref<actors::AgentOrchestrator> orchestrator() const { return orchestrator_; }
  /// The most calls that waited for a worker, and that had one, at one time.
  [[nodiscard]] double waiting_max() const;
  [[nodiscard]] double busy_workers_max() const;
  [[nodiscard]] double worker_utilisation_percent() const;
  [[nodiscard]] Simulation& simulation() const { return simulation_; }

 private:
  Simulation& simulation_;
  Ref<actors::Server> workers_;
  Ref<actors::AgentOrchestrator> orchestrator_{};
};

}  // namespace sim::models::agents
