#include "libsim/study/requirement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "libsim/study/syntax.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::study {

namespace {

/// The longest sign at the beginning of the text: `<=` begins with another one.
std::optional<Relation> relation_at(std::string_view text) {
  constexpr std::size_t sign_length_max = 2;
  const auto longest = parse_relation(text.substr(0, sign_length_max));
  return longest ? longest : parse_relation(text.substr(0, 1));
}

/// The longest of the scenarios that stands with a dot before the rest of a metric's name.
std::optional<std::string> scenario_of(std::string_view name, const std::vector<std::string>& scenarios) {
  const std::string* longest = nullptr;
  for (const auto& scenario : scenarios) {
    const bool leads = name.size() > scenario.size() + 1 && name.starts_with(scenario) && name[scenario.size()] == '.';
    if (leads && (longest == nullptr || scenario.size() > longest->size())) {
      longest = &scenario;
    }
  }
  return longest == nullptr ? std::nullopt : std::optional(*longest);
}

struct UnitOfMeasure {
  std::string_view name;
  std::string_view kind;
  double size;  ///< in the smallest unit of its kind: a whole number, so that conversions are exact where they can be
};

constexpr std::array<UnitOfMeasure, 14> convertible_units{{{"ns", "time", 1.0},
                                                           {"us", "time", 1e3},
                                                           {"ms", "time", 1e6},
                                                           {"s", "time", 1e9},
                                                           {"min", "time", 60e9},
                                                           {"h", "time", 3600e9},
                                                           {"d", "time", 86400e9},
                                                           {"B", "bytes", 1.0},
                                                           {"kB", "bytes", 1e3},
                                                           {"MB", "bytes", 1e6},
                                                           {"GB", "bytes", 1e9},
                                                           {"percent", "share", 1.0},
                                                           {"%", "share", 1.0},
                                                           {"ratio", "share", 100.0}}};

const UnitOfMeasure* find_convertible(std::string_view name) {
  const auto* const found = std::find_if(convertible_units.begin(), convertible_units.end(),
                                         [name](const UnitOfMeasure& unit) { return unit.name == name; });
  return found == convertible_units.end() ? nullptr : found;
}

/// A number at `position` of `text`, and the position behind it.
struct NumberFound {
  double value = 0.0;
  std::size_t end = 0;
};

std::optional<NumberFound> number_at(std::string_view text, std::size_t position) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data() + position, text.data() + text.size(), value);
  if (error != std::errc{} || !std::isfinite(value)) {
    return std::nullopt;
  }
  return NumberFound{value, static_cast<std::size_t>(end - text.data())};
}

}  // namespace

Expected<Requirement> parse_requirement(std::string_view text, const std::vector<std::string>& scenarios) {
  const auto sign_at = std::min(text.find_first_of("<>=!"), text.size());
  const auto name = piece_of(text, 0, sign_at);
  if (name.text.empty()) {
    return syntax_error(text, sign_at, sign_at, "the name of a metric");
  }
  if (const auto blank = name.text.find_first_of(" \t"); blank != std::string_view::npos) {
    const auto rest = piece_of(text, name.position + blank, name.end());
    return syntax_error(text, rest.position, rest.end(), "one of <, <=, >, >= and ==");
  }
  const auto relation = relation_at(text.substr(sign_at));
  if (!relation) {
    return syntax_error(text, sign_at, std::min(text.find_first_not_of("<>=!", sign_at), text.size()),
                        "one of <, <=, >, >= and ==");
  }
  const auto bound = piece_of(text, sign_at + to_text(*relation).size(), text.size());
  const auto number = number_at(text, bound.position);
  if (!number) {
    return syntax_error(text, bound.position, bound.end(), "a number such as 15, with its unit if it has one");
  }
  const auto unit = piece_of(text, number->end, text.size());
  const auto surplus = unit.text.find_first_of(" \t<>=!&|");
  if (surplus != std::string_view::npos) {
    const auto rest = piece_of(text, unit.position + surplus, text.size());
    return syntax_error(text, rest.position, rest.end(), "the end behind the unit");
  }

  Requirement requirement;
  requirement.scenario = scenario_of(name.text, scenarios);
  requirement.metric = name.text.substr(requirement.scenario ? requirement.scenario->size() + 1 : 0);
  requirement.relation = *relation;
  requirement.bound = number->value;
  requirement.unit = unit.text.empty() ? std::nullopt : std::optional(std::string(unit.text));
  requirement.text = piece_of(text, 0, text.size()).text;
  return requirement;
}

Expected<double> bound_in(const Requirement& requirement, std::string_view metric_unit) {
  if (!requirement.unit || *requirement.unit == metric_unit) {
    return requirement.bound;
  }
  const auto* const from = find_convertible(*requirement.unit);
  const auto* const to = find_convertible(metric_unit);
  if (from == nullptr || to == nullptr || from->kind != to->kind) {
    return unexpected(fmt::format("\"{}\": {} is given in {}, expected {}", shown(requirement.text),
                                  shown(requirement.metric), shown(*requirement.unit),
                                  metric_unit.empty() ? std::string("a plain number") : std::string(metric_unit)));
  }
  return requirement.bound * from->size / to->size;
}

}  // namespace sim::study
