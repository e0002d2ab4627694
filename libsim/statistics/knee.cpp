#include "libsim/statistics/knee.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "libsim/statistics/observations.hpp"

namespace sim {

namespace {

constexpr std::size_t points_min = 3;
// Points of a straight line lie off the diagonal by rounding only.
constexpr double distance_min = 1e-9;

Expected<void> validate_curve(std::span<const double> xs, std::span<const double> ys, const KneeConfig& config) {
  if (const auto valid = validate_pairs(xs, ys); !valid) {
    return valid;
  }
  if (xs.size() < points_min) {
    return unexpected(fmt::format("{} points: a knee needs at least {}", xs.size(), points_min));
  }
  for (std::size_t i = 1; i < xs.size(); ++i) {
    if (!(xs[i - 1] < xs[i])) {
      return unexpected(fmt::format("x {} follows {}: expected ascending values", xs[i], xs[i - 1]));
    }
  }
  if (!(config.sensitivity >= 0.0)) {
    return unexpected(fmt::format("sensitivity {}: expected 0 or more", config.sensitivity));
  }
  return {};
}

/// How far the curve, scaled to the unit square and turned to be concave and increasing, lies above the diagonal.
/// Turned curves run from right to left, so that their distances are in reverse order.
std::vector<double> distances_above_diagonal(std::span<const double> xs, std::span<const double> ys, bool from_right,
                                             bool upside_down) {
  const auto [lowest, highest] = std::minmax_element(ys.begin(), ys.end());
  const double height = *highest - *lowest;
  const double width = xs.back() - xs.front();
  std::vector<double> distances;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    const double x = (xs[i] - xs.front()) / width;
    const double y = (ys[i] - *lowest) / height;
    distances.push_back((upside_down ? 1.0 - y : y) - (from_right ? 1.0 - x : x));
  }
  if (from_right) {
    std::reverse(distances.begin(), distances.end());
  }
  return distances;
}

/// The first point of a local maximum, which may be a plateau, above the diagonal.
bool is_peak(std::span<const double> distances, std::size_t at) {
  return distances[at] > distance_min && at > 0 && at + 1 < distances.size() && distances[at - 1] < distances[at] &&
         distances[at] >= distances[at + 1];
}

/// The highest candidate after which the distance falls far enough before there is another one.
std::optional<std::size_t> highest_confirmed_peak(std::span<const double> distances, double fall) {
  std::optional<std::size_t> highest;
  std::optional<std::size_t> candidate;
  for (std::size_t i = 1; i < distances.size(); ++i) {
    if (is_peak(distances, i)) {
      candidate = i;
    } else if (candidate && distances[i] < distances[*candidate] - fall) {
      if (!highest || distances[*candidate] > distances[*highest]) {
        highest = candidate;
      }
      candidate.reset();
    }
  }
  return highest;
}

}  // namespace

Expected<std::optional<std::size_t>> find_knee(std::span<const double> xs, std::span<const double> ys,
                                               const KneeConfig& config) {
  if (const auto valid = validate_curve(xs, ys, config); !valid) {
    return tl::unexpected(valid.error());
  }
  if (std::all_of(ys.begin(), ys.end(), [ys](double y) { return y == ys.front(); })) {
    return std::nullopt;
  }
  const bool convex = config.bend == Bend::convex;
  const bool decreasing = config.direction == Direction::decreasing;
  // A convex curve is turned upside down; what then falls is read from the right.
  const bool from_right = convex != decreasing;
  const auto distances = distances_above_diagonal(xs, ys, from_right, convex);
  const double mean_step = 1.0 / static_cast<double>(xs.size() - 1);
  auto knee = highest_confirmed_peak(distances, config.sensitivity * mean_step);
  if (knee && from_right) {
    knee = xs.size() - 1 - *knee;
  }
  return knee;
}

}  // namespace sim
