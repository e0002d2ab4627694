#pragma once

#include "libsim/harness/experiment/experiment.hpp"

namespace sim::models::queueing {

/// Queueing stations and networks beside the theory of them: its parameters and its four scenarios.
[[nodiscard]] harness::Experiment experiment();

}  // namespace sim::models::queueing
