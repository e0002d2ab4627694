#pragma once

#include <vector>

#include "libsim/harness/report/scenario_outcome.hpp"
#include "libsim/text/page.hpp"

namespace sim::harness {

/// One scenario for people: each reported metric with its target and verdict, then the totals and the warnings.
[[nodiscard]] Page scenario_table(const ScenarioOutcome& outcome, bool colours);

/// The line that closes a run: `20 targets: 19 met, 0 degraded, 1 missed · results in results/sessions`.
[[nodiscard]] Page closing_line(const std::vector<ScenarioOutcome>& outcomes, bool colours);

}  // namespace sim::harness
