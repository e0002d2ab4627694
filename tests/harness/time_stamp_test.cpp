#include "libsim/text/time_stamp.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <limits>
#include <string>

using namespace sim;
using sim::parse_seconds;
using sim::parse_span;
using sim::TimeStamp;

namespace {

/// Since 1970, of a text that is a date and time.
std::optional<Duration> calendar(std::string_view text) {
  const auto time = sim::parse_time_stamp(text);
  return time && time->form == TimeStamp::Form::calendar ? std::optional(time->since_1970) : std::nullopt;
}

}  // namespace

TEST_CASE("seconds are read as programs write them, rounded to the nearest nanosecond", "[time_stamp]") {
  CHECK(parse_seconds("12.5") == 12'500ms);
  CHECK(parse_seconds("0.30000000000000004") == 300ms);
  CHECK(parse_seconds("0.12345678901234") == 123'456'789ns);
  CHECK(parse_seconds("1e-05") == 10us);
  CHECK(parse_seconds("1E+2") == 100s);
  CHECK(parse_seconds("12e3") == 12'000s);
  CHECK(parse_seconds("0.00000000001e3") == 10ns);
  CHECK(parse_seconds("5.") == 5s);
  CHECK(parse_seconds(".5") == 500ms);
  CHECK(parse_seconds("0e999999999999999999999") == 0s);
  CHECK(parse_seconds("1e-999999999999999999999") == 0s);
  CHECK(parse_seconds("9223372036.854775807") == Duration::max());
}

TEST_CASE("a time in the middle between two nanoseconds becomes the even one", "[time_stamp]") {
  CHECK(parse_seconds("0.0000000005") == 0ns);
  CHECK(parse_seconds("0.0000000015") == 2ns);
  CHECK(parse_seconds("0.0000000025") == 2ns);
  CHECK(parse_seconds("0.00000000250000000000000000001") == 3ns);
  CHECK(parse_seconds("0.9999999999") == 1s);
}

TEST_CASE("what is no number of seconds from 0 to 292 years is not read", "[time_stamp]") {
  for (const std::string text : {"", ".", "e5", "5e", "5e+", "-1", "+1", "nan", "inf", "1 ", " 1", "1s", "1,5", "0x5",
                                 "1.2.3", "9223372036.854775808", "9223372036.8547758075", "1e10", "1e999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_seconds(text).has_value());
  }
}

TEST_CASE("every number of nanoseconds is read back from its decimal text", "[time_stamp]") {
  REQUIRE(rc::check("parse_seconds", [] {
    const auto nanoseconds = *rc::gen::inRange<std::int64_t>(0, std::numeric_limits<std::int64_t>::max());
    const std::string text = fmt::format("{}.{:09}", nanoseconds / 1'000'000'000, nanoseconds % 1'000'000'000);
    RC_ASSERT(parse_seconds(text) == Duration{nanoseconds});
    RC_ASSERT(parse_seconds(fmt::format("{}e-9", nanoseconds)) == Duration{nanoseconds});
  }));
}

TEST_CASE("a span is a number of seconds, or a duration with its unit", "[time_stamp]") {
  CHECK(parse_span("1e-05") == 10us);
  CHECK(parse_span("250ms") == 250ms);
  CHECK_FALSE(parse_span("1e1s").has_value());
}

TEST_CASE("a date and time counts from 1970, with leap years and offsets", "[time_stamp]") {
  CHECK(calendar("1970-01-01 00:00:01") == 1s);
  CHECK(calendar("2024-02-29T12:00:00") == 19'782 * 24h + 12h);
  CHECK_FALSE(calendar("2023-02-29 12:00:00").has_value());
  CHECK_FALSE(calendar("2100-02-29 12:00:00").has_value());
  const auto instant = calendar("2024-05-10 00:00:00.25");
  REQUIRE(instant);
  for (const std::string text :
       {"2024-05-10 00:00:00.25Z", "2024-05-10 00:00:00.25 UTC", "2024-05-10 00:00:00.250000+00:00",
        "2024-05-10 01:00:00.25+01:00", "2024-05-10 01:00:00.25+0100", "2024-05-10 01:00:00.25+01",
        "2024-05-09 18:30:00.25-05:30", "2024-05-10T05:45:00.2500000000 +05:45"}) {
    CAPTURE(text);
    CHECK(calendar(text) == instant);
  }
}

TEST_CASE("a fraction of a second may have as many digits as it likes, and may round up to the next", "[time_stamp]") {
  CHECK(calendar("1970-01-01 00:00:59.99999999999") == 60s);
  CHECK(calendar("1970-01-01 00:00:00.1234567894999+00:00") == 123'456'789ns);
}

TEST_CASE("what looks like a date and time but is none is not read", "[time_stamp]") {
  for (const std::string text :
       {"2024-05-10", "2024-05-10 00:00", "2024-13-10 00:00:00", "2024-05-10 24:00:00", "2024-05-10 00:60:00",
        "2024-05-10 00:00:60", "2024-05-10 00:00:00.", "2024-05-10 00:00:00+", "2024-05-10 00:00:00+1",
        "2024-05-10 00:00:00+01:0", "2024-05-10 00:00:00+24:00", "2024-05-10 00:00:00+01:60", "2024-05-10 00:00:00CET",
        "1969-12-31 23:59:59", "1970-01-01 00:00:00+01:00", "2201-01-01 00:00:00"}) {
    CAPTURE(text);
    CHECK_FALSE(calendar(text).has_value());
  }
}
