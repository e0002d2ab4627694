#include "libsim/harness/run/sampler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "libsim/caf/job_pool.hpp"
#include "libsim/statistics/sample_size.hpp"
#include "libsim/text/number_text.hpp"

namespace sim::harness {

namespace {

/// Fewer replications tell too little of the spread to stop by it.
constexpr std::uint32_t replications_first = 10;

/// A target that cannot be judged is an error for later.
bool is_open(const ScenarioResult& result, const std::vector<Target>& targets) {
  const auto judged = judge_targets(result, targets);
  return judged && std::any_of(judged->begin(), judged->end(),
                               [](const JudgedTarget& target) { return target.verdict == Verdict::inconclusive; });
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
bool is_narrow(const Estimate& estimate, double precision) {
  return !estimate.half_width || estimate.is_constant || estimate.mean == 0.0 ||
         *estimate.half_width <= precision * std::abs(estimate.mean);
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
  ReplicationSet set(experiment, invocation.setup(), scenario,
                     {.seed = options.seed,
                      .replication = 0,
                      .fingerprint = options.fingerprint,
                      .events = events,
                      .detail = detail,
                      .limits = options.is_long ? std::nullopt : std::optional(WorkLimits{})});
  if (!program.empty() && !options.no_cache) {
    set.keep_in(std::filesystem::path(options.out) / experiment.name() / store_name,
                {.experiment = experiment.name(),
                 .scenario = set.scenario(),
                 .seed = options.seed,
                 .parameters = invocation.setup().parameters().values(),
                 .inputs = invocation.run_inputs(),
                 .program = program,
                 .fingerprint_of = std::string(to_text(options.fingerprint)),
                 .detail = std::string(to_text(detail))});
  }
  return set;
}

std::vector<study::Look> SamplingPlan::looks() const {
  const std::uint32_t first = std::min(replications, replications_max);
  if (precision > 0.0) {
    if (auto schedule = study::looks(first, replications_max, confidence)) {
      return *schedule;
    }
  }
  return {{first, confidence}};
}

bool is_precise(const SamplingPlan& plan, const ScenarioResult& result, const std::vector<Target>& targets) {
  return !is_open(result, targets) &&
         std::all_of(result.metrics.begin(), result.metrics.end(), [&](const Estimate& estimate) {
           return !is_asked_for(plan, targets, result, estimate) || is_narrow(estimate, plan.precision);
         });
}

std::vector<std::string> imprecise_lines(const SamplingPlan& plan, const ScenarioResult& result,
                                         const std::vector<Target>& targets) {
  std::vector<std::string> lines;
  for (const auto& estimate : result.metrics) {
    if (plan.precision <= 0.0 || !is_asked_for(plan, targets, result, estimate) ||
        is_narrow(estimate, plan.precision)) {
      continue;
    }
    const auto more = more_samples_for_precision(estimate.interval(result.confidence), plan.precision);
    lines.push_back(
        fmt::format("{} is known to {:.2g} % of its mean, not to {:.2g} %: {} more replications would do "
                    "(--replications-max)",
                    estimate.metric, 100 * *estimate.half_width / std::abs(estimate.mean), 100 * plan.precision,
                    more ? fmt::format("about {}", with_thousands(*more)) : std::string("many")));
  }
  return lines;
}

Expected<void> sample(const std::vector<ReplicationSet*>& sets, const SamplingPlan& plan,
                      const std::vector<Target>& targets, const ExtensionProgress& progress) {
  std::vector<ReplicationSet*> open = sets;
  for (const study::Look& look : plan.looks()) {
    std::vector<Extension> extensions;
    for (ReplicationSet* set : open) {
      extensions.push_back({set, static_cast<std::uint32_t>(look.samples)});
    }
    if (auto extended = extend(extensions, plan.jobs, progress); !extended) {
      return extended;
    }
    open.erase(std::remove_if(open.begin(), open.end(),
                              [&](const ReplicationSet* set) {
                                return set->failure() || is_precise(plan, set->result(look.confidence), targets);
                              }),
               open.end());
  }
  return {};
}

}  // namespace sim::harness
