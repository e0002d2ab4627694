#include "libsim/study/requirement.hpp"

#include <fmt/format.h>

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <limits>

#include "libsim/failure.hpp"

using sim::study::Answer;
using sim::study::answer_of;
using sim::study::bound_in;
using sim::study::parse_requirement;
using sim::study::Relation;
using sim::study::Requirement;

namespace {

const std::vector<std::string> scenarios{"load", "cold-start", "load.peak"};

std::string error_of(std::string_view text) {
  const auto requirement = parse_requirement(text, scenarios);
  REQUIRE_FALSE(requirement);
  return requirement.error().message;
}

sim::Expected<double> bound_of(std::string_view text, std::string_view metric_unit) {
  return bound_in(*parse_requirement(text, scenarios), metric_unit);
}

}  // namespace

TEST_CASE("a requirement has a metric, a relation, a bound and perhaps a scenario and a unit", "[study]") {
  CHECK(parse_requirement("message_time_p99<15 s", scenarios) ==
        Requirement{{}, "message_time_p99", Relation::less, 15.0, "s", "message_time_p99<15 s"});
  CHECK(parse_requirement("success_rate>=95", scenarios) ==
        Requirement{{}, "success_rate", Relation::greater_or_equal, 95.0, {}, "success_rate>=95"});
  CHECK(parse_requirement(" load.message_time_p99 <= 15s ", scenarios) ==
        Requirement{"load", "message_time_p99", Relation::less_or_equal, 15.0, "s", "load.message_time_p99 <= 15s"});
  CHECK(parse_requirement("cold-start.x > -1e-3 1/s", scenarios) ==
        Requirement{"cold-start", "x", Relation::greater, -0.001, "1/s", "cold-start.x > -1e-3 1/s"});
  CHECK(parse_requirement("recovered == 1", scenarios)->relation == Relation::equal);
}

TEST_CASE("only the name of a scenario is taken from the front of a metric", "[study]") {
  CHECK(parse_requirement("queue.depth < 5", scenarios)->metric == "queue.depth");
  CHECK_FALSE(parse_requirement("queue.depth < 5", scenarios)->scenario);
  CHECK(parse_requirement("load.queue.depth < 5", scenarios)->metric == "queue.depth");
  CHECK(parse_requirement("load.peak.depth < 5", scenarios)->scenario == "load.peak");
  CHECK(parse_requirement("loaded.depth < 5", scenarios)->metric == "loaded.depth");
  CHECK(parse_requirement("load < 5", scenarios)->metric == "load");
}

TEST_CASE("the refusal of a requirement shows the text, the column and what was expected", "[study]") {
  CHECK(error_of("p99") == "\"p99\", column 4: expected one of <, <=, >, >= and ==, found the end");
  CHECK(error_of("< 5") == "\"< 5\", column 1: expected the name of a metric, found nothing");
  CHECK(error_of("p99 = 5") == "\"p99 = 5\", column 5: expected one of <, <=, >, >= and ==, found \"=\"");
  CHECK(error_of("p99 != 5") == "\"p99 != 5\", column 5: expected one of <, <=, >, >= and ==, found \"!=\"");
  CHECK(error_of("p99 below 5") == "\"p99 below 5\", column 5: expected one of <, <=, >, >= and ==, found \"below 5\"");
  CHECK(error_of("p99 <") ==
        "\"p99 <\", column 6: expected a number such as 15, with its unit if it has one, found the end");
  CHECK(error_of("p99 < five") ==
        "\"p99 < five\", column 7: expected a number such as 15, with its unit if it has one, found \"five\"");
  CHECK(error_of("p99 < 15 s or x") ==
        "\"p99 < 15 s or x\", column 12: expected the end behind the unit, found "
        "\"or x\"");
  CHECK(error_of("1 < p99 < 5") ==
        "\"1 < p99 < 5\", column 5: expected a number such as 15, with its unit if it has one, found \"p99 < 5\"");
  CHECK(error_of("p99 < nan") ==
        "\"p99 < nan\", column 7: expected a number such as 15, with its unit if it has one, found \"nan\"");
}

