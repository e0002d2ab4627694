#pragma once

#include <string>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/cli/invocation.hpp"
#include "libsim/harness/run/scenario_result.hpp"

namespace sim::harness {

/// What a scenario reports, known from one replication.
struct ScenarioReports {
  std::string scenario;
  std::vector<Report> reports;
};

/// Whether the user named any metric, so that somebody has to see whether there are such.
[[nodiscard]] bool names_metrics(const Invocation& invocation);

/// An error when `--metric`, another flag that names a metric, or a target of the user's names one that no scenario
/// reports, or a target has another unit.
[[nodiscard]] Expected<void> check_named_metrics(const Invocation& invocation, const Experiment& experiment,
                                                 const std::vector<ScenarioReports>& scenarios);

}  // namespace sim::harness
