#include "libsim/study/constraint_operators.hpp"

#include <algorithm>
#include <array>

namespace sim::study {

namespace {

constexpr std::array<ConstraintFunction, 7> function_names{{{"abs", false},
                                                            {"ceil", false},
                                                            {"floor", false},
                                                            {"max", true},
                                                            {"min", true},
                                                            {"round", false},
                                                            {"sqrt", false}}};

// A sign that another one begins with stands behind it. Operators that may give no number are the evaluator's #, % and
// $, which report it.
constexpr std::array<ConstraintOperator, 14> operator_signs{{{"<=", OperatorKind::comparison, "<="},
                                                             {">=", OperatorKind::comparison, ">="},
                                                             {"==", OperatorKind::comparison, "=="},
                                                             {"!=", OperatorKind::comparison, "!="},
                                                             {"<", OperatorKind::comparison, "<"},
                                                             {">", OperatorKind::comparison, ">"},
                                                             {"&&", OperatorKind::logic, "&&"},
                                                             {"||", OperatorKind::logic, "||"},
                                                             {"+", OperatorKind::arithmetic, "+"},
                                                             {"-", OperatorKind::arithmetic, "-"},
                                                             {"*", OperatorKind::arithmetic, "*"},
                                                             {"/", OperatorKind::arithmetic, "#"},
                                                             {"%", OperatorKind::arithmetic, "%"},
                                                             {"^", OperatorKind::arithmetic, "$"}}};
constexpr ConstraintOperator word_and{"and", OperatorKind::logic, "&&"};
constexpr ConstraintOperator word_or{"or", OperatorKind::logic, "||"};

}  // namespace

const ConstraintFunction* find_function(std::string_view name) {
  const auto* const found = std::find_if(function_names.begin(), function_names.end(),
                                         [name](const ConstraintFunction& known) { return known.name == name; });
  return found == function_names.end() ? nullptr : found;
}

const ConstraintOperator* operator_at(std::string_view text, std::string_view word) {
  if (!word.empty()) {
    return word == word_and.sign ? &word_and : word == word_or.sign ? &word_or : nullptr;
  }
  const auto* const found =
      std::find_if(operator_signs.begin(), operator_signs.end(),
                   [text](const ConstraintOperator& candidate) { return text.starts_with(candidate.sign); });
  return found == operator_signs.end() ? nullptr : found;
}

}  // namespace sim::study
