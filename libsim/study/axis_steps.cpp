#include "libsim/study/axis_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "libsim/study/decimal.hpp"
#include "libsim/time.hpp"

namespace sim::study {

namespace {

/// The first value, the last or the step, without rounding: a plain number, or a duration in whole nanoseconds.
struct Bound {
  Decimal number;
  bool is_duration = false;
  bool has_point = false;  ///< as written: 2.0 is no whole number

  [[nodiscard]] bool is_whole() const { return number.is_whole() && !has_point; }
};

std::optional<Bound> bound_in(std::string_view text) {
  if (const auto number = parse_decimal(text)) {
    return Bound{*number, false, text.find('.') != std::string_view::npos};
  }
  const bool negative = text.starts_with('-');
  const auto duration = parse_duration(text.substr(negative ? 1 : 0));
  if (!duration) {
    return std::nullopt;
  }
  return Bound{{negative ? -duration->count() : duration->count(), 0}, true};
}

std::string text_of(const Bound& bound) {
  return bound.is_duration ? sim::to_text(Duration{bound.number.units}) : to_text(bound.number);
}

/// One range as its author wrote it.
class BoundsReader {
 public:
  BoundsReader(std::string_view text, std::string_view parameter, const std::vector<Piece>& pieces)
      : text_(text), parameter_(parameter), pieces_(pieces) {}

  Expected<AxisSpec> read();

 private:
  [[nodiscard]] tl::unexpected<Error> expected_at(const Piece& piece, std::string_view expected) const {
    return syntax_error(text_, piece.position, piece.end(), expected);
  }
  Expected<Bound> read_one(const Piece& piece) const;
  Expected<void> read_ends();
  [[nodiscard]] Expected<AxisSpec> range(Range::Scale scale) const;
  [[nodiscard]] Expected<AxisSpec> steps(const Piece& piece) const;
  [[nodiscard]] Expected<AxisSpec> factors(const Piece& piece) const;
  [[nodiscard]] tl::unexpected<Error> too_many(const Piece& piece, std::string_view count) const;

