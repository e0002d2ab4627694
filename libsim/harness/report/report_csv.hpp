#pragma once

#include <string>
#include <vector>

#include "libsim/harness/experiment/parameters.hpp"
#include "libsim/harness/report/scenario_outcome.hpp"

namespace sim::harness {

/// All reported metrics of a run for programs: a row per scenario and metric, and per target where a metric has
/// several. The last columns are the parameters, so that the outputs of several runs can be put together.
[[nodiscard]] std::string report_csv(const std::vector<ScenarioOutcome>& outcomes, const Parameters& parameters);

/// `metrics.csv`: what the scenario reported, then what its actors measured.
[[nodiscard]] std::string metrics_csv(const ScenarioResult& result);

/// `targets.csv`: the scenario's targets with values and verdicts.
[[nodiscard]] std::string targets_csv(const std::vector<JudgedTarget>& targets);

/// `series.csv`: the sampled curves of the first replication.
[[nodiscard]] std::string series_csv(const std::vector<Curve>& curves);

/// `replications.csv`: what each replication reported, one row per metric and replication.
[[nodiscard]] std::string replications_csv(const ScenarioResult& result);

}  // namespace sim::harness
