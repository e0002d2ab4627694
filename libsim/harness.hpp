#pragma once

/// All that a model needs to become a program: parameters, scenarios, and the `run` that its `main` calls.
#include "libsim/harness/experiment/arrivals.hpp"      // IWYU pragma: export
#include "libsim/harness/experiment/experiment.hpp"    // IWYU pragma: export
#include "libsim/harness/experiment/parameters.hpp"    // IWYU pragma: export
#include "libsim/harness/experiment/scenario_run.hpp"  // IWYU pragma: export
#include "libsim/harness/run/runner.hpp"               // IWYU pragma: export
