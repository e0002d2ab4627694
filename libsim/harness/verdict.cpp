#include "libsim/harness/verdict.hpp"

#include <fmt/format.h>

#include "libsim/harness/nearest_name.hpp"
#include "libsim/harness/quoting.hpp"

namespace sim::harness {

namespace {

std::vector<std::string> metric_names(const ScenarioResult& result) {
  std::vector<std::string> names;
  for (const auto& estimate : result.metrics) {
    names.push_back(estimate.metric);
  }
  return names;
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
  return JudgedTarget{target, *estimate, judge(target, estimate->mean)};
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
  }
  return "?";
}

Verdict judge(const Target& target, double value) {
  if (holds(target.comparison, value, target.target)) {
    return Verdict::met;
  }
  const bool tolerable = target.critical && holds(target.comparison, value, *target.critical);
  return tolerable ? Verdict::degraded : Verdict::missed;
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
