#pragma once

#include <vector>

#include "libsim/harness/experiment/experiment.hpp"

namespace sim::models {

/// Every experiment, in the order in which they are read about.
[[nodiscard]] std::vector<harness::Experiment> experiments();

}  // namespace sim::models
