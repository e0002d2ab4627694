#pragma once

#include "libsim/harness/experiment/experiment.hpp"

namespace sim::models::sessions {

/// The multi-session container platform: its parameters and its seven scenarios.
[[nodiscard]] harness::Experiment experiment();

}  // namespace sim::models::sessions
