#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libsim/statistics/sample_summary.hpp"
#include "models/workflow/measures.hpp"
#include "models/workflow/platform.hpp"
#include "models/workflow/scenarios.hpp"

namespace sim::models::workflow {

namespace {

/// Sends one e-mail and runs until its site is deployed, or for `drain.limit` at most; how long that took, in seconds.
std::optional<double> time_to_deployment_s(Platform& platform, const Config& config, std::string client) {
  const MessageId session =
      platform.request(std::move(client), config.always_edit ? Instruction::edit : Instruction::remark);
  const auto is_deployed = [&] {
    const auto record = platform.records().find(session);
    return record != platform.records().end() && record->second.deployed_at;
  };
  if (!platform.run_until(is_deployed, config.drain_limit)) {
    return std::nullopt;
  }
  return to_seconds(*platform.record_of(session).response());
}

/// The sessions of one kind, cold or warm.
class Group {
 public:
  Group(Platform& platform, const Config& config, std::string name)
      : platform_(platform), config_(config), name_(std::move(name)) {}

  void add_session() {
    const std::optional<double> time_s = time_to_deployment_s(platform_, config_, name_ + "-test");
    failed_count_ += time_s ? 0 : 1;
    times_s_.push_back(time_s.value_or(to_seconds(config_.drain_limit)));
    platform_.record(fmt::format("performance.{}_start_s", name_), times_s_.back());
  }

  [[nodiscard]] double mean_s() const { return mean_of(times_s_); }
  [[nodiscard]] bool all_deployed() const { return failed_count_ == 0; }

  void report(harness::ScenarioRun& run) const {
    run.report(fmt::format("{}_response_mean", name_), "s", mean_s(), times_s_.size());
    if (failed_count_ > 0) {
      run.warn(fmt::format("{} of {} {} sessions were not deployed within {}: there is no warm_over_cold",
                           failed_count_, times_s_.size(), name_, to_text(config_.drain_limit)));
    }
  }

  [[nodiscard]] std::size_t size() const { return times_s_.size(); }

 private:
  Platform& platform_;
  const Config& config_;
  std::string name_;
  std::vector<double> times_s_;
  std::size_t failed_count_ = 0;
};

void scale_to_zero(harness::ScenarioRun& run, Platform& platform, const Config& config) {
  const auto is_empty = [&] { return platform.containers().size() == 0; };
  if (!platform.run_until(is_empty, config.drain_limit, 1s)) {
    run.warn(fmt::format("there were still {} containers after {}, so that the next start is not cold",
                         platform.containers().size(), to_text(config.drain_limit)));
  }
}

/// NaN if a session was never deployed, or only after an attempt that failed: a failure that makes cold sessions slower
/// must not make warm ones look fast.
double warm_over_cold(const Group& warm, const Group& cold, Platform& platform) {
  const bool comparable = warm.all_deployed() && cold.all_deployed() &&
                          platform.simulation().metrics().counter_total("failed_attempts_count") == 0;
  return comparable ? warm.mean_s() / cold.mean_s() : nothing_measured;
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
  Group cold(platform, config, "cold");
  for (std::uint32_t number = 0; number < config.cold_warm.cold_count; ++number) {
    scale_to_zero(run, platform, config);
    cold.add_session();
  }
  Group warm(platform, config, "warm");
  for (std::uint32_t number = 0; number < config.cold_warm.warm_count; ++number) {
    warm.add_session();
    platform.simulation().run_for(config.cold_warm.pause);
  }
  platform.drain();

  run.report("warm_over_cold", "ratio", warm_over_cold(warm, cold, platform), warm.size() + cold.size());
  cold.report(run);
  warm.report(run);
  finish(run, platform);
}

}  // namespace sim::models::workflow
