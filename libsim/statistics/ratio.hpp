#pragma once

#include <span>

#include "libsim/expected.hpp"
#include "libsim/statistics/interval.hpp"

namespace sim {

/// Interval of E[X] / E[Y] from independent pairs: one per replication, or per regenerative cycle (the sum of the
/// waiting times in a cycle over the number of customers in it). It is not the mean of the ratios x / y, which
/// estimates something else, and X and Y of a pair may be correlated.
///
/// Delta method: the ratio r of the means, and as its standard error that of the mean of x - r·y, divided by the mean
/// of Y; Student t on n - 1 degrees of freedom. Bias and error in coverage fall as 1/n, from a level that skewness
/// sets: of regenerative cycles, which are very skewed, take thousands (the 95 % interval of the wait in M/M/1 at
/// utilisation 0.5 contains it in 84 of 100 cases with 250 cycles, in 91 with 1000, in 93 with 4000). An error says
/// when there are fewer than two pairs, a value is no finite number, or when the denominators' own interval contains 0:
/// the set of ratios that agree with the samples is then unbounded (Fieller, "Some Problems in Interval Estimation",
/// Journal of the Royal Statistical Society B 16 (1954)), and no interval of this form is true. Sources: Iglehart,
/// "Simulating Stable Stochastic Systems, V: Comparison of Ratio Estimators", Naval Research Logistics Quarterly 22
/// (1975); Law, Simulation Modeling and Analysis, 5th ed. (2015), section 9.5.3 (regenerative method).
[[nodiscard]] Expected<Interval> ratio_interval(std::span<const double> numerators,
                                                std::span<const double> denominators,
                                                double confidence = confidence_default);

/// The same by the jackknife: the t interval of the pseudo-values n·r - (n - 1)·r_i, where r_i is the ratio without the
/// i-th pair. It removes the bias of order 1/n and is the better one for few pairs; the errors are those of
/// `ratio_interval`. Source: Iglehart (1975); Miller, "The Jackknife: A Review", Biometrika 61 (1974).
[[nodiscard]] Expected<Interval> jackknife_ratio_interval(std::span<const double> numerators,
                                                          std::span<const double> denominators,
                                                          double confidence = confidence_default);

}  // namespace sim
