#include "libsim/study/relation.hpp"

#include <algorithm>
#include <cmath>

#include "libsim/failure.hpp"

namespace sim::study {

std::string_view to_text(Relation relation) {
  switch (relation) {
    case Relation::less:
      return "<";
    case Relation::less_or_equal:
      return "<=";
    case Relation::greater:
      return ">";
    case Relation::greater_or_equal:
      return ">=";
    case Relation::equal:
      break;
  }
  return "==";
}

std::optional<Relation> parse_relation(std::string_view text) {
  const auto* const found = std::find_if(all_relations.begin(), all_relations.end(),
                                         [&](Relation relation) { return to_text(relation) == text; });
  return found == all_relations.end() ? std::nullopt : std::optional(*found);
}

bool holds(Relation relation, double value, double bound) {
  if (!std::isfinite(value) || !std::isfinite(bound)) {
    return false;
  }
  switch (relation) {
    case Relation::less:
      return value < bound;
    case Relation::less_or_equal:
      return value <= bound;
    case Relation::greater:
      return value > bound;
    case Relation::greater_or_equal:
      return value >= bound;
    case Relation::equal:
      break;
  }
  return value == bound;
}

Answer answer_of(Relation relation, double lower, double upper, double bound) {
  check(!(lower > upper), "an interval does not end before it begins");
  if (!std::isfinite(lower) || !std::isfinite(upper) || !std::isfinite(bound)) {
    return Answer::undecided;
  }
  // Of an ordering relation both ends decide; equality could also hold between two ends where it fails.
  const bool at_lower = holds(relation, lower, bound);
  const bool at_upper = holds(relation, upper, bound);
  const bool encloses = lower < bound && bound < upper;
  if (at_lower && at_upper) {
    return Answer::yes;
  }
  return at_lower || at_upper || encloses ? Answer::undecided : Answer::no;
}

}  // namespace sim::study
