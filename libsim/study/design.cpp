#include "libsim/study/design.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "libsim/random/permutation.hpp"
#include "libsim/study/decimal.hpp"
#include "libsim/time.hpp"

namespace sim::study {

namespace {

Expected<void> refuse_repeated(const std::vector<AxisSpec>& axes) {
  std::set<std::string_view> seen;
  for (const auto& axis : axes) {
    if (!seen.insert(parameter_of(axis)).second) {
      return unexpected(fmt::format("parameter {} is on two axes, expected one axis for it", parameter_of(axis)));
    }
  }
  return {};
}

/// How many combinations there are.
Expected<std::size_t> grid_size(const std::vector<AxisSpec>& axes) {
  std::size_t size = 1;
  for (const auto& spec : axes) {
    const auto* const axis = std::get_if<Axis>(&spec);
    if (axis == nullptr) {
      return unexpected(
          fmt::format("the range of {} has no steps: expected first:last:step for a full grid", parameter_of(spec)));
    }
    if (axis->values.empty()) {
      return unexpected(fmt::format("the axis of {} has no value, expected one or more", axis->parameter));
    }
    if (size > points_max / axis->values.size()) {
      return unexpected(
          fmt::format("the full grid has more than {} points, expected fewer values or a sample", points_max));
    }
    size *= axis->values.size();
  }
  return size;
}

/// A value from stratum `stratum` of `strata`.
std::string value_in_stratum(const AxisSpec& axis, std::size_t stratum, std::size_t strata, RandomStream& random) {
  const double count = static_cast<double>(strata);
  const double lower = static_cast<double>(stratum) / count;
  const double upper = static_cast<double>(stratum + 1) / count;
  const double draw = (static_cast<double>(stratum) + random.uniform01()) / count;
  // The sum of a stratum and a draw just below 1 may round up to the next stratum.
  return value_drawn(axis, std::clamp(draw, lower, std::nextafter(upper, 0.0)), lower, upper);
}

}  // namespace

Expected<std::vector<Point>> full_grid(const std::vector<AxisSpec>& axes) {
  if (const auto distinct = refuse_repeated(axes); !distinct) {
    return tl::unexpected(distinct.error());
  }
  const auto size = grid_size(axes);
  if (!size) {
    return tl::unexpected(size.error());
  }
  std::vector<Point> points(*size);
  std::size_t repeats = *size;
  for (const auto& spec : axes) {
    const auto& axis = std::get<Axis>(spec);
    repeats /= axis.values.size();
    for (std::size_t i = 0; i < *size; ++i) {
      points[i].emplace_back(axis.parameter, axis.values[i / repeats % axis.values.size()]);
    }
  }
  return points;
}

Expected<std::vector<Point>> latin_hypercube(const std::vector<AxisSpec>& axes, std::size_t points,
                                             RandomStream& random) {
  if (const auto distinct = refuse_repeated(axes); !distinct) {
    return tl::unexpected(distinct.error());
  }
  if (axes.empty()) {
    return unexpected("a sample without an axis, expected one axis or more");
  }
  if (points == 0 || points > points_max) {
    return unexpected(fmt::format("a sample of {} points, expected 1 to {}", points, points_max));
  }
  std::vector<Point> sample(points);
  for (const auto& axis : axes) {
    const auto strata = random_permutation(points, random);
    for (std::size_t i = 0; i < points; ++i) {
      sample[i].emplace_back(parameter_of(axis), value_in_stratum(axis, strata[i], points, random));
    }
  }
  return sample;
}

std::map<std::string, double> numbers_of(const Point& point) {
  std::map<std::string, double> numbers;
  for (const auto& [parameter, text] : point) {
    if (const auto number = parse_number(text)) {
      numbers.emplace(parameter, *number);
    } else if (const auto duration = parse_duration(text)) {
      numbers.emplace(parameter, to_seconds(*duration));
    }
  }
  return numbers;
}

}  // namespace sim::study
