#pragma once

#include <functional>

#include "libsim/queueing_theory/steady_state.hpp"

/// Quantiles from distribution functions.
namespace sim::queueing_theory {

/// P(X > t) for t >= 0: not increasing, 0 in the end.
using Survival = std::function<double(double t_s)>;

/// Quantiles of a time that is not negative, by bisection to the last bit of the double. `scale_s` is where the search
/// begins, roughly the mean.
[[nodiscard]] QuantileFunction quantiles_of(Survival survival, double scale_s);

/// Quantiles of a time with P(X > t) = `positive` * exp(-`rate` t).
[[nodiscard]] QuantileFunction exponential_tail_quantiles(double positive, double rate);

/// Quantiles of a time that is always 0.
[[nodiscard]] QuantileFunction always_zero();

/// P(X + Y > t) of independent exponential times with these rates, which may be equal.
[[nodiscard]] double survival_of_two_phases(double rate, double other_rate, double t_s);

}  // namespace sim::queueing_theory
