#pragma once

#include <string>

#include "libsim/harness/run/scenario_result.hpp"
#include "models/queueing/config.hpp"

namespace sim::models::queueing {

/// What a scenario gave beside what theory says: metric, simulated value, half width of its interval, theory, and how
/// many standard errors lie between them. Without a formula one line that says why; for a published trace its figures.
/// `config` is that of the run.
[[nodiscard]] std::string theory_table(const harness::ScenarioResult& result, const Config& config);

/// The z-score of an estimate against its theory; nothing with fewer than two replications, or when nothing varies.
[[nodiscard]] std::optional<double> z_score_of(const harness::Estimate& estimate, double theory);

}  // namespace sim::models::queueing
