#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/random/stream.hpp"
#include "libsim/study/axis.hpp"

namespace sim::study {

/// The most points that one design may have.
inline constexpr std::size_t points_max = 1'000'000;

/// One setting of all parameters that a study varies: parameter and value text, in the order of the axes.
using Point = std::vector<std::pair<std::string, std::string>>;

/// Every combination of the values, in the order of the axes; the last axis changes fastest. Without an axis there is
/// one empty point. The error refuses a parameter on two axes, a `Range` (which has no steps), and more than
/// `points_max` points.
[[nodiscard]] Expected<std::vector<Point>> full_grid(const std::vector<AxisSpec>& axes);

/// A Latin hypercube: each axis is cut into `points` strata of equal probability, and each stratum is used once, in an
/// order drawn per axis. Values of a list, and the whole numbers of a range, are equally likely: with `points` a
/// multiple of their number each comes equally often. Source: McKay, Beckman & Conover, "A Comparison of Three Methods
/// for Selecting Values of Input Variables in the Analysis of Output from a Computer Code", Technometrics 21 (1979).
/// The error refuses a parameter on two axes, no axis, no point, and more than `points_max`.
[[nodiscard]] Expected<std::vector<Point>> latin_hypercube(const std::vector<AxisSpec>& axes, std::size_t points,
                                                           RandomStream& random);

/// The values of a point that are numbers or durations, durations in seconds; others are left out.
[[nodiscard]] std::map<std::string, double> numbers_of(const Point& point);

}  // namespace sim::study
