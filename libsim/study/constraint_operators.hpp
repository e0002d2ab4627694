#pragma once

#include <string_view>

namespace sim::study {

/// A function that may occur in a condition.
struct ConstraintFunction {
  std::string_view name;
  bool has_many_arguments;
};

/// None of this name: nullptr.
[[nodiscard]] const ConstraintFunction* find_function(std::string_view name);

enum class OperatorKind { arithmetic, comparison, logic };

/// An operator between two operands, as it is written and as the evaluator of conditions knows it.
struct ConstraintOperator {
  std::string_view sign;
  OperatorKind kind;
  std::string_view translation;
};

/// The operator that `text` begins with; `word` is the name at its front, empty if there is none. None: nullptr.
[[nodiscard]] const ConstraintOperator* operator_at(std::string_view text, std::string_view word);

}  // namespace sim::study
