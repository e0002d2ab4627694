#pragma once

#include "libsim/expected.hpp"
#include "libsim/harness/cli/options.hpp"
#include "libsim/harness/experiment/parameters.hpp"

namespace sim::harness {

/// Flags that contradict each other, and those that say nothing without another one, are mistakes of the user. The
/// error is one line. `flags` are bound to the options.
[[nodiscard]] Expected<void> check_study_flags(const Options& options, const Parameters& flags);

}  // namespace sim::harness
