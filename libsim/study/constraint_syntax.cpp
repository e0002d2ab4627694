#include "libsim/study/constraint_syntax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "libsim/study/constraint_operators.hpp"
#include "libsim/study/syntax.hpp"
#include "libsim/text/nearest_name.hpp"
#include "libsim/text/quoting.hpp"
#include "libsim/time.hpp"

namespace sim::study {

namespace {

constexpr std::size_t constraint_bytes_max = 10'000;
constexpr std::string_view operand_expected = "a number, a parameter or \"(\"";
constexpr std::string_view operator_expected = "an operator such as <= or and";

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

bool starts_number(char c) { return (c >= '0' && c <= '9') || c == '.'; }

/// What stands between two of `and`, `or`, `,` and parentheses: a comparison, a number, or a condition in parentheses.
struct Clause {
  std::size_t begin = 0;
  bool is_negated = false;
  bool has_number = false;
  bool has_condition = false;  ///< in parentheses
  bool is_compared = false;

  [[nodiscard]] bool is_condition() const { return is_compared || has_condition; }
};

/// An open parenthesis, or the whole text.
struct Group {
  std::size_t begin = 0;
  const ConstraintFunction* function = nullptr;
  bool is_logical = false;  ///< has `and`, `or` or `not`
  bool has_comma = false;
  Clause clause;
};

/// Reads from left to right, with a stack of open parentheses. What is wrong ends the reading with `error_`.
class Translator {
 public:
  Translator(std::string_view text, const std::vector<std::string>& parameters) : text_(text), known_(parameters) {}

  Expected<TranslatedConstraint> run();

 private:
  bool read_operand();
  bool read_sign();
  bool read_number();
  bool read_word();
  bool read_function(const ConstraintFunction& function, std::size_t begin);
  bool read_parameter(std::string_view name, std::size_t begin);
  bool read_not(std::size_t begin, std::size_t end);
  bool read_operator();
  bool apply(const ConstraintOperator& sign, std::size_t begin);
  bool read_comma();
  bool close();
  bool end_clause(bool must_be_condition);
  bool end_group(const Group& closed);

  void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t", at_), text_.size()); }
  [[nodiscard]] std::size_t word_end(std::size_t from) const {
    while (from < text_.size() && is_name_letter(text_[from])) {
      ++from;
    }
    return from;
  }
  [[nodiscard]] std::string_view word_at(std::size_t from) const { return text_.substr(from, word_end(from) - from); }
  Group& group() { return groups_.back(); }
  bool fail(tl::unexpected<Error> error) {
    error_ = std::move(error.value());
    return false;
  }
  bool fail_here(std::string_view expected) {
    const auto end = at_ < text_.size() ? std::max(word_end(at_), at_ + 1) : at_;
    return fail(syntax_error(text_, at_, end, expected));
  }
  bool emit(std::string_view part) {
    result_.expression += part;
    result_.expression += ' ';
    return true;
  }

