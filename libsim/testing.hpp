#pragma once

/// For the tests of actors and models, with any test framework: a fake `Context` for one actor by itself, scenarios of
/// an experiment with their targets, and the comparison with golden files.
#include "libsim/testing/check_targets.hpp"  // IWYU pragma: export
#include "libsim/testing/fake_context.hpp"   // IWYU pragma: export
#include "libsim/testing/golden.hpp"         // IWYU pragma: export
#include "libsim/testing/reference.hpp"      // IWYU pragma: export
#include "libsim/testing/run_scenario.hpp"   // IWYU pragma: export
