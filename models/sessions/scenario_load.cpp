#include <fmt/format.h>

#include "models/sessions/cost.hpp"
#include "models/sessions/measures.hpp"
#include "models/sessions/platform.hpp"
#include "models/sessions/scenarios.hpp"

namespace sim::models::sessions {

void load(harness::ScenarioRun& run, const Config& config) {
  Simulation& simulation = run.simulation();
  Platform platform(simulation, config, {config.sessions_count, config.containers_count});
  start(run, platform);
  const auto starts = simulation.metrics().merged_tally("container_start_s").value_or(Tally{});
  for (std::uint32_t session = 0; session < platform.sessions_count(); ++session) {
    platform.say(session, {fmt::format("Create test file {}.txt", session), true});
  }
  platform.drain();

  const MessageTimes times = message_times(platform, config.client.timeout);
  run.report("sessions_ok", "count", static_cast<double>(times.answered_in_time), times.times_s.size());
  run.report_share("success_rate", times.answered_in_time, times.times_s.size());
  report_message_times(run, times);
  run.report("container_start_max", "s", starts.empty() ? nothing_measured : starts.max(), starts.count());
  run.report("container_start_mean", "s", starts.empty() ? nothing_measured : starts.mean(), starts.count());
  report_cost(run, config, usage(platform));
  report_accounts(run, accounts(run, platform));
}

}  // namespace sim::models::sessions
