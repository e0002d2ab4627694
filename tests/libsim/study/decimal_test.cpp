#include "libsim/study/decimal.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

using sim::study::Decimal;
using sim::study::parse_decimal;
using sim::study::to_text;

TEST_CASE("a decimal is read without rounding and printed in the fewest digits", "[study]") {
  CHECK(parse_decimal("20") == Decimal{20, 0});
  CHECK(parse_decimal("-0.50") == Decimal{-5, 1});
  CHECK(parse_decimal("1.5e3") == Decimal{1500, 0});
  CHECK(parse_decimal("1E-3") == Decimal{1, 3});
  CHECK(parse_decimal("0.000") == Decimal{0, 0});
  CHECK(parse_decimal("0e99") == Decimal{0, 0});
  CHECK(parse_decimal("123456789012345678") == Decimal{123456789012345678, 0});
  CHECK(to_text(Decimal{-5, 1}) == "-0.5");
  CHECK(to_text(Decimal{1, 18}) == "0.000000000000000001");
  CHECK(to_text(Decimal{1200, 2}) == "12");
  CHECK(to_text(Decimal{0, 5}) == "0");
}

TEST_CASE("what is no decimal of 18 digits is refused as a whole", "[study]") {
  for (const auto* const text : {"",      "-",   "+1",           ".5",    "5.",
                                 "1e",    "1e+", "1x",           "0x10",  "nan",
                                 "inf",   "1 ",  " 1",           "1e18",  "1234567890123456789",
                                 "1e-19", "--1", "1e5000000000", "1.2.3", "1e-"}) {
    INFO(text);
    CHECK_FALSE(parse_decimal(text));
  }
  CHECK_FALSE(sim::study::parse_number("1e400"));
  CHECK_FALSE(sim::study::parse_number("nan"));
  CHECK_FALSE(sim::study::parse_number(""));
}

TEST_CASE("a decimal that is printed and read again is the same number", "[study][property]") {
  CHECK(rc::check("round trip", [] {
    const auto units = *rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 1'000'000'000'000);
    const Decimal number{units, *rc::gen::inRange(0, 18)};
    const auto again = parse_decimal(to_text(number));
    RC_ASSERT(again.has_value());
    RC_ASSERT(sim::study::widened(*again, number.decimals) == number);
    RC_ASSERT(again->value() == number.value());
  }));
}
