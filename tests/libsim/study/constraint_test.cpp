#include "libsim/study/constraint.hpp"

#include <fmt/format.h>

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

#include "libsim/study/design.hpp"

using sim::study::Constraint;

namespace {

const std::vector<std::string> known{"containers", "sessions", "think", "queue.depth", "h", "min"};

bool holds(std::string_view text, const std::map<std::string, double>& values) {
  const auto constraint = Constraint::parse(text, known);
  INFO((constraint ? std::string(text) : constraint.error().message.text()));
  REQUIRE(constraint);
  const auto result = constraint->holds(values);
  INFO((result ? std::string(text) : result.error().message.text()));
  REQUIRE(result);
  return *result;
}

std::string error_of(std::string_view text) {
  const auto constraint = Constraint::parse(text, known);
  REQUIRE_FALSE(constraint);
  return constraint.error().message;
}

}  // namespace

TEST_CASE("a condition compares parameters and numbers", "[study]") {
  const std::map<std::string, double> values{{"containers", 8}, {"sessions", 50}, {"queue.depth", 0.5}};
  CHECK(holds("containers<=sessions", values));
  CHECK_FALSE(holds("containers > sessions", values));
  CHECK(holds("containers <= 8", values));
  CHECK_FALSE(holds("containers < 8", values));
  CHECK(holds("containers >= 8", values));
  CHECK_FALSE(holds("containers > 8", values));
  CHECK(holds("containers == 8", values));
  CHECK(holds("containers != 9", values));
  CHECK(holds("queue.depth < .75", values));
  CHECK(holds("8 == containers", values));
  CHECK(holds("containers > -1", values));
}

TEST_CASE("a condition calculates in the usual order", "[study]") {
  const std::map<std::string, double> values{{"containers", 8}, {"sessions", 50}};
  CHECK(holds("2 + 3 * 4 == 14", values));
  CHECK(holds("(2 + 3) * 4 == 20", values));
  CHECK(holds("7 - 4 - 2 == 1", values));
  CHECK(holds("8 / 4 / 2 == 1", values));
  CHECK(holds("2 ^ 3 ^ 2 == 512", values));
  CHECK(holds("2 * 3 ^ 2 == 18", values));
  CHECK(holds("-2 ^ 2 == -4", values));
  CHECK(holds("sessions % containers == 2", values));
  CHECK(holds("10 - 7 % 4 == 7", values));
  CHECK(holds("containers * 6 < sessions and containers * 7 > sessions", values));
  CHECK(holds("max(containers, sessions, 60) == 60 and min(containers, sessions) == 8", values));
  CHECK(holds("ceil(sessions / containers) == 7 and floor(sessions / containers) == 6", values));
  CHECK(holds("round(2.5) == 3 and abs(-3) == 3 and sqrt(49) == 7", values));
}

TEST_CASE("and binds before or, and not binds to one comparison", "[study]") {
  CHECK(holds("1 < 2 or 1 < 2 and 2 < 1", {}));
  CHECK_FALSE(holds("(1 < 2 or 1 < 2) and 2 < 1", {}));
  CHECK(holds("not 2 < 1", {}));
  CHECK_FALSE(holds("not 1 < 2 and 1 < 2", {}));
  CHECK_FALSE(holds("not 2 < 1 and 2 < 1", {}));
  CHECK(holds("not (1 < 2 and 2 < 1)", {}));
  CHECK(holds("not (not 1 < 2)", {}));
  CHECK(holds("not -2 ^ 2 > -3 - 1", {}));
  CHECK(holds("2 ^ -1 - -2 == 2.5 and +3 > -(-2)", {}));
  CHECK(holds("!(2 < 1) && (1 < 2 || 2 < 1)", {}));
  CHECK(holds("not 1 < 2 or 1 < 2", {}));
}

TEST_CASE("durations in a condition count in seconds", "[study]") {
  CHECK(holds("think < 5 s", {{"think", 4.9}}));
  CHECK_FALSE(holds("think < 5s", {{"think", 5.0}}));
  CHECK(holds("think == 250ms", sim::study::numbers_of({{"think", "250ms"}})));
  CHECK(holds("think == 100 ms", sim::study::numbers_of({{"think", "0.1s"}})));
  CHECK(holds("2 min == 120 s and 1.5 h == 90 min and 1 d == 24 h and 1e3ms == 1 s", {}));
  CHECK(holds("1 us == 1000 ns", {}));
  CHECK(holds("3 * 2s + 1s == 7", {}));
}

TEST_CASE("a parameter may have the name of a unit or of a function", "[study]") {
  CHECK(holds("h == 3", {{"h", 3.0}}));
  CHECK(holds("2 h == h", {{"h", 7200.0}}));
  CHECK(holds("min < max(min, 5)", {{"min", 4.0}}));
}

