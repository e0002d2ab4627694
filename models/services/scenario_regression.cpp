#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "libsim/random/portable_math.hpp"
#include "libsim/statistics/comparison.hpp"
#include "models/services/baseline.hpp"
#include "models/services/measures.hpp"
#include "models/services/provider.hpp"
#include "models/services/scenarios.hpp"

namespace sim::models::services {

namespace {

/// The logarithms of the response times of a run by operation, those of all providers in their order.
struct Sample {
  std::vector<Moments> operations;
  Accounts accounts;

  void merge(const Sample& other) {
    operations.resize(other.operations.size());
    for (std::size_t number = 0; number < operations.size(); ++number) {
      operations[number].merge(other.operations[number]);
    }
    accounts += other.accounts;
  }
};

/// A run against a baseline: is it slower in any of its operations?
struct Judgement {
  double p = 1;  ///< least of all operations, times their number (Bonferroni)
  std::uint32_t slower_operations = 0;
  double log_slowdown = 0;               ///< mean over the operations
  std::uint32_t operations_skipped = 0;  ///< too few response times, or none that vary

  [[nodiscard]] bool is_flagged(double level) const { return p < level; }
};

/// Every operation of every provider, one call after the other. Each run has actors with names of its own, so that its
/// random streams are its own, too.
Sample benchmark(harness::ScenarioRun& run, const Config& config, const std::string& label, double slowdown) {
  Simulation& simulation = run.simulation(label);
  std::vector<std::pair<Provider, std::vector<Ref<Caller>>>> benchmarks;
  for (const ProviderId id : all_providers) {
    Provider provider(simulation, config, id, {.name_prefix = label + "-"});
    provider.apply(policies::ActiveFaults::Number{1}, {.kind = policies::FaultKind::slow, .factor = slowdown});
    Caller::Config calls;
    for (std::size_t number = 0; number < provider.operations_count(); ++number) {
      calls.plan.insert(calls.plan.end(), config.regression.calls, operation(number));
    }
    calls.calls_max = static_cast<std::uint32_t>(calls.plan.size());
    const auto caller = simulation.spawn<Caller>(fmt::format("{}-{}-caller", label, provider.name()), std::move(calls),
                                                 provider.client());
    benchmarks.emplace_back(std::move(provider), std::vector{caller});
  }
  simulation.run();

  Sample sample;
  for (const auto& [provider, callers] : benchmarks) {
    const std::size_t first = sample.operations.size();
    sample.operations.resize(first + provider.operations_count());
    for (const Caller::Record& record : ended_calls(simulation, callers)) {
      const double time_s = to_seconds(record.ended_at - record.began_at);
      if (time_s > 0) {  // turned away at once: a failure, but no response time
        sample.operations[first + static_cast<std::size_t>(record.operation)].add(portable_log(time_s));
      }
    }
    sample.accounts += accounts_of(provider, callers);
  }
  return sample;
}

Judgement judge(const Sample& sample, const std::vector<SampleSummary>& baseline, double level) {
  Judgement judgement;
  const auto operations_count = static_cast<double>(baseline.size());
  double log_slowdowns = 0;
  for (std::size_t number = 0; number < baseline.size(); ++number) {
    const Moments& log_times = sample.operations[number];
    if (log_times.count() < 2) {
      ++judgement.operations_skipped;
      continue;
    }
    const auto comparison = compare_means(summary_of(log_times), baseline[number]);
    if (!comparison) {
      ++judgement.operations_skipped;
      continue;
    }
    const double p = std::min(1.0, comparison->p_greater * operations_count);
    judgement.p = std::min(judgement.p, p);
    judgement.slower_operations += p < level ? 1 : 0;
    log_slowdowns += comparison->difference;
  }
  const auto compared_count = static_cast<double>(baseline.size() - judgement.operations_skipped);
  judgement.log_slowdown = log_slowdowns / compared_count;
  return judgement;
}

std::vector<SampleSummary> stored_baseline(const Config& config) {
  std::vector<SampleSummary> baseline;
  for (const ProviderConfig& provider : config.providers) {
    for (const OperationConfig& operation : provider.operations) {
      baseline.push_back(*parse_baseline(operation.baseline));
    }
  }
  return baseline;
}

/// Also reports it, for whoever wants to store it.
std::vector<SampleSummary> measured_baseline(harness::ScenarioRun& run, const Config& config, Accounts& accounts) {
  Sample all;
  for (std::uint32_t number = 1; number <= config.regression.baseline_runs; ++number) {
    all.merge(benchmark(run, config, fmt::format("baseline-{}", number), 1));
  }
  accounts += all.accounts;
  std::vector<SampleSummary> baseline;
  for (const ProviderConfig& provider : config.providers) {
    for (const OperationConfig& operation : provider.operations) {
      const Moments& log_times = all.operations[baseline.size()];
      const SampleSummary summary = log_times.count() < 2 ? SampleSummary{} : summary_of(log_times);
      const bool is_known = summary.samples > 0;
      const std::string prefix = fmt::format("baseline_{}_{}_", provider.name, operation.name);
      run.report(prefix + "typical", "s", is_known ? portable_exp(summary.mean) : nothing_measured, summary.samples);
      run.report(prefix + "spread", "ratio", is_known ? portable_exp(summary.standard_deviation) : nothing_measured,
                 summary.samples);
      baseline.push_back(summary);
    }
  }
  return baseline;
}

/// Says what the check could not see.
void warn_of_gaps(harness::ScenarioRun& run, std::uint32_t skipped, std::size_t comparisons, const Accounts& accounts) {
  if (skipped > 0) {
    run.warn(
        fmt::format("{} of {} comparisons left out: too few response times, or none that vary", skipped, comparisons));
  }
  if (const std::uint64_t throttled = accounts.failed_as(policies::ErrorClass::throttled); throttled > 0) {
    run.warn(fmt::format("{} of {} calls exceeded a rate limit and gave no response time", throttled, accounts.made));
  }
}

}  // namespace

void regression(harness::ScenarioRun& run, const Config& config) {
  const Config::Regression& settings = config.regression;
  Accounts accounts;
  const std::vector<SampleSummary> baseline = settings.baseline == Config::BaselineSource::stored
                                                  ? stored_baseline(config)
                                                  : measured_baseline(run, config, accounts);
  std::uint32_t false_alarms = 0;
  std::uint32_t flags_at_5_percent = 0;
  std::uint32_t skipped = 0;
  double least_p = 1;
  for (std::uint32_t number = 1; number <= settings.runs; ++number) {
    const Sample sample = benchmark(run, config, fmt::format("unchanged-{}", number), 1);
    const Judgement judgement = judge(sample, baseline, settings.level);
    false_alarms += judgement.is_flagged(settings.level) ? 1 : 0;
    flags_at_5_percent += judgement.is_flagged(0.05) ? 1 : 0;
    least_p = std::min(least_p, judgement.p);
    skipped += judgement.operations_skipped;
    accounts += sample.accounts;
  }
  const Sample slower = benchmark(run, config, "slower", settings.slowdown);
  const Judgement judgement = judge(slower, baseline, settings.level);
  accounts += slower.accounts;
  skipped += judgement.operations_skipped;
  warn_of_gaps(run, skipped, baseline.size() * (settings.runs + 1), accounts);

  run.report("injected_slowdown_detected", "bool", judgement.is_flagged(settings.level) ? 1 : 0, settings.calls);
  run.report("false_alarms", "count", false_alarms, settings.runs);
  run.report("flags_at_5_percent", "count", flags_at_5_percent, settings.runs);
  run.report("unchanged_p_min", "probability", least_p, settings.runs);
  run.report("slower_p", "probability", judgement.p);
  run.report("slower_operations_flagged", "count", judgement.slower_operations, baseline.size());
  run.report("slowdown_estimate", "percent", 100 * (portable_exp(judgement.log_slowdown) - 1), settings.calls);
  report_accounts(run, accounts);
}

}  // namespace sim::models::services
