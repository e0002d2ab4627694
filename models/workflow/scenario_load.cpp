#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "models/workflow/measures.hpp"
#include "models/workflow/platform.hpp"
#include "models/workflow/scenarios.hpp"

namespace sim::models::workflow {

namespace {

std::size_t deployed_within(const Platform& platform, Duration deadline) {
  return static_cast<std::size_t>(
      std::count_if(platform.records().begin(), platform.records().end(), [&](const auto& entry) {
        const auto response = entry.second.response();
        return response && *response <= deadline;
      }));
}

/// What was sampled after the first `count` samples.
std::vector<double> without_first(const std::vector<double>& samples, std::size_t count) {
  return {samples.begin() + static_cast<std::ptrdiff_t>(count), samples.end()};
}

void report_responses(harness::ScenarioRun& run, const Platform& platform, const Config& config) {
  std::vector<double> times = response_times_s(platform, config);
  std::sort(times.begin(), times.end());  // the order in which they are added up is part of the result
  run.report("response_mean", "s", mean_of(times), times.size());
  run.report("response_min", "s", smallest_of(times), times.size());
  run.report("response_p95", "s", percentile_of(times, 95), times.size());
  run.report("response_max", "s", largest_of(times), times.size());
}

/// From the burst until the platform has accepted or refused the last e-mail.
double answering_time_s(const Platform& platform, Time began_at) {
  Time last = began_at;
  for (const auto& [session, record] : platform.records()) {
    last = std::max(last, record.answered_at.value_or(last));
  }
  return to_seconds(last - began_at);
}

}  // namespace

void sustained(harness::ScenarioRun& run, const Config& config) {
  const Config::Sustained& load = config.sustained;
  const std::uint32_t sessions_count = load.sessions_per_minute * load.minutes;
  const Instruction instruction = config.always_edit ? Instruction::edit : Instruction::remark;
  Platform platform(run.simulation(), config);
  start(run, platform);
  for (std::uint32_t number = 0; number < sessions_count; ++number) {
    platform.request(fmt::format("load-test-{}", number), instruction,
                     number * (Duration{1min} / load.sessions_per_minute));
  }
  platform.drain();

  const std::size_t deployed = deployed_within(platform, load.deadline);
  run.report_share("success_rate", deployed, sessions_count);
  report_responses(run, platform, config);
  run.check_steady("the response times", response_times_s(platform, config));
  platform.record("load.success_rate_percent", 100 * static_cast<double>(deployed) / sessions_count);
  for (const double response : response_times_s(platform, config)) {
    platform.record("load.response_s", response);
  }
  finish(run, platform);
}

void burst(harness::ScenarioRun& run, const Config& config) {
  const std::uint32_t sessions_count = config.burst.sessions_count;
  const Instruction instruction = config.always_edit ? Instruction::edit : Instruction::remark;
  Platform platform(run.simulation(), config);
  start(run, platform);
  const Time began_at = platform.simulation().now();
  for (std::uint32_t number = 0; number < sessions_count; ++number) {
    platform.request(fmt::format("burst-{}", number), instruction);
  }
  platform.drain();

  const auto accepted =
      static_cast<std::size_t>(std::count_if(platform.records().begin(), platform.records().end(),
                                             [](const auto& entry) { return entry.second.accepted.value_or(false); }));
  const std::size_t deployed = deployed_within(platform, config.burst.deadline);
  run.report_share("accepted_share", accepted, sessions_count);
  run.report_share("deployed_in_180s_share", deployed, accepted);
  report_responses(run, platform, config);
  run.report("answering_time", "s", answering_time_s(platform, began_at), sessions_count);
  platform.record("burst.size", sessions_count);
  platform.record("burst.duration_s", answering_time_s(platform, began_at));
  platform.record("burst.successful", static_cast<double>(accepted));
  for (const double response : response_times_s(platform, config)) {
    platform.record("burst.response_s", response);
  }
  finish(run, platform);
}

void resources(harness::ScenarioRun& run, const Config& config) {
  Platform platform(run.simulation(), config);
  start(run, platform);
  const TaskSampler& sampler = platform.sampler();
  const std::size_t counts_before = sampler.task_counts().size();
  const std::size_t samples_before = sampler.cpu_percents().size();
  for (std::uint32_t number = 0; number < config.resources.sessions_count; ++number) {
    platform.request(fmt::format("resource-test-{}", number), Instruction::complex_page,
                     number * config.resources.pause);
  }
  platform.drain();

  const std::vector<double> cpu = without_first(sampler.cpu_percents(), samples_before);
  const std::vector<double> memory = without_first(sampler.memory_percents(), samples_before);
  const std::vector<double> tasks = without_first(sampler.task_counts(), counts_before);
  run.report("cpu_mean", "percent", mean_of(cpu), cpu.size());
  run.report("memory_mean", "percent", mean_of(memory), memory.size());
  run.report("tasks_mean", "tasks", mean_of(tasks), tasks.size());
  run.report("tasks_max", "tasks", largest_of(tasks), tasks.size());
  finish(run, platform);
}

}  // namespace sim::models::workflow