TEST_CASE("a condition knows its text and its parameters", "[study]") {
  const auto constraint = Constraint::parse("sessions < 5 or containers < sessions", known);
  REQUIRE(constraint);
  CHECK(constraint->text() == "sessions < 5 or containers < sessions");
  CHECK(constraint->parameters() == std::vector<std::string>{"sessions", "containers"});
}

TEST_CASE("the refusal of a condition shows the text, the column and the nearest name", "[study]") {
  CHECK(error_of("contaners <= 5") ==
        "\"contaners <= 5\", column 1: expected a parameter, found contaners; did you mean containers?");
  CHECK(error_of("containers <= depth") ==
        "\"containers <= depth\", column 15: expected a parameter, found depth; did you mean queue.depth?");
  CHECK(error_of("containers <=") ==
        "\"containers <=\", column 14: expected a number, a parameter or \"(\", found the end");
  CHECK(error_of("") == "\"\", column 1: expected a number, a parameter or \"(\", found the end");
  CHECK(error_of("containers = 5") == "\"containers = 5\", column 12: expected == to compare, found \"=\"");
  CHECK(error_of("containers 5") == "\"containers 5\", column 12: expected an operator such as <= or and, found \"5\"");
  CHECK(error_of("think < 5 sec") ==
        "\"think < 5 sec\", column 11: expected a unit of time (ns, us, ms, s, min, h or "
        "d) or an operator behind a number, found \"sec\"");
  CHECK(error_of("h < 5or h > 6") ==
        "\"h < 5or h > 6\", column 6: expected a unit of time (ns, us, ms, s, min, h or "
        "d) or an operator behind a number, found \"or\"");
  CHECK(error_of("(containers < 5") == "\"(containers < 5\", column 1: expected a \")\" for this \"(\", found the end");
  CHECK(error_of("containers < 5)") == "\"containers < 5)\", column 15: expected no \")\" without a \"(\" before it");
  CHECK(
      error_of("sin(h) < 5") ==
      "\"sin(h) < 5\", column 1: expected one of the functions abs, ceil, floor, max, min, round and sqrt, found sin");
  CHECK(error_of("sqrt(h, 2) < 5") ==
        "\"sqrt(h, 2) < 5\", column 7: expected \")\" behind the argument of sqrt, found "
        "\",\"");
  CHECK(error_of("h < 5; h") == "\"h < 5; h\", column 6: expected an operator such as <= or and, found \";\"");
  CHECK(error_of("h < 1e999") == "\"h < 1e999\", column 5: expected a number such as 0.5, found \"1e999\"");
}

TEST_CASE("what is no condition, or only seems to be the right one, is refused", "[study]") {
  CHECK(error_of("containers") ==
        "\"containers\", column 1: expected a comparison such as containers <= 5, found \"containers\"");
  CHECK(error_of("h < 5 and sessions") ==
        "\"h < 5 and sessions\", column 11: expected a comparison such as containers <= 5, found \"sessions\"");
  CHECK(error_of("1 < h < 5") ==
        "\"1 < h < 5\", column 7: expected and before another comparison, as in 1 < x and x < 5, found \"<\"");
  CHECK(error_of("(h < 5) + 1 > 2") ==
        "\"(h < 5) + 1 > 2\", column 9: expected and, or, \")\" or the end behind a condition, found \"+\"");
  CHECK(error_of("1 + (h < 5) > 2") == "\"1 + (h < 5) > 2\", column 5: expected a number, found a condition");
  CHECK(error_of("max(h < 5, 2) > 1") == "\"max(h < 5, 2) > 1\", column 5: expected a number, found a condition");
  CHECK(error_of("max(h, not 2) > 1") == "\"max(h, not 2) > 1\", column 8: expected a number, found a condition");
  CHECK(error_of("not h") == "\"not h\", column 1: expected a comparison such as containers <= 5, found \"not h\"");
  CHECK(error_of("1 + not h < 5") ==
        "\"1 + not h < 5\", column 5: expected a number, a parameter or \"(\", found "
        "\"not\"");
  CHECK(error_of("not not h < 5") ==
        "\"not not h < 5\", column 5: expected a number, a parameter or \"(\", found "
        "\"not\"");
  CHECK(error_of("h < - -5") == "\"h < - -5\", column 7: expected a number, a parameter or \"(\", found \"-\"");
  CHECK(error_of("max() > 1") == "\"max() > 1\", column 5: expected a number, a parameter or \"(\", found \")\"");
}

