#pragma once

#include "libsim/queueing_theory/single_server.hpp"
#include "libsim/random/distribution.hpp"

namespace sim::models::queueing {

/// What formulas ask of a distribution.
[[nodiscard]] bool is_exponential(const Distribution& distribution);
[[nodiscard]] bool is_constant(const Distribution& distribution);

/// E[S^2] in square seconds; infinite where the law has none.
[[nodiscard]] double second_moment_s2(const Distribution& distribution);

/// The Laplace transform in closed form where the law has a simple one, else by numerical integration of its
/// distribution function.
[[nodiscard]] queueing_theory::InterarrivalLaw interarrival_law(const Distribution& distribution);

[[nodiscard]] queueing_theory::ServiceLaw service_law(const Distribution& distribution);

}  // namespace sim::models::queueing
