#pragma once

#include "libsim/harness/experiment/experiment.hpp"

namespace sim::models::agents {

/// Agents behind an orchestrator: their parameters and seven scenarios.
[[nodiscard]] harness::Experiment experiment();

}  // namespace sim::models::agents
