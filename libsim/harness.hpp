#pragma once

/// All that a model needs to become a program: parameters, scenarios, and the `run` that its `main` calls.
#include "libsim/harness/arrivals.hpp"      // IWYU pragma: export
#include "libsim/harness/experiment.hpp"    // IWYU pragma: export
#include "libsim/harness/parameters.hpp"    // IWYU pragma: export
#include "libsim/harness/runner.hpp"        // IWYU pragma: export
#include "libsim/harness/scenario_run.hpp"  // IWYU pragma: export
