#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libsim/expected.hpp"

namespace sim::study {

/// A condition in the notation of the evaluator, with `p0`, `p1`, … for the parameters.
struct TranslatedConstraint {
  std::string expression;
  std::vector<std::string> parameters;  ///< in the order of their numbers, that of their first occurrence
};

/// Reads a condition as `Constraint` describes it and refuses everything else, with the errors of `Constraint::parse`.
///
/// The evaluator's own parser is never shown what a user wrote: it knows assignments, reads chains of comparisons as
/// sums of truth values, has `min` as a function only, and reports positions of its own text.
[[nodiscard]] Expected<TranslatedConstraint> translate_constraint(std::string_view text,
                                                                  const std::vector<std::string>& parameters);

}  // namespace sim::study
