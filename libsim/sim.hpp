#pragma once

/// All that the author of an actor or a model needs: time, actors, streams, distributions and metrics.
#include "libsim/duration_sum.hpp"         // IWYU pragma: export
#include "libsim/expected.hpp"             // IWYU pragma: export
#include "libsim/failure.hpp"              // IWYU pragma: export
#include "libsim/kernel/context.hpp"       // IWYU pragma: export
#include "libsim/kernel/simulation.hpp"    // IWYU pragma: export
#include "libsim/kernel/waiter.hpp"        // IWYU pragma: export
#include "libsim/metrics/metrics.hpp"      // IWYU pragma: export
#include "libsim/random/distribution.hpp"  // IWYU pragma: export
#include "libsim/random/stream.hpp"        // IWYU pragma: export
#include "libsim/time.hpp"                 // IWYU pragma: export
