#include "libsim/study/axis.hpp"

#include <fmt/format.h>

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <cmath>

#include "libsim/failure.hpp"
#include "libsim/study/decimal.hpp"
#include "libsim/time.hpp"

using sim::study::Axis;
using sim::study::AxisSpec;
using sim::study::parse_axis;
using sim::study::Range;

using Values = std::vector<std::string>;

namespace {

Values values_of(std::string_view text) {
  const auto axis = parse_axis(text);
  INFO((axis ? std::string(text) : axis.error().message.text()));
  REQUIRE(axis);
  REQUIRE(std::holds_alternative<Axis>(*axis));
  return std::get<Axis>(*axis).values;
}

Range range_of(std::string_view text) {
  const auto axis = parse_axis(text);
  REQUIRE(axis);
  REQUIRE(std::holds_alternative<Range>(*axis));
  return std::get<Range>(*axis);
}

std::string error_of(std::string_view text) {
  const auto axis = parse_axis(text);
  REQUIRE_FALSE(axis);
  return axis.error().message;
}

}  // namespace

TEST_CASE("an axis in steps goes from its first to its last value", "[study]") {
  CHECK(values_of("containers=2:20:6") == Values{"2", "8", "14", "20"});
  CHECK(values_of("containers=2:20:5") == Values{"2", "7", "12", "17"});
  CHECK(values_of("containers=20:2:-6") == Values{"20", "14", "8", "2"});
  CHECK(values_of("balance=-1:1:0.5") == Values{"-1", "-0.5", "0", "0.5", "1"});
  CHECK(values_of("containers=5:5:1") == Values{"5"});
  CHECK(values_of(" containers = 2 : 4 : 1 ") == Values{"2", "3", "4"});
  CHECK(std::get<Axis>(*parse_axis(" queue.depth = 1,2")).parameter == "queue.depth");
}

