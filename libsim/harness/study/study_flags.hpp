#pragma once

#include "libsim/expected.hpp"
#include "libsim/harness/options.hpp"

namespace sim::harness {

/// Flags that contradict each other, and those that say nothing without another one, are mistakes of the user. The
/// error is one line.
[[nodiscard]] Expected<void> check_study_flags(const Options& options);

}  // namespace sim::harness
