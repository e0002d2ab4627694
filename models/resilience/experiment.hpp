#pragma once

#include "libsim/harness/experiment/experiment.hpp"

namespace sim::models::resilience {

/// The resilience of a workflow application: its parameters and its eight scenarios.
[[nodiscard]] harness::Experiment experiment();

}  // namespace sim::models::resilience
