#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <vector>

#include "libsim/harness/run/end_of_time.hpp"
#include "models/sessions/cost.hpp"
#include "models/sessions/measures.hpp"
#include "models/sessions/platform.hpp"
#include "models/sessions/scenarios.hpp"

namespace sim::models::sessions {

namespace {

/// The script's own draws: when what is sent to whom.
RandomStream script_stream(const harness::ScenarioRun& run, std::string_view purpose) {
  return RandomStream({run.seed(), run.replication(), "hourly-script", 0, purpose});
}

Duration random_time(RandomStream& random, Duration window) {
  return Duration{static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(window.count())))};
}

/// Messages at uniformly random times, each of a random session.
void say_at_random(Platform& platform, harness::ScenarioRun& run, const Config::Hourly& hourly) {
  RandomStream time_rng = script_stream(run, "arrival");
  RandomStream session_rng = script_stream(run, "session");
  for (std::uint32_t number = 0; number < hourly.messages_count; ++number) {
    const auto session = static_cast<std::uint32_t>(session_rng.below(platform.sessions_count()));
    platform.say(session, {"Improve the headline", true}, random_time(time_rng, hourly.duration));
  }
}

/// Messages as recorded, to the sessions in turn.
void say_as_recorded(Platform& platform, const Config::Hourly& hourly) {
  for (std::size_t number = 0; number < hourly.arrivals.size(); ++number) {
    const auto session = static_cast<std::uint32_t>(number % platform.sessions_count());
    platform.say(session,
                 {.instruction = "Recorded request",
                  .edits_files = true,
                  .context_tokens = static_cast<std::uint32_t>(hourly.arrivals.values[0][number]),
                  .generated_tokens = static_cast<std::uint32_t>(hourly.arrivals.values[1][number])},
                 nearest_duration(to_seconds(hourly.arrivals.at[number]) / hourly.arrivals_speed));
  }
}

std::vector<Time> interrupt_times(harness::ScenarioRun& run, const Config::Hourly& hourly, Time begin,
                                  Duration window) {
  RandomStream time_rng = script_stream(run, "interrupt");
  std::vector<Time> times;
  for (std::uint32_t number = 0; number < hourly.interrupts_count; ++number) {
    times.push_back(begin + random_time(time_rng, window));
  }
  std::sort(times.begin(), times.end());
  return times;
}

/// Interrupts a command in progress that was not interrupted before, as soon as there is one, until `end` at the
/// latest.
void interrupt_one(Platform& platform, RandomStream& choice_rng, std::set<MessageId>& interrupted, Time end) {
  std::vector<MessageId> commands;
  const auto in_progress = [&] {
    commands = platform.commands_in_progress();
    std::erase_if(commands, [&](MessageId message) { return interrupted.count(message) == 1; });
    return !commands.empty();
  };
  Simulation& simulation = platform.simulation();
  if (!platform.run_until(in_progress, std::max(end - simulation.now(), Duration{0}))) {
    return;
  }
  const MessageId message = commands[choice_rng.below(commands.size())];
  interrupted.insert(message);
  simulation.send(platform.client(session_number(message)), actors::StopCommand{message});
}

double cpu_percent_mean(const Platform& platform) {
  std::vector<double> percents;
  for (const Ref<actors::Container> container : platform.containers()) {
    const policies::ResourceAccount& account = platform.simulation().get(container).resources();
    const Time now = platform.simulation().now();
    percents.push_back(100 * account.busy_core_time_s(now) / account.capacity_core_time_s(now));
  }
  return mean_of(percents);
}

double memory_per_session_mb_max(Simulation& simulation) {
  double most = 0;
  for (const auto& [container, gauge] : simulation.metrics().gauges("memory_per_session_mb")) {
    most = std::max(most, gauge.max());
  }
  return most;
}

}  // namespace

void hourly(harness::ScenarioRun& run, const Config& config) {
  const Config::Hourly& hourly = config.hourly;
  const bool is_recorded = !hourly.arrivals.empty();
  if (is_recorded) {
    harness::expect_within_virtual_time(
        to_seconds(hourly.arrivals.at.back()) / hourly.arrivals_speed,
        fmt::format("the rows of --arrivals at --arrivals.speed {}", hourly.arrivals_speed));
  }
  Simulation& simulation = run.simulation();
  Platform platform(simulation, config, {config.sessions_count, config.containers_count});
  start(run, platform);

  const Duration window = is_recorded
                              ? nearest_duration(to_seconds(hourly.arrivals.at.back()) / hourly.arrivals_speed) + 1s
                              : hourly.duration;
  const Time begin = simulation.now();
  const double depth_before = platform.queue_depth_integral_messages_s();
  is_recorded ? say_as_recorded(platform, hourly) : say_at_random(platform, run, hourly);

  RandomStream choice_rng = script_stream(run, "interrupted-command");
  std::set<MessageId> interrupted;
  for (const Time time : interrupt_times(run, hourly, begin, window)) {
    simulation.run_until(std::max(time, simulation.now()));
    interrupt_one(platform, choice_rng, interrupted, begin + window);
  }
  simulation.run_until(std::max(begin + window, simulation.now()));
  const double depth = platform.queue_depth_integral_messages_s() - depth_before;
  const double cpu_percent = cpu_percent_mean(platform);
  const double memory_mb = memory_per_session_mb_max(simulation);
  platform.drain();

  const policies::OutcomeLedger& ledger = platform.ledger();
  const MessageTimes times = message_times(platform, config.client.timeout);
  const std::uint64_t sent = ledger.sent_count();
  const std::uint64_t acknowledged = simulation.metrics().counter_total("interrupts_acknowledged_count");
  run.report(
      "messages_completed", "count",
      static_cast<double>(ledger.count(policies::Outcome::answered) + ledger.count(policies::Outcome::interrupted)),
      sent);
  run.report("interrupts_delivered", "count", static_cast<double>(acknowledged), interrupted.size());
  run.report("messages_lost", "count", static_cast<double>(ledger.open_count()), sent);
  run.report("queue_depth_mean", "messages", depth / to_seconds(window) / platform.sessions_count());
  run.report("container_cpu_mean", "percent", cpu_percent, platform.containers().size());
  run.report("session_memory_max", "MB", memory_mb);
  run.report_share("success_rate", times.answered_in_time, times.times_s.size());
  report_message_times(run, times);
  report_cost(run, config, usage(platform));
  if (!is_recorded) {
    check_steady(run, platform);  // recorded arrivals come and go as they did
  }
  report_accounts(run, accounts(run, platform));
}

}  // namespace sim::models::sessions
