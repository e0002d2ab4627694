#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "libsim/expected.hpp"

namespace sim {

/// The confidence that each of `comparisons` intervals needs for all of them to hold together with probability at least
/// `confidence`, however they depend on each other: 1 - (1 - confidence) / comparisons (Bonferroni). Without it, of 20
/// metrics compared at 95 % one differs by chance. An error names a confidence that is not strictly between 0 and 1, or
/// says that there are no comparisons. Source: Law, Simulation Modeling and Analysis, 5th ed. (2015), section 9.7.
[[nodiscard]] Expected<double> bonferroni_confidence(double confidence, std::uint64_t comparisons);

/// p values adjusted by Holm's step-down method, in the order given: reject those of at most 1 - confidence, and with
/// probability at least `confidence` none is rejected wrongly. Never rejects less than Bonferroni does. An error names
/// a value that is not between 0 and 1. Source: Holm, "A Simple Sequentially Rejective Multiple Test Procedure",
/// Scandinavian Journal of Statistics 6 (1979).
[[nodiscard]] Expected<std::vector<double>> holm_adjusted(std::span<const double> p_values);

}  // namespace sim
