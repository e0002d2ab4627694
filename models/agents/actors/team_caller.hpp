#pragma once

#include <cstdint>
#include <vector>

#include "libsim/sim.hpp"
#include "models/agents/actors/agent_messages.hpp"

namespace sim::models::agents {

/// Lets the orchestrator invoke a team of agents, round after round.
class TeamCaller {
 public:
  struct Config {
    actors::InvokeTeam::Order order = actors::InvokeTeam::Order::in_sequence;
    std::vector<std::uint32_t> agents;
    std::uint32_t rounds_count = 30;
  };
  struct Round {
    Duration time{};
    std::vector<actors::Invoked> invocations;
  };
  using Inbox = sim::Inbox<>;

  TeamCaller(Context& ctx, Config config, Port<actors::InvokeTeam> orchestrator);
  Process run();

  [[nodiscard]] const std::vector<Round>& rounds() const { return rounds_; }

 private:
  Context& ctx_;
  Config config_;
  Port<actors::InvokeTeam> orchestrator_;
  std::vector<Round> rounds_;
};

}  // namespace sim::models::agents
