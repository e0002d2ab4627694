#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "libsim/expected.hpp"

namespace sim {

/// Which way a curve bends: concave ones flatten out as they rise (throughput over load), convex ones turn upwards
/// (response time over load).
enum class Bend { concave, convex };

enum class Direction { increasing, decreasing };

struct KneeConfig {
  Bend bend = Bend::concave;
  Direction direction = Direction::increasing;
  /// How much flatter than the chord the curve must have become after a knee, in mean distances between points: larger
  /// is more cautious. 0 or more.
  double sensitivity = 1.0;

  friend bool operator==(const KneeConfig&, const KneeConfig&) = default;
};

/// Index of the knee of a curve: where it costs more and more to gain less and less.
///
/// Kneedle, offline: both axes are scaled to 0..1 and turned so that the curve is concave and increasing; candidates
/// are the local maxima of its distance y - x, where it is above the diagonal; a candidate is a knee when, before the
/// next candidate, the distance falls below that of the candidate less sensitivity × the mean distance of neighbouring
/// xs. Of several knees the one farthest from the diagonal is taken, and the first of those. The values are taken as
/// they are: smooth noisy ones before. The knee depends on the range of xs: it is relative to the ends of the curve.
///
/// None when there is no knee: a straight line, a level one, one that bends the other way. An error says when there are
/// not as many ys as xs, fewer than three, when xs do not ascend strictly, when a value is no finite number, or when
/// the sensitivity is negative. Source: Satopaa, Albrecht, Irwin and Raghavan, "Finding a 'Kneedle' in a Haystack:
/// Detecting Knee Points in System Behavior", ICDCS Workshops 2011.
[[nodiscard]] Expected<std::optional<std::size_t>> find_knee(std::span<const double> xs, std::span<const double> ys,
                                                             const KneeConfig& config = {});

}  // namespace sim
