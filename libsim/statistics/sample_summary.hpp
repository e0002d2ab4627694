#pragma once

#include <limits>
#include <span>
#include <vector>

namespace sim {

/// What is reported of something that never happened: not a number, which no target holds for.
inline constexpr double nothing_measured = std::numeric_limits<double>::quiet_NaN();

// Figures of samples in any order, of which there may be none: `nothing_measured` then.

[[nodiscard]] double mean_of(std::span<const double> samples);
[[nodiscard]] double smallest_of(std::span<const double> samples);
[[nodiscard]] double largest_of(std::span<const double> samples);
/// Nearest rank, see `percentile`; 0 <= percent <= 100 is asserted when there are samples.
[[nodiscard]] double percentile_of(std::vector<double> samples, double percent);

}  // namespace sim
