#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "models/workflow/measures.hpp"
#include "models/workflow/platform.hpp"
#include "models/workflow/scenarios.hpp"

namespace sim::models::workflow {

namespace {

/// Sends one e-mail and runs until its site is deployed; how long that took, in seconds.
double time_to_deployment_s(Platform& platform, const Config& config, std::string client) {
  const MessageId session =
      platform.request(std::move(client), config.always_edit ? Instruction::edit : Instruction::remark);
  const auto is_deployed = [&] {
    const auto record = platform.records().find(session);
    return record != platform.records().end() && record->second.deployed_at;
  };
  const bool in_time = platform.run_until(is_deployed, config.drain_limit);
  return to_seconds(in_time ? *platform.record_of(session).response() : config.drain_limit);
}

void scale_to_zero(harness::ScenarioRun& run, Platform& platform, const Config& config) {
  const auto is_empty = [&] { return platform.containers().size() == 0; };
  if (!platform.run_until(is_empty, config.drain_limit, 1s)) {
    run.warn(fmt::format("there were still {} containers after {}, so that the next start is not cold",
                         platform.containers().size(), to_text(config.drain_limit)));
  }
}

}  // namespace

void stages(harness::ScenarioRun& run, const Config& config) {
  Platform platform(run.simulation(), config);
  start(run, platform);
  platform.request("perf-test", Instruction::edit);
  platform.drain();
  finish(run, platform);
}

void cold_warm(harness::ScenarioRun& run, const Config& config) {
  Platform platform(run.simulation(), config);
  start(run, platform);
  std::vector<double> cold;
  for (std::uint32_t number = 0; number < config.cold_warm.cold_count; ++number) {
    scale_to_zero(run, platform, config);
    cold.push_back(time_to_deployment_s(platform, config, "cold-test"));
    platform.record("performance.cold_start_s", cold.back());
  }
  std::vector<double> warm;
  for (std::uint32_t number = 0; number < config.cold_warm.warm_count; ++number) {
    warm.push_back(time_to_deployment_s(platform, config, "warm-test"));
    platform.record("performance.warm_start_s", warm.back());
    platform.simulation().run_for(config.cold_warm.pause);
  }
  platform.drain();

  run.report("warm_over_cold", "ratio", mean_of(warm) / mean_of(cold), warm.size() + cold.size());
  run.report("cold_response_mean", "s", mean_of(cold), cold.size());
  run.report("warm_response_mean", "s", mean_of(warm), warm.size());
  finish(run, platform);
}

}  // namespace sim::models::workflow
