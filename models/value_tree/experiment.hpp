#pragma once

#include "libsim/harness/experiment/experiment.hpp"

namespace sim::models::value_tree {

/// Calculations on the value trees of business cases: their parameters and three sizes of tree.
[[nodiscard]] harness::Experiment experiment();

}  // namespace sim::models::value_tree
