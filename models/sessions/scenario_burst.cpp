#include <fmt/format.h>

#include "models/sessions/cost.hpp"
#include "models/sessions/measures.hpp"
#include "models/sessions/platform.hpp"
#include "models/sessions/scenarios.hpp"

namespace sim::models::sessions {

void burst(harness::ScenarioRun& run, const Config& config) {
  Config patient = config;
  patient.client.timeout = config.burst.timeout;
  Simulation& simulation = run.simulation();
  Platform platform(simulation, patient, {1, 1});
  start(run, platform);
  for (std::uint32_t number = 0; number < config.burst.messages_count; ++number) {
    platform.say(0, {fmt::format("Burst message {}", number), config.always_edit});
  }
  platform.drain();

  const MessageTimes times = message_times(platform, config.burst.timeout);
  run.report("messages_ok", "count", static_cast<double>(times.answered_in_time), times.times_s.size());
  run.report("order_violations", "count",
             static_cast<double>(simulation.get(platform.client(0)).order_violations_count()), times.times_s.size());
  run.report("last_message_time", "s", percentile_of(times.times_s, 100), times.times_s.size());
  report_cost(run, config, usage(platform));
  report_accounts(run, accounts(run, platform));
}

}  // namespace sim::models::sessions
