#include "libsim/harness/judge/verdict.hpp"

#include <fmt/format.h>

#include <cmath>

#include "libsim/statistics/proportion.hpp"
#include "libsim/statistics/sample_size.hpp"
#include "libsim/text/nearest_name.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

std::vector<std::string> metric_names(const ScenarioResult& result) {
  std::vector<std::string> names;
  for (const auto& estimate : result.metrics) {
    names.push_back(estimate.metric);
  }
  return names;
}

/// Of a share that was the same each time: until Wilson's interval leaves out the bound.
std::optional<std::uint64_t> more_replications_of_share(const Estimate& estimate, double bound, double confidence) {
  constexpr std::uint64_t replications_max = 1'000'000'000;
  const double samples_each = static_cast<double>(estimate.samples) / estimate.replications;
  const auto tells = [&](std::uint64_t replications) {
    const double trials = std::round(samples_each * static_cast<double>(replications));
    const double successes = std::round(estimate.mean / 100 * trials);
    const auto half_width =
        proportion_half_width(static_cast<std::uint64_t>(successes), static_cast<std::uint64_t>(trials), confidence);
    return half_width && 100 * *half_width < std::abs(bound - estimate.mean);
  };
  std::uint64_t too_few = estimate.replications;
  std::uint64_t enough = replications_max;
  if (!tells(enough)) {
    return std::nullopt;
  }
  while (enough - too_few > 1) {
    const std::uint64_t middle = too_few + (enough - too_few) / 2;
    (tells(middle) ? enough : too_few) = middle;
  }
  return enough - estimate.replications;
}

/// To get the nearest of the bounds that the interval holds out of it.
std::optional<std::uint64_t> more_replications(const Target& target, const Estimate& estimate, double confidence) {
  double bound = target.target;
  if (target.critical && std::abs(*target.critical - estimate.mean) < std::abs(bound - estimate.mean)) {
    bound = *target.critical;
  }
  if (estimate.replications < 2) {
    return std::nullopt;
  }
  const bool has_wilson_width = estimate.is_share && estimate.is_constant;
  return has_wilson_width ? more_replications_of_share(estimate, bound, confidence)
                          : more_samples_to_exclude(estimate.interval(confidence), bound);
}

Expected<JudgedTarget> judge_one(const ScenarioResult& result, const Target& target) {
  const Estimate* estimate = result.find(target.metric);
  if (estimate == nullptr) {
    return unexpected(fmt::format("{}: scenario {} reports no metric {}{}", target.place, shown(target.scenario),
                                  shown(target.metric), did_you_mean(target.metric, metric_names(result))));
  }
  if (estimate->unit != target.unit) {
    return unexpected(fmt::format("{}: metric {} of scenario {} is in {}: expected a target in that unit, not in {}",
                                  target.place, shown(target.metric), shown(target.scenario), shown(estimate->unit),
                                  shown(target.unit)));
  }
  JudgedTarget judged{target, *estimate, judge(target, *estimate)};
  if (judged.verdict == Verdict::inconclusive) {
    judged.more_replications = more_replications(target, *estimate, result.confidence);
  }
  return judged;
}

}  // namespace

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::met:
      return "met";
    case Verdict::degraded:
      return "degraded";
    case Verdict::missed:
      return "missed";
    case Verdict::inconclusive:
      return "inconclusive";
  }
  return "?";
}

Verdict judge(const Target& target, double value) {
  if (holds(target.relation, value, target.target)) {
    return Verdict::met;
  }
  const bool tolerable = target.critical && holds(target.relation, value, *target.critical);
  return tolerable ? Verdict::degraded : Verdict::missed;
}

Verdict judge(const Target& target, const Estimate& estimate) {
  if (estimate.is_none()) {
    return Verdict::missed;
  }
  if (target.relation == study::Relation::equal && !estimate.is_constant) {
    return Verdict::missed;
  }
  if (!estimate.half_width || target.relation == study::Relation::equal) {
    return judge(target, estimate.mean);
  }
  const Verdict at_lower = judge(target, estimate.lower());
  const Verdict at_upper = judge(target, estimate.upper());
  return at_lower == at_upper ? at_lower : Verdict::inconclusive;
}

void VerdictCounts::add(Verdict verdict) {
  switch (verdict) {
    case Verdict::met:
      ++met;
      break;
    case Verdict::degraded:
      ++degraded;
      break;
    case Verdict::missed:
      ++missed;
      break;
    case Verdict::inconclusive:
      ++inconclusive;
      break;
  }
}

Expected<std::vector<JudgedTarget>> judge_targets(const ScenarioResult& result, const std::vector<Target>& targets) {
  std::vector<JudgedTarget> judged;
  for (const auto& target : targets) {
    if (target.experiment != result.experiment || target.scenario != result.scenario) {
      continue;
    }
    auto one = judge_one(result, target);
    if (!one) {
      return tl::unexpected(std::move(one.error()));
    }
    judged.push_back(std::move(*one));
  }
  return judged;
}

}  // namespace sim::harness
