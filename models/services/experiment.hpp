#pragma once

#include "libsim/harness/experiment/experiment.hpp"

namespace sim::models::services {

/// Third-party services behind clients: their parameters and their eleven scenarios.
[[nodiscard]] harness::Experiment experiment();

}  // namespace sim::models::services
