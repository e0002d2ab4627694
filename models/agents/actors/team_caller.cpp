#include "models/agents/actors/team_caller.hpp"

#include <utility>

namespace sim::models::agents {

TeamCaller::TeamCaller(Context& ctx, Config config, Port<actors::InvokeTeam> orchestrator)
    : ctx_(ctx), config_(std::move(config)), orchestrator_(orchestrator) {}

Process TeamCaller::run() {
  for (std::uint32_t number = 0; number < config_.rounds_count; ++number) {
    actors::InvokeTeam request;
    request.order = config_.order;
    request.agents = config_.agents;
    request.input.content = number;
    const Time began_at = ctx_.now();
    auto team = co_await ctx_.ask(orchestrator_, request);
    check(team.has_value(), "a team comes back");
    rounds_.push_back({ctx_.now() - began_at, std::move(team->invocations)});
  }
}

}  // namespace sim::models::agents
