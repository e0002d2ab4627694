#include "libsim/harness/judge/metric_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "libsim/harness/judge/verdict.hpp"
#include "libsim/text/nearest_name.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

/// The metrics that flags name, each with its flag.
std::vector<std::pair<std::string, std::string>> named_metrics(const Options& options) {
  std::vector<std::pair<std::string, std::string>> named;
  for (const auto& metric : options.metrics) {
    named.emplace_back("metric", metric);
  }
  for (const auto& [flag, metric] :
       {std::pair("minimize", options.study.minimize), std::pair("pareto-against", options.study.pareto_against)}) {
    if (!metric.empty()) {
      named.emplace_back(flag, metric);
    }
  }
  return named;
}

/// As a run would find it at its end.
Expected<void> check_targets_of(const ScenarioReports& scenario, const Invocation& invocation,
                                const Experiment& experiment) {
  Replication replication;
  replication.reports = scenario.reports;
  const auto result =
      combine(experiment.name(), scenario.scenario, invocation.options().seed, {replication}, confidence_default);
  return judge_targets(result, invocation.targets().rows).map([](const std::vector<JudgedTarget>&) {});
}

}  // namespace

bool names_metrics(const Invocation& invocation) {
  return invocation.targets().from_user || !named_metrics(invocation.options()).empty();
}

Expected<void> check_named_metrics(const Invocation& invocation, const Experiment& experiment,
                                   const std::vector<ScenarioReports>& scenarios) {
  std::vector<std::string> known;
  for (const auto& scenario : scenarios) {
    if (auto checked = check_targets_of(scenario, invocation, experiment); !checked && invocation.targets().from_user) {
      return checked;
    }
    for (const auto& report : scenario.reports) {
      known.push_back(report.metric);
    }
  }
  for (const auto& [flag, metric] : named_metrics(invocation.options())) {
    if (std::find(known.begin(), known.end(), metric) == known.end()) {
      return unexpected(fmt::format("--{} {}: no scenario of this run reports such a metric{}", flag, shown(metric),
                                    did_you_mean(metric, known)));
    }
  }
  return {};
}

}  // namespace sim::harness
