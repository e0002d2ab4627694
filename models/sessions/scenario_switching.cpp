#include "models/sessions/actors/closed_loop.hpp"
#include "models/sessions/cost.hpp"
#include "models/sessions/measures.hpp"
#include "models/sessions/platform.hpp"
#include "models/sessions/scenarios.hpp"

namespace sim::models::sessions {

void switching(harness::ScenarioRun& run, const Config& config) {
  Simulation& simulation = run.simulation();
  Platform platform(simulation, config, {config.switching.sessions_count, 1});
  start(run, platform);
  const auto script = simulation.spawn<ClosedLoop>("script",
                                                   ClosedLoop::Config{.instruction = "Switch test",
                                                                      .edits_files = config.always_edit,
                                                                      .messages_max = config.switching.messages_count},
                                                   platform.say_ports(), platform.orchestrator());
  platform.run_until([&] { return simulation.get(script).is_done(); },
                     config.client.timeout * static_cast<std::int64_t>(config.switching.messages_count));
  platform.drain();

  std::vector<double> round_trips_s;
  for (const actors::Said& said : simulation.get(script).said()) {
    round_trips_s.push_back(to_seconds(said.message_time));
  }
  const auto tree_switches = simulation.metrics().merged_tally("tree_switch_s").value_or(Tally{});
  run.report("switch_time_mean", "s", mean_of(round_trips_s), round_trips_s.size());
  run.report("tree_switch_mean", "s", tree_switches.empty() ? nothing_measured : tree_switches.mean(),
             tree_switches.count());
  report_cost(run, config, usage(platform));
  report_accounts(run, accounts(run, platform));
}

}  // namespace sim::models::sessions