  std::string_view text_;
  const std::vector<std::string>& known_;
  TranslatedConstraint result_;
  std::vector<Group> groups_{Group{}};
  std::size_t at_ = 0;
  bool wants_operand_ = true;
  bool has_sign_ = false;  ///< before the operand that is read next
  Error error_;
};

Expected<TranslatedConstraint> Translator::run() {
  if (text_.size() > constraint_bytes_max) {
    return unexpected(fmt::format("a condition of {} bytes, expected at most {}", text_.size(), constraint_bytes_max));
  }
  skip_blanks();
  group().clause.begin = at_;
  while (at_ < text_.size()) {
    if (!(wants_operand_ ? read_operand() : read_operator())) {
      return tl::unexpected(error_);
    }
    skip_blanks();
  }
  if (wants_operand_) {
    fail_here(operand_expected);
    return tl::unexpected(error_);
  }
  if (groups_.size() > 1) {
    return error_at(text_, group().begin, "expected a \")\" for this \"(\", found the end");
  }
  if (!end_clause(true)) {
    return tl::unexpected(error_);
  }
  return std::move(result_);
}

bool Translator::read_operand() {
  const char c = text_[at_];
  if (c == '-' || c == '+') {
    return read_sign();
  }
  has_sign_ = false;
  if (starts_number(c)) {
    return read_number();
  }
  if (is_name_letter(c)) {
    return read_word();
  }
  if (c == '!') {
    return read_not(at_, at_ + 1);
  }
  if (c != '(') {
    return fail_here(operand_expected);
  }
  Group opened;
  opened.begin = at_++;
  skip_blanks();
  opened.clause.begin = at_;
  groups_.push_back(opened);
  return emit("(");
}

bool Translator::read_sign() {
  if (has_sign_) {
    return fail_here(operand_expected);
  }
  auto& clause = group().clause;
  const bool follows_not = clause.is_negated && !clause.has_number;
  const bool is_minus = text_[at_++] == '-';
  has_sign_ = true;
  clause.has_number = true;  // a condition has no sign
  if (is_minus) {
    emit(follows_not ? "0 -" : "-");  // the evaluator takes one prefix at a time
  }
  return true;
}

bool Translator::read_number() {
  double value = 0.0;
  const auto [number_end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
  if (error != std::errc{} || !std::isfinite(value)) {
    return fail_here("a number such as 0.5");
  }
  const auto begin = at_;
  at_ = static_cast<std::size_t>(number_end - text_.data());
  const auto number = text_.substr(begin, at_ - begin);
  const bool has_unit_beside = at_ < text_.size() && is_name_letter(text_[at_]);
  skip_blanks();
  const auto word = word_at(at_);
  if (!word.empty() && (has_unit_beside || (word != "and" && word != "or"))) {
    // By way of whole nanoseconds, as the values of parameters are read: so that 100ms is equal to 0.1s.
    const auto one = parse_duration(fmt::format("1{}", word));
    if (!one) {
      return fail_here("a unit of time (ns, us, ms, s, min, h or d) or an operator behind a number");
    }
    const auto duration = parse_duration(fmt::format("{}{}", number, word));
    value = duration ? to_seconds(*duration) : value * to_seconds(*one);
    at_ += word.size();
  }
  group().clause.has_number = true;
  wants_operand_ = false;
  return emit(fmt::format("{}", value));
}

bool Translator::read_word() {
  const auto begin = at_;
  const auto word = word_at(begin);
  at_ = begin + word.size();
  const bool is_known = std::find(known_.begin(), known_.end(), word) != known_.end();
  if (word == "not" && !is_known) {
    return read_not(begin, at_);
  }
  const auto* const function = find_function(word);
  skip_blanks();
  if (at_ < text_.size() && text_[at_] == '(') {
    if (function == nullptr) {
      return fail(error_at(text_, begin,
                           fmt::format("expected one of the functions abs, ceil, floor, max, min, round and sqrt, "
                                       "found {}",
                                       shown(word))));
    }
    return read_function(*function, begin);
  }
  return read_parameter(word, begin);
}

bool Translator::read_function(const ConstraintFunction& function, std::size_t begin) {
  Group opened;
  opened.begin = begin;
  opened.function = &function;
  ++at_;
  skip_blanks();
  opened.clause.begin = at_;
  groups_.push_back(opened);
  return emit(fmt::format("{}(", function.name));  // the evaluator allows no blank between them
}

bool Translator::read_parameter(std::string_view name, std::size_t begin) {
  if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
    const auto hint = did_you_mean(name, known_);
    return fail(error_at(text_, begin, fmt::format("expected a parameter, found {}{}", shown(name), hint)));
  }
  auto& used = result_.parameters;
  const auto found = std::find(used.begin(), used.end(), name);
  const auto number = found - used.begin();
  if (found == used.end()) {
    used.emplace_back(name);
  }
  group().clause.has_number = true;
  wants_operand_ = false;
  return emit(fmt::format("p{}", number));
}

bool Translator::read_not(std::size_t begin, std::size_t end) {
  auto& clause = group().clause;
  if (clause.has_number || clause.has_condition || clause.is_negated) {
    at_ = begin;
    return fail_here(operand_expected);
  }
  at_ = end;
  group().is_logical = true;
  clause.is_negated = true;
  return emit("!");
}

bool Translator::read_operator() {
  const char c = text_[at_];
  if (c == ')') {
    return close();
  }
  if (c == ',') {
    return read_comma();
  }
  const auto begin = at_;
  const auto* const sign = operator_at(text_.substr(at_), word_at(at_));
  if (sign == nullptr) {
    return fail_here(c == '=' ? "== to compare" : operator_expected);
  }
  at_ += sign->sign.size();
  wants_operand_ = true;
  return apply(*sign, begin) && emit(sign->translation);
}

bool Translator::apply(const ConstraintOperator& sign, std::size_t begin) {
  auto& clause = group().clause;
  if (sign.kind == OperatorKind::logic) {
    if (!end_clause(true)) {
      return false;
    }
    group().is_logical = true;
    skip_blanks();
    clause = Clause{};
    clause.begin = at_;
    return true;
  }
  if (clause.has_condition) {
    at_ = begin;
    return fail_here("and, or, \")\" or the end behind a condition");
  }
  if (sign.kind == OperatorKind::comparison) {
    if (clause.is_compared) {
      at_ = begin;
      return fail(error_at(
          text_, begin,
          fmt::format("expected and before another comparison, as in 1 < x and x < 5, found \"{}\"", sign.sign)));
    }
    clause.is_compared = true;
  }
  return true;
}

bool Translator::read_comma() {
  if (group().function == nullptr) {
    return fail_here(operator_expected);
  }
  if (!group().function->has_many_arguments) {
    return fail_here(fmt::format("\")\" behind the argument of {}", group().function->name));
  }
  if (!end_clause(false)) {
    return false;
  }
  ++at_;
  skip_blanks();
  group().clause = Clause{};
  group().clause.begin = at_;
  wants_operand_ = true;
  return emit(",");
}

bool Translator::close() {
  if (groups_.size() == 1) {
    return fail(error_at(text_, at_, "expected no \")\" without a \"(\" before it"));
  }
  if ((group().is_logical || group().function != nullptr) && !end_clause(group().function == nullptr)) {
    return false;
  }
  const Group closed = group();
  groups_.pop_back();
  ++at_;
  return end_group(closed) && emit(")");
}

/// What a closed group is to the clause that it stands in.
bool Translator::end_group(const Group& closed) {
  auto& clause = group().clause;
  const bool is_condition = closed.is_logical || closed.clause.is_condition();
  if (is_condition && (clause.has_number || clause.is_compared)) {
    return fail(error_at(text_, closed.begin, "expected a number, found a condition"));
  }
  (is_condition ? clause.has_condition : clause.has_number) = true;
  return true;
}

/// Judges the clause that ends here.
bool Translator::end_clause(bool must_be_condition) {
  const auto& clause = group().clause;
  if (must_be_condition && !clause.is_condition()) {
    const auto piece = piece_of(text_, clause.begin, std::max(at_, clause.begin));
    return fail(syntax_error(text_, piece.position, piece.end(), "a comparison such as containers <= 5"));
  }
  if (!must_be_condition && (clause.is_condition() || clause.is_negated)) {
    return fail(error_at(text_, clause.begin, "expected a number, found a condition"));
  }
  return true;
}

}  // namespace

Expected<TranslatedConstraint> translate_constraint(std::string_view text, const std::vector<std::string>& parameters) {
  return Translator(text, parameters).run();
}

}  // namespace sim::study
