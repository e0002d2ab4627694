#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "libsim/expected.hpp"

namespace sim::study {

/// The most values that one axis may have.
inline constexpr std::size_t axis_values_max = 100'000;

/// A parameter and the values that a study gives it, in their order, as a user would write them.
struct Axis {
  std::string parameter;
  std::vector<std::string> values;

  friend bool operator==(const Axis&, const Axis&) = default;
};

/// A parameter and the bounds between which a sampled design picks its values.
struct Range {
  enum class Kind { whole, number, duration };
  enum class Scale { linear, logarithmic };

  std::string parameter;
  Kind kind = Kind::number;
  Scale scale = Scale::linear;
  double first = 0.0;  ///< less than `last`, above 0 on a logarithmic scale; durations count in nanoseconds
  double last = 1.0;   ///< belongs to the range

  friend bool operator==(const Range&, const Range&) = default;
};

using AxisSpec = std::variant<Axis, Range>;

[[nodiscard]] const std::string& parameter_of(const AxisSpec& axis);

/// Reads what a user wrote as `parameter=values`:
///
/// | text | values |
/// | --- | --- |
/// | `containers=2:20:2` | from the first to the last in steps; the last belongs to them if a step meets it |
/// | `rate=1:1000:x10` | multiplied by a factor: 1, 10, 100, 1000 |
/// | `think=1s:10s:500ms` | durations; `rate=20:2:-2` goes downwards |
/// | `sessions=50,100,200` | a list; commas within parentheses or quotes do not separate them |
/// | `containers=2:20`, `rate=1:1000:log` | a `Range` on a linear or logarithmic scale |
///
/// A range is one of whole numbers when neither bound is written with a point: 0:10 is, 0.0:10.0 is not.
/// Values in steps are first + i · step without accumulated error and exact in decimals: 0.1:0.5:0.1 has five values.
/// The error shows the text, the column from 1, and what was expected there; it refuses equal values and more than
/// `axis_values_max`.
[[nodiscard]] Expected<AxisSpec> parse_axis(std::string_view text);

/// The value at a share of the way from the first to the last: 0 gives the first, 1 the last, between them the nearest
/// value. `share` is in [0, 1] (asserted).
[[nodiscard]] std::string value_at(const AxisSpec& axis, double share);

/// Where on the way `value_at(axis, share)` really stands: values of a list and whole numbers lie apart, all others are
/// where they were asked for. `share` is in [0, 1] (asserted).
[[nodiscard]] double place_of_value_at(const AxisSpec& axis, double share);

/// The value that a uniform draw of [0, 1) falls on if values of a list, or the whole numbers of a range, are equally
/// likely; within a range of numbers or durations it is any point of it. Numbers get as few digits as leave them
/// between the values at `lower` and `upper`, which enclose `draw` (asserted).
[[nodiscard]] std::string value_drawn(const AxisSpec& axis, double draw, double lower = 0.0, double upper = 1.0);

}  // namespace sim::study