TEST_CASE("a condition without a value says why instead of failing to hold", "[study]") {
  const auto error = [](std::string_view text, const std::map<std::string, double>& values) {
    return Constraint::parse(text, known)->holds(values).error().message;
  };
  CHECK(error("sessions / containers < 5", {{"sessions", 1.0}, {"containers", 0.0}}) ==
        "\"sessions / containers < 5\": a division by 0 has no value");
  CHECK(error("5 % containers < 5", {{"containers", 0.0}}) ==
        "\"5 % containers < 5\": a remainder of a division by 0 has no value");
  CHECK(error("sqrt(h) < 5", {{"h", -1.0}}) == "\"sqrt(h) < 5\": the square root of a negative number has no value");
  CHECK(error("h ^ 0.5 < 5", {{"h", -1.0}}) == "\"h ^ 0.5 < 5\": a power of a negative number has no value");
  CHECK(error("1 / 0 < 5", {}) == "\"1 / 0 < 5\": a division by 0 has no value");
  CHECK(error("sessions < 5", {}) == "\"sessions < 5\": the value of sessions is no number, which a condition needs");
  CHECK(error("h < 5", {{"h", std::numeric_limits<double>::quiet_NaN()}}) ==
        "\"h < 5\": the value of h is no number, which a condition needs");
}

TEST_CASE("a condition can be asked about one point after the other and be moved", "[study]") {
  auto first = *Constraint::parse("containers <= sessions", known);
  const Constraint constraint = std::move(first);
  for (int containers = 1; containers < 20; ++containers) {
    CHECK(constraint.holds({{"containers", containers}, {"sessions", 10.0}}) == (containers <= 10));
  }
}

namespace {

/// A random condition with its value, and the way it is written.
struct Sample {
  std::string text;
  double value = 0.0;
};

Sample random_number(int depth) {
  const int kind = depth == 0 ? 0 : *rc::gen::inRange(0, 5);
  if (kind == 0) {
    const int number = *rc::gen::inRange(0, 20);
    return number % 3 == 0 ? Sample{"containers", 8.0} : Sample{std::to_string(number), static_cast<double>(number)};
  }
  const auto left = random_number(depth - 1);
  const auto right = random_number(depth - 1);
  switch (kind) {
    case 1:
      return {fmt::format("({} + {})", left.text, right.text), left.value + right.value};
    case 2:
      return {fmt::format("({}-{})", left.text, right.text), left.value - right.value};
    case 3:
      return {fmt::format("{} * ({})", left.text, right.text), left.value * right.value};
    default:
      return {fmt::format("max({}, {})", left.text, right.text), std::max(left.value, right.value)};
  }
}

Sample random_condition(int depth) {
  const int kind = depth == 0 ? 0 : *rc::gen::inRange(0, 4);
  if (kind == 0) {
    const auto left = random_number(2);
    const auto right = random_number(2);
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        return {fmt::format("{} < {}", left.text, right.text), left.value < right.value ? 1.0 : 0.0};
      case 1:
        return {fmt::format("{}>={}", left.text, right.text), left.value >= right.value ? 1.0 : 0.0};
      default:
        return {fmt::format("{} == {}", left.text, right.text), left.value == right.value ? 1.0 : 0.0};
    }
  }
  const auto left = random_condition(depth - 1);
  if (kind == 1) {
    return {fmt::format("not ({})", left.text), 1.0 - left.value};
  }
  const auto right = random_condition(depth - 1);
  return kind == 2 ? Sample{fmt::format("({}) and ({})", left.text, right.text), std::min(left.value, right.value)}
                   : Sample{fmt::format("({} or {})", left.text, right.text), std::max(left.value, right.value)};
}

}  // namespace

TEST_CASE("a random condition has the value that it was built with", "[study][property]") {
  CHECK(rc::check("value", [] {
    const auto sample = random_condition(3);
    RC_LOG(sample.text);
    const auto constraint = Constraint::parse(sample.text, known);
    RC_ASSERT(constraint.has_value());
    RC_ASSERT(constraint->holds({{"containers", 8.0}}) == (sample.value != 0.0));
  }));
}

TEST_CASE("whatever the grammar of conditions accepts, its evaluator accepts too", "[study][property]") {
  // The evaluator's refusal would throw.
  CHECK(rc::check("robust", [] {
    const std::vector<std::string> parts{"containers", "5", "2 s", "<", ">=", "==", "and", "or", "not",  "!", "(", ")",
                                         "+",          "-", "*",   "/", "^",  "%",  "max", ",",  "sqrt", " ", "."};
    const auto chosen = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(parts));
    const auto text = fmt::format("{}", fmt::join(chosen, *rc::gen::element(std::string(), std::string(" "))));
    const auto constraint = Constraint::parse(text, known);
    if (constraint) {
      (void)constraint->holds({{"containers", 0.5}});
    } else {
      RC_ASSERT(!constraint.error().message.empty());
    }
  }));
}