TEST_CASE("a bound is converted to the unit of its metric, exactly where it can be", "[study]") {
  CHECK(bound_of("x < 15 s", "ms") == 15'000.0);
  CHECK(bound_of("x < 250 ms", "s") == 0.25);
  CHECK(bound_of("x < 0.1 s", "ns") == 1e8);
  CHECK(bound_of("x < 90 min", "h") == 1.5);
  CHECK(bound_of("x < 2 GB", "MB") == 2'000.0);
  CHECK(bound_of("x < 95 %", "ratio") == 0.95);
  CHECK(bound_of("x < 0.95 ratio", "percent") == 95.0);
  CHECK(bound_of("x < 95%", "percent") == 95.0);
  CHECK(bound_of("x < 5", "ms") == 5.0);
  CHECK(bound_of("x < 5 1/s", "1/s") == 5.0);
}

TEST_CASE("a bound in a unit that the metric cannot have is refused", "[study]") {
  CHECK(bound_of("x < 15 s", "MB").error().message == "\"x < 15 s\": x is given in s, expected MB");
  CHECK(bound_of("x < 15 furlongs", "s").error().message == "\"x < 15 furlongs\": x is given in furlongs, expected s");
  CHECK(bound_of("x < 15 s", "").error().message == "\"x < 15 s\": x is given in s, expected a plain number");
}

TEST_CASE("a relation holds for exactly the numbers that it says", "[study]") {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const auto relation :
       {Relation::less, Relation::less_or_equal, Relation::greater, Relation::greater_or_equal, Relation::equal}) {
    const auto sign = to_text(relation);
    INFO(sign);
    CHECK(sim::study::holds(relation, 1.0, 2.0) == (sign == "<" || sign == "<="));
    CHECK(sim::study::holds(relation, 2.0, 2.0) == (sign.size() == 2));
    CHECK(sim::study::holds(relation, 3.0, 2.0) == (sign == ">" || sign == ">="));
    CHECK_FALSE(sim::study::holds(relation, infinity, 2.0));
    CHECK_FALSE(sim::study::holds(relation, -infinity, 2.0));
    CHECK_FALSE(sim::study::holds(relation, std::numeric_limits<double>::quiet_NaN(), 2.0));
  }
}

TEST_CASE("an interval answers a requirement only if all of it lies on one side", "[study]") {
  CHECK(answer_of(Relation::less, 1.0, 1.9, 2.0) == Answer::yes);
  CHECK(answer_of(Relation::less, 1.0, 2.0, 2.0) == Answer::undecided);
  CHECK(answer_of(Relation::less, 2.0, 3.0, 2.0) == Answer::no);
  CHECK(answer_of(Relation::less_or_equal, 1.0, 2.0, 2.0) == Answer::yes);
  CHECK(answer_of(Relation::less_or_equal, 2.0, 3.0, 2.0) == Answer::undecided);
  CHECK(answer_of(Relation::greater, 2.0, 3.0, 2.0) == Answer::undecided);
  CHECK(answer_of(Relation::greater, 1.0, 2.0, 2.0) == Answer::no);
  CHECK(answer_of(Relation::greater_or_equal, 2.0, 3.0, 2.0) == Answer::yes);
  CHECK(answer_of(Relation::equal, 2.0, 2.0, 2.0) == Answer::yes);
  CHECK(answer_of(Relation::equal, 1.0, 3.0, 2.0) == Answer::undecided);
  CHECK(answer_of(Relation::equal, 2.5, 3.0, 2.0) == Answer::no);
  CHECK(answer_of(Relation::less, std::numeric_limits<double>::quiet_NaN(), 1.0, 2.0) == Answer::undecided);
  CHECK(answer_of(Relation::less, -std::numeric_limits<double>::infinity(), 1.0, 2.0) == Answer::undecided);
  CHECK_THROWS_AS(answer_of(Relation::less, 3.0, 1.0, 2.0), sim::AssertionFailure);
  CHECK(sim::study::to_text(Answer::undecided) == "undecided");
  CHECK(sim::study::to_text(Answer::yes) == "yes");
  CHECK(sim::study::to_text(Answer::no) == "no");
}

TEST_CASE("what an interval answers is true of every value within it", "[study][property]") {
  CHECK(rc::check("interval", [] {
    const auto relation = *rc::gen::element(Relation::less, Relation::less_or_equal, Relation::greater,
                                            Relation::greater_or_equal, Relation::equal);
    const auto lower = *rc::gen::inRange(-3, 4);
    const auto upper = *rc::gen::inRange(lower, 5);
    const auto bound = *rc::gen::inRange(-3, 5);
    bool some = false;
    bool all = true;
    for (int half = 2 * lower; half <= 2 * upper; ++half) {
      const bool fulfilled = sim::study::holds(relation, half / 2.0, bound);
      some = some || fulfilled;
      all = all && fulfilled;
    }
    const auto expected = all ? Answer::yes : some ? Answer::undecided : Answer::no;
    RC_ASSERT((answer_of(relation, lower, upper, bound) == expected));
  }));
}

TEST_CASE("a requirement that is printed in any spacing is read as the same", "[study][property]") {
  CHECK(rc::check("spacing", [] {
    const auto space = [] { return std::string(*rc::gen::inRange<std::size_t>(0, 3), ' '); };
    const auto relation = *rc::gen::element(Relation::less, Relation::less_or_equal, Relation::greater,
                                            Relation::greater_or_equal, Relation::equal);
    const auto bound = *rc::gen::inRange(-1'000, 1'000) / 8.0;
    const auto unit = *rc::gen::element(std::string(), std::string("s"), std::string("%"), std::string("1/s"));
    const auto separator = unit == "1/s" ? std::string(" ") : space();  // else its 1 would belong to the number
    const auto text = fmt::format("{}load.p99{}{}{}{}{}{}{}", space(), space(), to_text(relation), space(), bound,
                                  separator, unit, space());
    const auto requirement = parse_requirement(text, scenarios);
    RC_ASSERT(requirement.has_value());
    RC_ASSERT(requirement->scenario == "load");
    RC_ASSERT(requirement->metric == "p99");
    RC_ASSERT((requirement->relation == relation));
    RC_ASSERT(requirement->bound == bound);
    RC_ASSERT(requirement->unit.value_or("") == unit);
  }));
}
