// What a study is asked: axes, conditions, requirements.

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "libsim/study/axis.hpp"
#include "libsim/study/constraint.hpp"
#include "libsim/study/constraint_syntax.hpp"
#include "libsim/study/requirement.hpp"
#include "libsim/time.hpp"
#include "tests/attack/readers/promise.hpp"
#include "tests/attack/readers/reader.hpp"

namespace attack {

namespace {

/// The value as one of a list reads back; values with commas or quotes are not asked.
void require_value(const std::string& value) {
  if (value.find_first_of(",\"():=") == std::string::npos) {
    require(was_read(sim::study::parse_axis("again=" + value)), "a value of an axis can be given again", value);
  }
}

void read_axis(std::string_view input) {
  const auto axis = sim::study::parse_axis(input);
  if (!was_read(axis)) {
    return;
  }
  require(!sim::study::parameter_of(*axis).empty(), "an axis has a parameter", input);
  for (const double share : {0.0, 0.1, 0.5, 0.999, 1.0}) {
    require_value(sim::study::value_at(*axis, share));
    const double place = sim::study::place_of_value_at(*axis, share);
    require(place >= -1e-9 && place <= 1.0 + 1e-9, "a place on an axis is a share", input);
  }
  for (const double draw : {0.0, 0.5, 0.999}) {
    require_value(sim::study::value_drawn(*axis, draw));
  }
}

void read_constraint(std::string_view input) {
  const std::vector<std::string> parameters{"containers", "rate", "think", "pool.size"};
  const auto translated = sim::study::translate_constraint(input, parameters);
  const auto constraint = sim::study::Constraint::parse(input, parameters);
  require(was_read(translated) == was_read(constraint), "what is translated is read", input);
  if (!constraint) {
    return;
  }
  for (const double value : {0.0, 1.0, -2.5, 1e300}) {
    std::map<std::string, double> values;
    for (const auto& parameter : parameters) {
      values[parameter] = value;
    }
    static_cast<void>(was_read(constraint->holds(values)));
  }
  static_cast<void>(was_read(constraint->holds({})));
}

void read_requirement(std::string_view input) {
  const auto requirement = sim::study::parse_requirement(input, {"load", "burst", "load.soak"});
  if (!was_read(requirement)) {
    return;
  }
  for (const char* const unit : {"", "s", "ms", "count", "B", "percent", "USD"}) {
    static_cast<void>(was_read(sim::study::bound_in(*requirement, unit)));
  }
  const auto again = sim::study::parse_requirement(requirement->text, {"load", "burst", "load.soak"});
  require(again && *again == *requirement, "a requirement reads back as it was written", input);
}

}  // namespace

std::vector<Reader> study_readers() {
  return {{"axis", read_axis}, {"constraint", read_constraint}, {"requirement", read_requirement}};
}

}  // namespace attack
