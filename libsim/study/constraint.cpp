#include "libsim/study/constraint.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <cmath>
#include <stdexcept>

#include "libsim/failure.hpp"
#include "libsim/study/constraint_syntax.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::study {

namespace {

/// An operation has no result that could be compared. Never leaves this file.
struct Undefined {
  const char* what;
};

double checked(double result, const char* what) {
  if (std::isnan(result)) {
    throw Undefined{what};
  }
  return result;
}

double divided(double dividend, double divisor) {
  return checked(divisor == 0.0 ? std::nan("") : dividend / divisor, "a division by 0");
}
double remainder_of(double dividend, double divisor) {
  return checked(std::fmod(dividend, divisor), "a remainder of a division by 0");
}
double power_of(double base, double exponent) {
  return checked(std::pow(base, exponent), "a power of a negative number");
}
double square_root(double number) { return checked(std::sqrt(number), "the square root of a negative number"); }
double absolute(double number) { return std::abs(number); }
double rounded_up(double number) { return std::ceil(number); }
double rounded_down(double number) { return std::floor(number); }
double rounded_off(double number) { return std::round(number); }
double negated(double truth) { return truth == 0.0 ? 1.0 : 0.0; }

void define_operations(mu::Parser& parser) {
  // Not folded while the text is read: what is undefined is to be reported by `holds`.
  constexpr bool folds = false;
  parser.DefineOprt("#", divided, mu::prMUL_DIV, mu::oaLEFT, folds);
  parser.DefineOprt("%", remainder_of, mu::prMUL_DIV, mu::oaLEFT, folds);
  parser.DefineOprt("$", power_of, mu::prPOW, mu::oaRIGHT, folds);
  parser.DefineFun("sqrt", square_root, folds);
  parser.DefineFun("abs", absolute, folds);
  parser.DefineFun("ceil", rounded_up, folds);
  parser.DefineFun("floor", rounded_down, folds);
  parser.DefineFun("round", rounded_off, folds);
  // Weaker than comparisons, stronger than `and`.
  parser.DefineInfixOprt("!", negated, mu::prLAND + 1, folds);
}

}  // namespace

/// The evaluator holds the addresses of `values`, so this never moves.
struct Constraint::Expression {
  std::string text;
  std::vector<std::string> parameters;
  std::vector<double> values;
  mu::Parser parser;
};

Constraint::Constraint(std::unique_ptr<Expression> expression) : expression_(std::move(expression)) {}
Constraint::Constraint(Constraint&&) noexcept = default;
Constraint& Constraint::operator=(Constraint&&) noexcept = default;
Constraint::~Constraint() = default;

const std::string& Constraint::text() const { return expression_->text; }
const std::vector<std::string>& Constraint::parameters() const { return expression_->parameters; }

Expected<Constraint> Constraint::parse(std::string_view text, const std::vector<std::string>& parameters) {
  auto translated = translate_constraint(text, parameters);
  if (!translated) {
    return tl::unexpected(translated.error());
  }
  auto expression = std::make_unique<Expression>();
  expression->text = text;
  expression->parameters = std::move(translated->parameters);
  expression->values.resize(expression->parameters.size());
  try {
    define_operations(expression->parser);
    for (std::size_t i = 0; i < expression->values.size(); ++i) {
      expression->parser.DefineVar(fmt::format("p{}", i), &expression->values[i]);
    }
    expression->parser.SetExpr(translated->expression);
    (void)expression->parser.GetUsedVar();  // reads the expression
  } catch (const mu::ParserError& error) {
    fail_check(fmt::format("the condition {} is read by its evaluator: {}", text, error.GetMsg()),
               SourceLine::current());
  }
  return Constraint(std::move(expression));
}

Expected<bool> Constraint::holds(const std::map<std::string, double>& values) const {
  auto& expression = *expression_;
  for (std::size_t i = 0; i < expression.parameters.size(); ++i) {
    const auto found = values.find(expression.parameters[i]);
    if (found == values.end() || !std::isfinite(found->second)) {
      return unexpected(fmt::format("\"{}\": the value of {} is no number, which a condition needs",
                                    shown(expression.text), expression.parameters[i]));
    }
    expression.values[i] = found->second;
  }
  try {
    return expression.parser.Eval() != 0.0;
  } catch (const Undefined& undefined) {
    return unexpected(fmt::format("\"{}\": {} has no value", shown(expression.text), undefined.what));
  } catch (const mu::ParserError& error) {
    fail_check(fmt::format("the condition {} is evaluated: {}", expression.text, error.GetMsg()),
               SourceLine::current());
  }
}

}  // namespace sim::study
