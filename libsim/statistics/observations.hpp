#pragma once

#include <span>

#include "libsim/expected.hpp"

namespace sim {

/// An error that names the first value that is no finite number of magnitude at most `Moments::magnitude_max`, such as
/// the NaN of a replication in which nothing was measured.
[[nodiscard]] Expected<void> validate_observations(std::span<const double> observations);

/// The same for two settings over the same replications, or other pairs; an error, too, when there are more of one than
/// of the other.
[[nodiscard]] Expected<void> validate_pairs(std::span<const double> first, std::span<const double> second);

}  // namespace sim
