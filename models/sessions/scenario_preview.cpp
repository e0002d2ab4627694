#include <fmt/format.h>

#include <algorithm>

#include "models/sessions/actors/closed_loop.hpp"
#include "models/sessions/cost.hpp"
#include "models/sessions/measures.hpp"
#include "models/sessions/platform.hpp"
#include "models/sessions/scenarios.hpp"

namespace sim::models::sessions {

void preview(harness::ScenarioRun& run, const Config& config) {
  Simulation& simulation = run.simulation();
  Platform platform(simulation, config, {config.preview_messages.sessions_count, 1});
  start(run, platform);
  actors::PreviewVisitor::Config visitor_config = config.preview;
  for (std::uint32_t session = 0; session < platform.sessions_count(); ++session) {
    visitor_config.sessions.push_back(SessionId{session});
    simulation.spawn<ClosedLoop>(
        fmt::format("author-{}", session),
        ClosedLoop::Config{
            .instruction = "Change page", .edits_files = true, .pause = config.preview_messages.message_pause},
        std::vector<Port<actors::Say>>{platform.client(session)}, platform.orchestrator());
  }
  const auto visitor = simulation.spawn<actors::PreviewVisitor>(
      "visitor", visitor_config, actors::PreviewVisitor::Ports{platform.orchestrator(), platform.monitor()});
  const auto all_loaded = [&] { return simulation.get(visitor).load_times().size() == config.preview.loads_count; };
  platform.run_until(all_loaded, 24h);

  std::vector<double> load_times_s;
  for (const Duration load_time : simulation.get(visitor).load_times()) {
    load_times_s.push_back(to_seconds(load_time));
  }
  run.report("preview_load_p95", "s", percentile_of(load_times_s, 95), load_times_s.size());
  run.report("preview_load_p50", "s", percentile_of(load_times_s, 50), load_times_s.size());
  report_cost(run, config, usage(platform));
  report_accounts(run, accounts(run, platform));
}

}  // namespace sim::models::sessions
