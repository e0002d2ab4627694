#include <algorithm>
#include <string>

#include "models/sessions/cost.hpp"
#include "models/sessions/measures.hpp"
#include "models/sessions/platform.hpp"
#include "models/sessions/scenarios.hpp"

namespace sim::models::sessions {

namespace {

struct Recovery {
  bool recovered = false;
  double time_s = 0;
  std::uint64_t messages_lost = 0;
  Accounts accounts;
  Usage usage;
};

bool is_answered(const Platform& platform, std::size_t message) {
  using Record = actors::SessionClient::Record;
  return platform.simulation().get(platform.client(0)).records()[message].end == Record::End::answered;
}

/// A message, a kill before or after its reply, and the message that follows at once.
Recovery kill_once(harness::ScenarioRun& run, const Config& config, const std::string& label, bool while_working) {
  Simulation& simulation = run.simulation(label);
  Platform platform(simulation, config, {1, 1});
  start(run, platform);
  platform.say(0, {"Initial message", config.always_edit});
  const auto is_time_to_kill = [&] {
    return while_working ? !platform.commands_in_progress().empty()
                         : platform.ledger().sent_count() == 1 && is_answered(platform, 0);
  };
  platform.run_until(is_time_to_kill, config.client.timeout);
  if (const auto container = platform.container(0)) {
    simulation.kill(*container);
  }
  const Time sent_at = simulation.now();
  platform.say(0, {"After failure message", config.always_edit});
  simulation.run_until(sent_at);
  platform.run_until([&] { return is_answered(platform, 1); }, config.client.timeout);
  platform.drain();

  const auto& record = simulation.get(platform.client(0)).records()[1];
  const Duration waited = record.ended_at - sent_at;
  Recovery recovery;
  recovery.recovered = is_answered(platform, 1);
  recovery.time_s = to_seconds(recovery.recovered ? waited : simulation.now() - sent_at);
  recovery.messages_lost = platform.ledger().open_count();
  recovery.accounts = accounts(run, platform);
  recovery.usage = usage(platform);
  return recovery;
}

}  // namespace

void kill(harness::ScenarioRun& run, const Config& config) {
  const Recovery idle = kill_once(run, config, "killed_idle", false);
  const Recovery working = kill_once(run, config, "killed_working", true);
  run.report("recovered", "bool", idle.recovered && working.recovered ? 1 : 0, 2);
  run.report("recovery_time", "s", std::max(idle.time_s, working.time_s), 2);
  run.report("recovery_time_idle", "s", idle.time_s);
  run.report("recovery_time_working", "s", working.time_s);
  run.report("messages_lost", "count", static_cast<double>(idle.messages_lost + working.messages_lost),
             idle.accounts.sent + working.accounts.sent);
  Accounts both = idle.accounts;
  both += working.accounts;
  Usage used = idle.usage;
  used += working.usage;
  report_cost(run, config, used);
  report_accounts(run, both);
}

}  // namespace sim::models::sessions
