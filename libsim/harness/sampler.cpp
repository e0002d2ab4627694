#include "libsim/harness/sampler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "libsim/caf/job_pool.hpp"
#include "libsim/harness/nearest_name.hpp"
#include "libsim/harness/quoting.hpp"
#include "libsim/statistics/sample_size.hpp"

namespace sim::harness {

namespace {

/// Fewer replications tell too little of the spread to stop by it.
constexpr std::uint32_t replications_first = 10;
constexpr std::uint32_t growth_max = 5;

/// What the verdicts lack; a target that cannot be judged is an error for later.
std::uint64_t more_for_verdicts(const ScenarioResult& result, const std::vector<Target>& targets) {
  std::uint64_t more = 0;
  const auto judged = judge_targets(result, targets);
  if (!judged) {
    return more;
  }
  for (const auto& target : *judged) {
    if (target.verdict == Verdict::inconclusive) {
      // Even where no number can be said, more is the way to go.
      more = std::max(more, std::max<std::uint64_t>(1, target.more_replications.value_or(more_samples_max)));
    }
  }
  return more;
}

bool is_asked_for(const SamplingPlan& plan, const std::vector<Target>& targets, const ScenarioResult& result,
                  const Estimate& estimate) {
  if (!plan.metrics.empty()) {
    return std::find(plan.metrics.begin(), plan.metrics.end(), estimate.metric) != plan.metrics.end();
  }
  const auto is_of_scenario = [&](const Target& target) { return target.scenario == result.scenario; };
  const auto names_it = [&](const Target& target) {
    return is_of_scenario(target) && target.metric == estimate.metric;
  };
  return std::none_of(targets.begin(), targets.end(), is_of_scenario) ||
         std::any_of(targets.begin(), targets.end(), names_it);
}

/// A mean of 0 has no relative precision; it asks for nothing.
std::uint64_t more_for_precision(const Estimate& estimate, const SamplingPlan& plan) {
  if (!estimate.half_width || estimate.is_constant) {
    return 0;
  }
  return more_samples_for_precision(estimate.interval(plan.confidence), plan.precision).value_or(0);
}

}  // namespace

SamplingPlan sampling_plan(const Options& options) {
  return {
      .replications = options.precision > 0 ? std::max(options.replications, replications_first) : options.replications,
      .replications_max = std::max(options.replications, options.replications_max),
      .jobs = options.jobs == 0 ? jobs_of_machine() : options.jobs,
      .confidence = options.confidence,
      .precision = options.precision,
      .metrics = options.metrics};
}

ReplicationSet replication_set(const Experiment& experiment, const Invocation& invocation, std::size_t scenario,
                               const std::string& program, Detail detail, EventSink* events) {
  const Options& options = invocation.options();
  ReplicationSet set(
      experiment, invocation.setup(), scenario,
      {.seed = options.seed, .replication = 0, .fingerprint = options.fingerprint, .events = events, .detail = detail});
  if (!program.empty() && !options.fresh) {
    set.keep_in(std::filesystem::path(options.out) / experiment.name() / "store",
                {.experiment = experiment.name(),
                 .scenario = set.scenario(),
                 .seed = options.seed,
                 .parameters = invocation.setup().parameters().values(),
                 .input_hashes = invocation.input_hashes(),
                 .program = program,
                 .fingerprint_of = std::string(to_text(options.fingerprint)),
                 .detail = std::string(to_text(detail))});
  }
  return set;
}

std::uint32_t replications_wanted(const SamplingPlan& plan, const ScenarioResult& result,
                                  const std::vector<Target>& targets) {
  const std::uint32_t now = result.replications;
  if (plan.precision <= 0 || now >= plan.replications_max) {
    return now;
  }
  std::uint64_t more = more_for_verdicts(result, targets);
  for (const auto& estimate : result.metrics) {
    if (is_asked_for(plan, targets, result, estimate)) {
      more = std::max(more, more_for_precision(estimate, plan));
    }
  }
  const std::uint64_t most = std::min<std::uint64_t>(plan.replications_max, std::uint64_t{now} * growth_max);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(now + more, most));
}

Expected<void> sample(const std::vector<ReplicationSet*>& sets, const SamplingPlan& plan,
                      const std::vector<Target>& targets, const ExtensionProgress& progress) {
  std::vector<Extension> extensions;
  for (ReplicationSet* set : sets) {
    extensions.push_back({set, std::min(plan.replications, plan.replications_max)});
  }
  while (!extensions.empty()) {
    if (auto extended = extend(extensions, plan.jobs, progress); !extended) {
      return extended;
    }
    std::vector<Extension> further;
    for (const auto& [set, replications] : extensions) {
      if (!set->failure()) {
        const std::uint32_t wanted = replications_wanted(plan, set->result(plan.confidence), targets);
        if (wanted > set->count()) {
          further.push_back({set, wanted});
        }
      }
    }
    extensions = std::move(further);
  }
  return {};
}

Expected<void> check_metrics(const std::vector<std::string>& metrics, const std::vector<ScenarioOutcome>& outcomes) {
  std::vector<std::string> known;
  for (const auto& outcome : outcomes) {
    for (const auto& estimate : outcome.result.metrics) {
      known.push_back(estimate.metric);
    }
  }
  for (const auto& metric : metrics) {
    if (std::find(known.begin(), known.end(), metric) == known.end()) {
      return unexpected(fmt::format("--metric {}: no scenario of this run reports such a metric{}", shown(metric),
                                    did_you_mean(metric, known)));
    }
  }
  return {};
}

}  // namespace sim::harness
