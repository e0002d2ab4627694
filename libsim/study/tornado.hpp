#pragma once

#include <string>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/study/design.hpp"

namespace sim::study {

/// A parameter with the values that a one-at-a-time study gives it.
struct TornadoFactor {
  std::string parameter;
  std::string low;
  std::string base;
  std::string high;

  friend bool operator==(const TornadoFactor&, const TornadoFactor&) = default;
};

/// The points of a one-at-a-time study: first all parameters at their base, then for each factor one point with it at
/// its low and one at its high value: 1 + 2 · factors points. The error refuses no factor and a parameter that comes
/// twice.
[[nodiscard]] Expected<std::vector<Point>> tornado_points(const std::vector<TornadoFactor>& factors);

/// What a result does while one parameter goes from its low to its high value and all others stay.
struct Swing {
  std::string parameter;
  double at_low = 0.0;
  double at_base = 0.0;
  double at_high = 0.0;

  /// The greatest of the three results less the least: also a bend upwards and down again is a swing.
  [[nodiscard]] double size() const;

  friend bool operator==(const Swing&, const Swing&) = default;
};

/// The swings by falling size; equal ones in the order of the factors, those with a result that is not finite last.
/// `results` are those of `tornado_points`, in its order (asserted size).
[[nodiscard]] std::vector<Swing> tornado_swings(const std::vector<TornadoFactor>& factors,
                                                const std::vector<double>& results);

}  // namespace sim::study
