#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "actors/monitoring/operation_monitor.hpp"
#include "models/services/actors/alert_log.hpp"
#include "models/services/measures.hpp"
#include "models/services/provider.hpp"
#include "models/services/scenarios.hpp"

namespace sim::models::services {

namespace {

struct Watch {
  std::vector<AlertLog::Entry> events;
  std::map<std::string, actors::OperationMonitor::Figures> figures;
  Accounts accounts;

  [[nodiscard]] std::uint64_t alerts() const {
    return static_cast<std::uint64_t>(
        std::count_if(events.begin(), events.end(), [](const auto& entry) { return entry.second.is_exceeded; }));
  }
  [[nodiscard]] std::uint64_t slow_calls() const {
    std::uint64_t slow = 0;
    for (const auto& [operation, of] : figures) {
      slow += of.slow_calls_count;
    }
    return slow;
  }
};

actors::OperationMonitor::Config monitor_config(const Config& config) {
  actors::OperationMonitor::Config monitor;
  monitor.window_calls = config.monitor.window_calls;
  monitor.percentile = config.monitor.percentile;
  monitor.recovery_share = config.monitor.recovery_share;
  for (const ProviderConfig& provider : config.providers) {
    for (const OperationConfig& operation : provider.operations) {
      monitor.thresholds.emplace(fmt::format("{}:{}", provider.name, operation.name), operation.threshold);
    }
  }
  return monitor;
}

policies::FailingService::Brownout brownout_of(const Config::Monitor& monitor) {
  return {.starts_at = Time{} + monitor.brownout_starts_after,
          .duration = monitor.brownout_duration,
          .latency_factor = monitor.brownout_latency_factor,
          .error_probability = monitor.brownout_error_probability};
}

/// One caller for each operation of a provider.
std::vector<Ref<Caller>> spawn_callers(Simulation& simulation, const Config& config, const Provider& provider) {
  std::vector<Ref<Caller>> callers;
  for (std::size_t number = 0; number < provider.operations_count(); ++number) {
    const Caller::Config calls{.number = static_cast<std::uint32_t>(number),
                               .plan = {operation(number)},
                               .pause = config.monitor.pause,
                               .duration = config.monitor.duration};
    callers.push_back(
        simulation.spawn<Caller>(fmt::format("{}-caller-{}", provider.name(), number), calls, provider.client()));
  }
  return callers;
}

Watch watch(harness::ScenarioRun& run, const Config& config, const std::string& label, bool has_brownout) {
  Simulation& simulation = run.simulation(label);
  const auto log = simulation.spawn<AlertLog>("alert-log");
  const auto monitor = simulation.spawn<actors::OperationMonitor>("monitor", monitor_config(config), log);
  std::vector<std::pair<Provider, std::vector<Ref<Caller>>>> watched;
  for (const ProviderId id : all_providers) {
    ProviderSetup setup;
    setup.monitor = monitor;
    if (has_brownout && id == ProviderId::stripe) {
      setup.brownouts.push_back(brownout_of(config.monitor));
    }
    const Provider provider(simulation, config, id, setup);
    watched.emplace_back(provider, spawn_callers(simulation, config, provider));
  }
  simulation.run();

  Watch result{simulation.get(log).entries(), simulation.get(monitor).figures(), {}};
  for (const auto& [provider, callers] : watched) {
    result.accounts += accounts_of(provider, callers);
  }
  return result;
}

void report_detection(harness::ScenarioRun& run, const Config& config, const Watch& brownout) {
  const Time begins_at = Time{} + config.monitor.brownout_starts_after;
  const Time ends_at = begins_at + config.monitor.brownout_duration;
  double detection_s = nothing_measured;
  double recovery_s = nothing_measured;
  std::uint64_t elsewhere = 0;
  for (const auto& [at, event] : brownout.events) {
    if (event.operation.rfind("stripe:", 0) != 0) {
      elsewhere += event.is_exceeded ? 1 : 0;
    } else if (event.is_exceeded && at >= begins_at && std::isnan(detection_s)) {
      detection_s = to_seconds(at - begins_at);
    } else if (!event.is_exceeded && at >= ends_at) {
      recovery_s = to_seconds(at - ends_at);
    }
  }
  run.report("detection_time", "s", detection_s, brownout.events.size());
  run.report("recovery_time", "s", recovery_s, brownout.events.size());
  run.report("alerts_elsewhere", "count", static_cast<double>(elsewhere), brownout.alerts());
}

}  // namespace

void monitor(harness::ScenarioRun& run, const Config& config) {
  const Watch brownout = watch(run, config, "brownout", true);
  const Watch healthy = watch(run, config, "healthy", false);
  run.report("alerts_raised", "count", static_cast<double>(brownout.alerts()), brownout.accounts.made);
  run.report("alerts_without_brownout", "count", static_cast<double>(healthy.alerts()), healthy.accounts.made);
  report_detection(run, config, brownout);
  run.report("slow_calls", "count", static_cast<double>(brownout.slow_calls()), brownout.accounts.made);
  run.report("slow_calls_without_brownout", "count", static_cast<double>(healthy.slow_calls()), healthy.accounts.made);
  run.report_share("success_rate", brownout.accounts.answered, brownout.accounts.made);
  run.report_share("success_rate_without_brownout", healthy.accounts.answered, healthy.accounts.made);
  Accounts all = brownout.accounts;
  all += healthy.accounts;
  report_accounts(run, all);
}

}  // namespace sim::models::services
