#pragma once

#include "libsim/harness/experiment/experiment.hpp"

namespace sim::models::stress {

/// Overload and exhaustion: seventeen mechanisms, one scenario each.
[[nodiscard]] harness::Experiment experiment();

}  // namespace sim::models::stress
