#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/random/stream.hpp"

namespace sim::study {

/// A walk through the unit cube that changes each factor once.
struct Trajectory {
  /// factors + 1 points; each has one coordinate in [0, 1] per factor (`value_at` turns it into a value).
  std::vector<std::vector<double>> points;
  /// `changed[i]` is the factor in which points i and i + 1 differ.
  std::vector<std::size_t> changed;

  friend bool operator==(const Trajectory&, const Trajectory&) = default;
};

/// Random trajectories on a grid of `levels` coordinates 0, 1/(levels-1), … 1 per factor. A step goes up or down by
/// levels / (2 (levels-1)), so that for even `levels` all coordinates are equally likely. Source: Morris, "Factorial
/// Sampling Plans for Preliminary Computational Experiments", Technometrics 33 (1991). The error refuses no factor, no
/// trajectory, odd levels, fewer than 2 or more than 1,000, and more than 1,000,000 points.
[[nodiscard]] Expected<std::vector<Trajectory>> morris_trajectories(std::size_t factors, std::size_t trajectories,
                                                                    std::size_t levels, RandomStream& random);

/// What changing one factor does to a result, per unit of its coordinate, that is per width of its range.
struct FactorEffect {
  std::size_t factor = 0;
  double mean = 0.0;           ///< μ: opposite effects cancel
  double mean_absolute = 0.0;  ///< μ*: how much the factor matters (Campolongo, Cariboni & Saltelli 2007)
  double deviation = 0.0;      ///< σ, divided by n - 1: how much the effect depends on the place; 0 of one effect
  std::uint64_t effects = 0;   ///< elementary effects that stand behind it

  friend bool operator==(const FactorEffect&, const FactorEffect&) = default;
};

/// Effects of all factors in their order. `results[t][i]` is the result at point i of trajectory t (asserted sizes);
/// an effect that is not finite, as of a failed run, or beyond `Moments::magnitude_max` is left out. Sources: Morris
/// (1991); Campolongo, Cariboni & Saltelli, "An effective screening design for sensitivity analysis of large models",
/// Environmental Modelling & Software 22 (2007).
[[nodiscard]] std::vector<FactorEffect> factor_effects(const std::vector<Trajectory>& trajectories,
                                                       const std::vector<std::vector<double>>& results);

/// The factors by falling μ*; equal ones by their number, those without effects last.
[[nodiscard]] std::vector<FactorEffect> ranked(std::vector<FactorEffect> effects);

}  // namespace sim::study