  std::string_view text_;
  std::string_view parameter_;
  const std::vector<Piece>& pieces_;
  Bound first_;
  Bound last_;
};

Expected<AxisSpec> BoundsReader::read() {
  if (const auto ends = read_ends(); !ends) {
    return tl::unexpected(ends.error());
  }
  if (pieces_.size() > 3) {
    return expected_at(pieces_[3], "first:last:step and nothing behind it");
  }
  if (pieces_.size() == 2) {
    return range(Range::Scale::linear);
  }
  const auto& step = pieces_[2];
  if (step.text == "log") {
    return range(Range::Scale::logarithmic);
  }
  return step.text.starts_with('x') ? factors(step) : steps(step);
}

Expected<Bound> BoundsReader::read_one(const Piece& piece) const {
  const auto bound = bound_in(piece.text);
  if (!bound) {
    return expected_at(piece, "a number of at most 18 digits or a duration, such as 20 or 250ms");
  }
  return *bound;
}

Expected<void> BoundsReader::read_ends() {
  for (auto* const bound : {&first_, &last_}) {
    const auto read = read_one(pieces_[bound == &first_ ? 0 : 1]);
    if (!read) {
      return tl::unexpected(read.error());
    }
    *bound = *read;
  }
  // A plain 0 is the duration of no length.
  const bool is_duration = first_.is_duration || last_.is_duration;
  for (auto* const bound : {&first_, &last_}) {
    if (bound->is_duration != is_duration && bound->number.units != 0) {
      const auto& piece = pieces_[bound == &first_ ? 0 : 1];
      return expected_at(piece, "a duration as the other bound is, such as 250ms");
    }
    bound->is_duration = is_duration;
  }
  const int decimals = std::max(first_.number.decimals, last_.number.decimals);
  if (!widened(first_.number, decimals) || !widened(last_.number, decimals)) {
    return expected_at(pieces_[1], "bounds that together need at most 18 digits");
  }
  return {};
}

Expected<AxisSpec> BoundsReader::range(Range::Scale scale) const {
  Range range;
  range.parameter = parameter_;
  range.kind = first_.is_duration                      ? Range::Kind::duration
               : first_.is_whole() && last_.is_whole() ? Range::Kind::whole
                                                       : Range::Kind::number;
  range.scale = scale;
  range.first = first_.number.value();
  range.last = last_.number.value();
  if (scale == Range::Scale::logarithmic && range.first <= 0.0) {
    return expected_at(pieces_[0], "a value above 0 for a logarithmic range");
  }
  if (range.last <= range.first) {
    return expected_at(pieces_[1], fmt::format("a value above {}", text_of(first_)));
  }
  return range;
}

tl::unexpected<Error> BoundsReader::too_many(const Piece& piece, std::string_view count) const {
  return error_at(text_, piece.position, fmt::format("expected at most {} values, found {}", axis_values_max, count));
}

Expected<AxisSpec> BoundsReader::steps(const Piece& piece) const {
  const auto step = bound_in(piece.text);
  if (!step || (step->is_duration != first_.is_duration && step->number.units != 0)) {
    return expected_at(piece, first_.is_duration
                                  ? "a duration as the step, such as 500ms, or a factor such as x2, or log"
                                  : "a number as the step, such as 2, or a factor such as x10, or log");
  }
  const int decimals = std::max({first_.number.decimals, last_.number.decimals, step->number.decimals});
  const auto from = widened(first_.number, decimals);
  const auto to = widened(last_.number, decimals);
  const auto by = widened(step->number, decimals);
  if (!from || !to || !by) {
    return expected_at(piece, "a step that needs at most 18 digits together with the bounds");
  }
  const std::int64_t distance = to->units - from->units;
  const bool leads_away = distance != 0 && (distance < 0) != (by->units < 0);
  if (by->units == 0 || leads_away) {
    return expected_at(piece, fmt::format("a step {} 0 to get from {} to {}", distance < 0 ? "below" : "above",
                                          text_of(first_), text_of(last_)));
  }
  const std::int64_t count = distance / by->units + 1;
  if (count > static_cast<std::int64_t>(axis_values_max)) {
    return too_many(piece, std::to_string(count));
  }
  Axis axis{std::string(parameter_), {}};
  for (std::int64_t i = 0; i < count; ++i) {
    axis.values.push_back(text_of({{from->units + i * by->units, decimals}, first_.is_duration}));
  }
  return axis;
}

/// `number` without the last few digits, where the error of many multiplications sits.
double without_noise(double number) { return *parse_number(fmt::format("{:.12g}", number)); }

Expected<AxisSpec> BoundsReader::factors(const Piece& piece) const {
  const auto factor = parse_number(piece.text.substr(1));
  const double first = first_.number.value();
  const double last = last_.number.value();
  if (first <= 0.0 || last <= 0.0) {
    return expected_at(pieces_[first <= 0.0 ? 0 : 1], "a value above 0, which a factor can reach");
  }
  const bool upwards = last >= first;
  if (!factor || *factor <= 0.0 || *factor == 1.0 || (*factor > 1.0) != upwards) {
    return expected_at(piece, upwards ? "a factor above 1, such as x10" : "a factor between 0 and 1, such as x0.5");
  }
  Axis axis{std::string(parameter_), {}};
  double value = first;
  double product = first;
  while (upwards ? value <= last : value >= last) {
    if (axis.values.size() == axis_values_max) {
      return too_many(piece, "more");
    }
    auto text = first_.is_duration ? sim::to_text(Duration{std::llround(value)}) : fmt::format("{}", value);
    if (!axis.values.empty() && text == axis.values.back()) {
      return expected_at(piece, fmt::format("a factor that makes another value of {}", text));
    }
    axis.values.push_back(std::move(text));
    product *= *factor;
    value = without_noise(product);
  }
  return axis;
}

}  // namespace

bool is_bound(std::string_view text) { return bound_in(text).has_value(); }

Expected<AxisSpec> read_bounds(std::string_view text, std::string_view parameter, const std::vector<Piece>& bounds) {
  return BoundsReader(text, parameter, bounds).read();
}

}  // namespace sim::study
