#include <array>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include "models/agents/actors/team_caller.hpp"
#include "models/agents/measures.hpp"
#include "models/agents/scenarios.hpp"

namespace sim::models::agents {

namespace {

using Order = actors::InvokeTeam::Order;

struct TeamRun {
  std::vector<double> times_ms;  ///< of the rounds
  std::array<std::uint64_t, 4> outcomes{};
  std::uint64_t begun = 0;
  std::uint64_t in_progress = 0;
  double asked_integral = 0;  ///< teams × seconds at the orchestrator

  [[nodiscard]] double total_ms() const { return std::accumulate(times_ms.begin(), times_ms.end(), 0.0); }
};

TeamRun run_team(harness::ScenarioRun& run, const Config& config, std::string_view label, Order order) {
  Simulation& simulation = run.simulation(label);
  const Office office(simulation, config);
  TeamCaller::Config caller_config;
  caller_config.order = order;
  for (const Kind kind : all_kinds) {
    caller_config.agents.push_back(static_cast<std::uint32_t>(kind));
  }
  caller_config.rounds_count = config.teams.rounds_count;
  const auto caller = simulation.spawn<TeamCaller>("caller", std::move(caller_config), office.orchestrator());
  simulation.run();

  TeamRun team;
  for (const TeamCaller::Round& round : simulation.get(caller).rounds()) {
    team.times_ms.push_back(1e3 * to_seconds(round.time));
    for (const actors::Invoked& invoked : round.invocations) {
      ++team.outcomes[static_cast<std::size_t>(invoked.outcome)];
    }
  }
  team.begun = simulation.metrics().counter_total("invocations_count");
  team.in_progress = simulation.get(office.orchestrator()).in_progress();
  team.asked_integral = simulation.get(office.orchestrator()).asked_integral();
  return team;
}

/// A caller invokes one team after the other.
void check_littles_law(harness::ScenarioRun& run, const TeamRun& team) {
  run.check_littles_law("teams", team.asked_integral, team.total_ms() / 1e3);
}

}  // namespace

void parallel(harness::ScenarioRun& run, const Config& config) {
  const TeamRun sequence = run_team(run, config, "sequence", Order::in_sequence);
  const TeamRun parallel = run_team(run, config, "parallel", Order::in_parallel);
  const std::uint64_t rounds = sequence.times_ms.size();
  run.report("speedup_over_sequence", "ratio", sequence.total_ms() / parallel.total_ms(), rounds);
  run.report("sequence_time_mean", "ms", mean_of(sequence.times_ms), rounds);
  run.report("parallel_time_mean", "ms", mean_of(parallel.times_ms), rounds);

  const auto report = [&](const char* metric, std::uint64_t of_sequence, std::uint64_t of_parallel) {
    run.report(metric, "count", static_cast<double>(of_sequence + of_parallel), 2 * rounds);
  };
  constexpr std::array<const char*, 4> metrics = {"invocations_ok", "invocations_failed", "invocations_rejected",
                                                  "invocations_refused"};
  harness::Account identity{.whole = "invocations", .parts = {}};
  report("invocations", sequence.begun, parallel.begun);
  for (std::size_t outcome = 0; outcome < metrics.size(); ++outcome) {
    report(metrics[outcome], sequence.outcomes[outcome], parallel.outcomes[outcome]);
    identity.parts.emplace_back(metrics[outcome]);
  }
  report("invocations_in_flight", sequence.in_progress, parallel.in_progress);
  identity.parts.emplace_back("invocations_in_flight");
  run.report_account(std::move(identity));
  check_littles_law(run, sequence);
  check_littles_law(run, parallel);
}

}  // namespace sim::models::agents
