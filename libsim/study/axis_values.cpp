#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "libsim/failure.hpp"
#include "libsim/random/portable_math.hpp"
#include "libsim/study/axis.hpp"
#include "libsim/study/decimal.hpp"
#include "libsim/time.hpp"

namespace sim::study {

namespace {

/// The number at a share of the way from `first` to `last`; exact at both ends.
double between(double first, double last, Range::Scale scale, double share) {
  if (share == 0.0 || share == 1.0) {
    return share == 0.0 ? first : last;
  }
  const double number = scale == Range::Scale::linear ? first + share * (last - first)
                                                      : first * portable_exp(share * portable_log(last / first));
  return std::clamp(number, first, last);
}

/// The text of a number within a range of this kind, which counts durations in nanoseconds.
std::string text_of_number(double number, Range::Kind kind) {
  switch (kind) {
    case Range::Kind::duration:
      return sim::to_text(Duration{std::llround(number)});
    case Range::Kind::whole:
      return fmt::format("{:.0f}", number);
    case Range::Kind::number:
      break;
  }
  return fmt::format("{}", number);
}

/// `number` with the fewest digits that keep it in [lower, upper), and not on the upper end by a rounding error;
/// nanoseconds stay whole.
double rounded_within(double number, double lower, double upper, Range::Kind kind) {
  constexpr int digits_max = 17;
  const double limit = upper - (upper - lower) * 1e-6;
  for (int digits = 3; digits < digits_max; ++digits) {
    const double rounded = *parse_number(fmt::format("{:.{}g}", number, digits));
    const bool representable = kind != Range::Kind::duration || rounded == std::nearbyint(rounded);
    if (representable && lower <= rounded && rounded < limit) {
      return rounded;
    }
  }
  return number;
}

double nearest_whole(const Range& range, double share) {
  return std::nearbyint(between(range.first, range.last, range.scale, share));
}

/// The share of the way from the first to the last at which a number of the range stands.
double place_within(const Range& range, double number) {
  return range.scale == Range::Scale::linear
             ? (number - range.first) / (range.last - range.first)
             : portable_log(number / range.first) / portable_log(range.last / range.first);
}

/// The whole numbers of a range share [first, last + 1) so that each has the part above it.
double whole_drawn(const Range& range, double draw) {
  return std::min(std::floor(between(range.first, range.last + 1.0, range.scale, draw)), range.last);
}

std::string value_of_range(const Range& range, double share) {
  if (range.kind == Range::Kind::whole) {
    return text_of_number(nearest_whole(range, share), range.kind);
  }
  const double number = between(range.first, range.last, range.scale, share);
  // Twelve digits are enough for every setting, and 1/3 of the way from 0 to 0.3 is then 0.1.
  const double tidy = std::clamp(*parse_number(fmt::format("{:.12g}", number)), range.first, range.last);
  return text_of_number(tidy, range.kind);
}

std::string drawn_of_range(const Range& range, double draw, double lower, double upper) {
  if (range.kind == Range::Kind::whole) {
    return text_of_number(whole_drawn(range, draw), range.kind);
  }
  const auto at = [&range](double share) { return between(range.first, range.last, range.scale, share); };
  return text_of_number(rounded_within(at(draw), at(lower), at(upper), range.kind), range.kind);
}

}  // namespace

std::string value_at(const AxisSpec& axis, double share) {
  check(share >= 0.0 && share <= 1.0, "a share of the way along an axis is between 0 and 1");
  if (const auto* const range = std::get_if<Range>(&axis)) {
    return value_of_range(*range, share);
  }
  const auto& values = std::get<Axis>(axis).values;
  check(!values.empty(), "an axis has a value");
  return values[static_cast<std::size_t>(std::nearbyint(share * static_cast<double>(values.size() - 1)))];
}

double place_of_value_at(const AxisSpec& axis, double share) {
  check(share >= 0.0 && share <= 1.0, "a share of the way along an axis is between 0 and 1");
  if (const auto* const range = std::get_if<Range>(&axis)) {
    return range->kind == Range::Kind::whole ? place_within(*range, nearest_whole(*range, share)) : share;
  }
  const auto last = static_cast<double>(std::get<Axis>(axis).values.size() - 1);
  return last == 0.0 ? 0.0 : std::nearbyint(share * last) / last;
}

std::string value_drawn(const AxisSpec& axis, double draw, double lower, double upper) {
  check(lower >= 0.0 && lower <= draw && draw < upper && upper <= 1.0, "a draw lies within its stratum of [0, 1)");
  if (const auto* const range = std::get_if<Range>(&axis)) {
    return drawn_of_range(*range, draw, lower, upper);
  }
  const auto& values = std::get<Axis>(axis).values;
  check(!values.empty(), "an axis has a value");
  const auto index = static_cast<std::size_t>(draw * static_cast<double>(values.size()));
  return values[std::min(index, values.size() - 1)];
}

}  // namespace sim::study
