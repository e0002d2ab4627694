#include "models/sessions/actors/closed_loop.hpp"
#include "models/sessions/cost.hpp"
#include "models/sessions/measures.hpp"
#include "models/sessions/platform.hpp"
#include "models/sessions/scenarios.hpp"

namespace sim::models::sessions {

void soak(harness::ScenarioRun& run, const Config& config) {
  Simulation& simulation = run.simulation();
  Platform platform(simulation, config, {1, 1});
  start(run, platform);
  const auto script = simulation.spawn<ClosedLoop>(
      "script",
      ClosedLoop::Config{.instruction = "Memory test message",
                         .edits_files = config.always_edit,
                         .duration = config.soak.duration,
                         .pause = constant(config.soak.pause),
                         .messages_per_memory_snapshot = config.soak.messages_per_snapshot},
      platform.say_ports(), platform.orchestrator());
  platform.run_until([&] { return simulation.get(script).is_done(); },
                     config.soak.duration + config.client.timeout + 1min, 1s);
  platform.drain();

  const std::vector<double>& memory_mb = simulation.get(script).memory_snapshots_mb();
  run.report("memory_final", "MB", memory_mb.empty() ? nothing_measured : memory_mb.back(), memory_mb.size());
  run.report("memory_growth", "MB", memory_mb.empty() ? nothing_measured : memory_mb.back() - memory_mb.front(),
             memory_mb.size());
  report_message_times(run, message_times(platform, config.client.timeout));
  report_cost(run, config, usage(platform));
  report_accounts(run, accounts(run, platform));
}

}  // namespace sim::models::sessions
