#pragma once

#include <cstdint>

#include "libsim/queueing_theory/birth_death.hpp"
#include "libsim/queueing_theory/steady_state.hpp"

/// First come first served, exponential service: waits and sojourns by the number of jobs that an entering job finds.
namespace sim::queueing_theory {

/// Quantiles of a sum of as many exponential times (servers * rate) as a job has to see others leave before its service
/// starts. The probabilities need not add up to 1: they are divided by their sum.
[[nodiscard]] QuantileFunction wait_quantiles(StateProbabilities found, double services_per_s, std::uint32_t servers);

/// The same with the job's own service at the end.
[[nodiscard]] QuantileFunction sojourn_quantiles(StateProbabilities found, double services_per_s,
                                                 std::uint32_t servers);

/// P(X > t) of a time whose uniformised chain (steps at `steps_per_s`) has not ended after n steps with probability
/// `not_ended[n]`; beyond its end, the last value falls by the factor `decay` per step.
[[nodiscard]] double uniformised_survival(const std::vector<double>& not_ended, double decay, double steps_per_s,
                                          double t_s);

}  // namespace sim::queueing_theory
