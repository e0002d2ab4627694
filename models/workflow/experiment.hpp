#pragma once

#include "libsim/harness/experiment/experiment.hpp"

namespace sim::models::workflow {

/// From an e-mail to a published site: its parameters and its five scenarios.
[[nodiscard]] harness::Experiment experiment();

}  // namespace sim::models::workflow