TEST_CASE("decimal steps have the values that a person expects", "[study]") {
  CHECK(values_of("p=0.1:0.5:0.1") == Values{"0.1", "0.2", "0.3", "0.4", "0.5"});
  CHECK(values_of("p=0:1:0.25") == Values{"0", "0.25", "0.5", "0.75", "1"});
  CHECK(values_of("p=1e-3:3e-3:1e-3") == Values{"0.001", "0.002", "0.003"});
  CHECK(values_of("p=1e3:3e3:1e3") == Values{"1000", "2000", "3000"});
  // A sum of 0.1 in floating point would miss the last value, or have it as 9999.900000018848.
  const auto many = values_of("p=0.1:9999.9:0.1");
  CHECK(many.size() == 99'999);
  CHECK(many[2] == "0.3");
  CHECK(many.back() == "9999.9");
}

TEST_CASE("an axis of factors multiplies its first value", "[study]") {
  CHECK(values_of("rate=1:1000:x10") == Values{"1", "10", "100", "1000"});
  CHECK(values_of("rate=0.1:1:x2") == Values{"0.1", "0.2", "0.4", "0.8"});
  CHECK(values_of("rate=1:1.4641:x1.1") == Values{"1", "1.1", "1.21", "1.331", "1.4641"});
  CHECK(values_of("rate=8:1:x0.5") == Values{"8", "4", "2", "1"});
  CHECK(values_of("think=100ms:10s:x10") == Values{"100ms", "1s", "10s"});
  CHECK(values_of("think=2ns:5ns:x1.5") == Values{"2ns", "3ns", "5ns"});  // 4.5 is rounded
}

TEST_CASE("an axis of durations keeps their unit", "[study]") {
  CHECK(values_of("think=1s:3s:1s") == Values{"1s", "2s", "3s"});
  CHECK(values_of("think=250ms:1s:250ms") == Values{"250ms", "500ms", "750ms", "1s"});
  CHECK(values_of("think=0:2s:1s") == Values{"0s", "1s", "2s"});
  CHECK(values_of("think=3s:1s:-1s") == Values{"3s", "2s", "1s"});
}

TEST_CASE("commas within parentheses or quotes do not separate the values of a list", "[study]") {
  CHECK(values_of("sessions=50,100,200") == Values{"50", "100", "200"});
  CHECK(values_of("service=exponential(2s),constant(1s)") == Values{"exponential(2s)", "constant(1s)"});
  CHECK(values_of("service=hyperexponential(0.4:1s, 0.6:3s), mixture(0.5:uniform(1s,2s),0.5:constant(1s))") ==
        Values{"hyperexponential(0.4:1s, 0.6:3s)", "mixture(0.5:uniform(1s,2s),0.5:constant(1s))"});
  CHECK(values_of("service=empirical(\"a,b).csv\", x),constant(1s)") ==
        Values{"empirical(\"a,b).csv\", x)", "constant(1s)"});
  CHECK(values_of("policy=lru") == Values{"lru"});
  CHECK(values_of("service=exponential(2s)") == Values{"exponential(2s)"});
}

TEST_CASE("a range without steps has bounds, a kind and a scale", "[study]") {
  CHECK(range_of("containers=2:20") == Range{"containers", Range::Kind::whole, Range::Scale::linear, 2.0, 20.0});
  CHECK(range_of("rate=1:1000:log") == Range{"rate", Range::Kind::whole, Range::Scale::logarithmic, 1.0, 1000.0});
  CHECK(range_of("rate=2.0:20").kind == Range::Kind::number);
  CHECK(range_of("rate=2:20.0").kind == Range::Kind::number);
  CHECK(range_of("share=0:0.5") == Range{"share", Range::Kind::number, Range::Scale::linear, 0.0, 0.5});
  CHECK(range_of("think=1ms:1s:log") == Range{"think", Range::Kind::duration, Range::Scale::logarithmic, 1e6, 1e9});
}

TEST_CASE("the refusal of an axis shows the text, the column and what was expected", "[study]") {
  CHECK(error_of("containers") ==
        "\"containers\", column 11: expected \"=\" and values, as in containers=2:20:2, found the end");
  CHECK(error_of("=1,2") == "\"=1,2\", column 1: expected the name of a parameter, found \"=\"");
  CHECK(error_of("a b=1,2") == "\"a b=1,2\", column 2: expected the name of one parameter, found \" \"");
  CHECK(error_of("n=") == "\"n=\", column 3: expected a value, found the end");
  CHECK(error_of("n=1,,2") == "\"n=1,,2\", column 5: expected a value, found nothing");
  CHECK(error_of("n=1,2,1") == "\"n=1,2,1\", column 7: expected each value once, found 1 again");
  CHECK(
      error_of("n=2:x:2") ==
      "\"n=2:x:2\", column 5: expected a number of at most 18 digits or a duration, such as 20 or 250ms, found \"x\"");
  CHECK(error_of("n=2:20,30") ==
        "\"n=2:20,30\", column 3: expected either a list such as 2,4,8 or a range such as 2:20:2");
  CHECK(error_of("n=2:20:2:9") ==
        "\"n=2:20:2:9\", column 10: expected first:last:step and nothing behind it, found \"9\"");
  CHECK(error_of("n=1:2:3s") ==
        "\"n=1:2:3s\", column 7: expected a number as the step, such as 2, or a factor such as x10, or log, found "
        "\"3s\"");
  CHECK(error_of("n=1s:5") ==
        "\"n=1s:5\", column 6: expected a duration as the other bound is, such as 250ms, found "
        "\"5\"");
  CHECK(error_of("s=f(1,2") == "\"s=f(1,2\", column 4: expected a \")\" for this \"(\", found the end");
  CHECK(error_of("s=f1),2") == "\"s=f1),2\", column 5: expected no \")\" without a \"(\" before it");
  CHECK(error_of("s=\"a,2") == "\"s=\"a,2\", column 3: expected a closing quote, found the end");
}

TEST_CASE("an axis that never ends or leads nowhere is refused", "[study]") {
  CHECK(error_of("n=2:20:0") == "\"n=2:20:0\", column 8: expected a step above 0 to get from 2 to 20, found \"0\"");
  CHECK(error_of("n=2:20:-2") == "\"n=2:20:-2\", column 8: expected a step above 0 to get from 2 to 20, found \"-2\"");
  CHECK(error_of("n=20:2:2") == "\"n=20:2:2\", column 8: expected a step below 0 to get from 20 to 2, found \"2\"");
  CHECK(error_of("n=1:9:x1") == "\"n=1:9:x1\", column 7: expected a factor above 1, such as x10, found \"x1\"");
  CHECK(error_of("n=9:1:x2") ==
        "\"n=9:1:x2\", column 7: expected a factor between 0 and 1, such as x0.5, found \"x2\"");
  CHECK(error_of("n=0:9:x2") ==
        "\"n=0:9:x2\", column 3: expected a value above 0, which a factor can reach, found "
        "\"0\"");
  CHECK(error_of("n=1ns:5ns:x1.5") ==
        "\"n=1ns:5ns:x1.5\", column 11: expected a factor that makes another value of 2ns, found \"x1.5\"");
  CHECK(error_of("n=1:100001:1") == "\"n=1:100001:1\", column 12: expected at most 100000 values, found 100001");
  CHECK(error_of("n=1:3:x1.000001") == "\"n=1:3:x1.000001\", column 7: expected at most 100000 values, found more");
  CHECK(error_of("n=20:2") == "\"n=20:2\", column 6: expected a value above 20, found \"2\"");
  CHECK(error_of("n=0:2:log") ==
        "\"n=0:2:log\", column 3: expected a value above 0 for a logarithmic range, found \"0\"");
  CHECK(values_of("n=1:100000:1").size() == 100'000);
}

TEST_CASE("every value in steps is its place times the step away from the first", "[study][property]") {
  CHECK(rc::check("exact decimals", [] {
    const auto decimals = *rc::gen::inRange(0, 6);
    const auto first = *rc::gen::inRange(-100'000, 100'000);
    const auto step = *rc::gen::inRange(1, 5'000);
    const auto count = *rc::gen::inRange(1, 300);
    const auto surplus = *rc::gen::inRange(0, step);  // the last bound need not be met
    const auto text = [decimals](int units) { return sim::study::to_text(sim::study::Decimal{units, decimals}); };
    const auto axis =
        parse_axis(fmt::format("p={}:{}:{}", text(first), text(first + (count - 1) * step + surplus), text(step)));
    RC_ASSERT(axis.has_value());
    const auto& values = std::get<Axis>(*axis).values;
    RC_ASSERT(values.size() == static_cast<std::size_t>(count));
    const double scale = std::pow(10.0, decimals);
    for (int i = 0; i < count; ++i) {
      // The division rounds correctly, and so does the reading of a decimal text.
      RC_ASSERT(std::stod(values[static_cast<std::size_t>(i)]) == (first + i * step) / scale);
    }
  }));
}

TEST_CASE("no text makes the reader of axes fail in another way than by its error", "[study][property]") {
  CHECK(rc::check("robust", [] {
    const auto text = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("a=1:2,()\"x.-s ")));
    const auto axis = parse_axis(text);
    RC_ASSERT(axis.has_value() || !axis.error().message.empty());
  }));
}

TEST_CASE("a share of an axis is the value that far along it", "[study]") {
  const AxisSpec list = *parse_axis("n=10,20,40");
  CHECK(value_at(list, 0.0) == "10");
  CHECK(value_at(list, 0.5) == "20");
  CHECK(value_at(list, 1.0) == "40");
  CHECK(value_at(*parse_axis("n=2:20"), 0.5) == "11");
  CHECK(value_at(*parse_axis("n=0:0.3"), 1.0 / 3.0) == "0.1");
  CHECK(value_at(*parse_axis("n=1:10000:log"), 0.25) == "10");
  CHECK(value_at(*parse_axis("n=0.01:100:log"), 0.5) == "1");
  CHECK(value_at(*parse_axis("think=1s:4s"), 2.0 / 3.0) == "3s");
  CHECK(value_at(*parse_axis("n=0.1:0.7"), 0.0) == "0.1");
  CHECK(value_at(*parse_axis("n=0.1:0.7"), 1.0) == "0.7");
  CHECK_THROWS_AS(value_at(list, 1.5), sim::AssertionFailure);
}

TEST_CASE("whole numbers and values of a list stand where they are, not where they were asked for", "[study]") {
  CHECK(place_of_value_at(*parse_axis("n=0:10"), 1.0 / 3.0) == Approx(0.3));
  CHECK(place_of_value_at(*parse_axis("n=0:1"), 1.0 / 3.0) == 0.0);
  CHECK(place_of_value_at(*parse_axis("n=0:1"), 2.0 / 3.0) == 1.0);
  // Half-way on the scale of ratios is 4.47, and the whole number 4 is 0.46 of the way from 1 to 20.
  CHECK(place_of_value_at(*parse_axis("n=1:20:log"), 0.5) == Approx(0.462756).epsilon(1e-5));
  CHECK(place_of_value_at(*parse_axis("n=0.0:10.0"), 1.0 / 3.0) == 1.0 / 3.0);
  CHECK(place_of_value_at(*parse_axis("n=1s:2s"), 0.25) == 0.25);
  CHECK(place_of_value_at(*parse_axis("n=10,20,40"), 0.6) == 0.5);
  CHECK(place_of_value_at(*parse_axis("n=10"), 1.0) == 0.0);
  CHECK_THROWS_AS(place_of_value_at(*parse_axis("n=0:1"), -0.1), sim::AssertionFailure);
}

TEST_CASE("a draw from a range of whole numbers reaches both ends and favours none", "[study]") {
  const auto die = *parse_axis("n=1:6");
  std::vector<int> counts(6);
  for (int i = 0; i < 600; ++i) {
    ++counts[std::stoul(value_drawn(die, (i + 0.5) / 600.0)) - 1];
  }
  CHECK(counts == std::vector<int>(6, 100));
  CHECK(value_drawn(die, 0.0) == "1");
  CHECK(value_drawn(die, std::nextafter(1.0, 0.0)) == "6");
}

TEST_CASE("a draw from a logarithmic range has equal shares in equal ratios", "[study]") {
  const auto rate = *parse_axis("n=0.001:1000:log");
  int below_one = 0;
  for (int i = 0; i < 1000; ++i) {
    below_one += std::stod(value_drawn(rate, (i + 0.5) / 1000.0)) < 1.0 ? 1 : 0;
  }
  CHECK(below_one == 500);
}

TEST_CASE("a drawn value stays within its stratum however few its digits are", "[study][property]") {
  CHECK(rc::check("stratum", [] {
    const bool is_duration = *rc::gen::arbitrary<bool>();
    const bool is_log = *rc::gen::arbitrary<bool>();
    const auto strata = *rc::gen::inRange(1, 5'000);
    const auto stratum = *rc::gen::inRange(0, strata);
    const auto within = *rc::gen::inRange(0, 1'000) / 1'000.0;
    const auto axis =
        *parse_axis(fmt::format("n={0}{2}:{1}{2}{3}", "0.25", "40", is_duration ? "s" : "", is_log ? ":log" : ""));
    const double lower = static_cast<double>(stratum) / strata;
    const double upper = static_cast<double>(stratum + 1) / strata;
    const auto text =
        value_drawn(axis, std::min((stratum + within) / strata, std::nextafter(upper, 0.0)), lower, upper);
    const double value = is_duration ? sim::to_seconds(*sim::parse_duration(text)) : std::stod(text);
    const auto at = [is_log](double share) { return is_log ? 0.25 * std::pow(160.0, share) : 0.25 + share * 39.75; };
    RC_ASSERT(value >= at(lower) * (1.0 - 1e-9));
    RC_ASSERT(value <= at(upper) * (1.0 + 1e-9));
    RC_ASSERT(text.size() <= 12U);
  }));
}
