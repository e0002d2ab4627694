#pragma once

#include "libsim/harness/experiment/experiment.hpp"

namespace sim::models::users {

/// The workflow application under the load of its users: its parameters and its six scenarios.
[[nodiscard]] harness::Experiment experiment();

}  // namespace sim::models::users
