#pragma once

#include <string>

#include "libsim/harness.hpp"

namespace checkout {

/// The checkout of a shop: scenarios `ordinary` and `sale`.
[[nodiscard]] sim::harness::Experiment experiment();

/// What the shop promises, as a table of targets.
[[nodiscard]] std::string targets();

}  // namespace checkout
