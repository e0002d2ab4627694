#include "libsim/time.hpp"

#include <fmt/format.h>
#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "libsim/failure.hpp"

namespace {

using namespace std::chrono_literals;
using sim::Duration;

constexpr auto nanoseconds_max = std::numeric_limits<std::int64_t>::max();

std::string error_of(std::string_view text) {
  const auto parsed = sim::parse_duration(text);
  return parsed ? "read as " + std::to_string(parsed->count()) + " ns" : parsed.error().message.text();
}

/// Every magnitude from nanoseconds to centuries, with and without trailing zeros.
Duration arbitrary_duration() {
  const auto digits = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000);
  const auto factor =
      *rc::gen::element<std::int64_t>(1, 10, 1'000, 27, 60'000, 1'000'000, 3'600'000'000, 9'000'000'000);
  return Duration{digits * factor};
}

}  // namespace

TEST_CASE("a duration is read exactly, without the rounding of a floating-point number", "[time]") {
  struct Row {
    std::string_view text;
    std::int64_t nanoseconds;
  };
  const std::vector<Row> rows{
      {"0", 0},
      {"0s", 0},
      {"0.000ns", 0},
      {"1ns", 1},
      {"5us", 5'000},
      {"250ms", 250'000'000},
      {"0.1s", 100'000'000},
      {"2.5s", 2'500'000'000},
      {"3min", 180'000'000'000},
      {"1.5h", 5'400'000'000'000},
      {"7d", 604'800'000'000'000},
      {"0.0000001min", 6'000},
      {"0.000000001s", 1},
      {"1.00000000000000000000s", 1'000'000'000},  // zeros behind the last digit say nothing
      {"000000000000000000000000000001s", 1'000'000'000},
      {"0.0000000000003125d", 27},                        // 3125e-16 · 86,400e9, the finest a decimal of days can be
      {"9007199254.740993s", 9'007'199'254'740'993'000},  // 2^53 + 1 microseconds: no double in seconds is that number
      {"9223372036.854775807s", nanoseconds_max},
      {"9223372036854775807ns", nanoseconds_max},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto parsed = sim::parse_duration(row.text);
    REQUIRE(parsed.has_value());
    CHECK(parsed->count() == row.nanoseconds);
  }
}

TEST_CASE("a text that is no duration is refused with what was expected and what was found", "[time]") {
  const std::string example = "expected a duration such as 250ms, found ";
  const std::string unit = "expected a number and one of the units ns, us, ms, s, min, h, d, as in 250ms, found ";
  const std::string no_unit = "expected a unit (ns, us, ms, s, min, h or d) after the number, as in 250ms, found ";
  const std::string whole = "expected a whole number of nanoseconds, found ";
  const std::string too_long = "expected a duration of at most 292 years, found ";

  for (const std::string text : {"", "abc", "nan", "inf", "s", ".5s", "5.s", " 5s", "+5s", "-", "-abc"}) {
    CAPTURE(text);
    CHECK(error_of(text) == fmt::format("{}\"{}\"", example, text));
  }
  for (const std::string text :
       {"1 GB", "1 s", "5s ", "1GB", "5S", "1e3s", "1,5s", "5ss", "1.5.5s", "1h30min", "0x5s"}) {
    CAPTURE(text);
    CHECK(error_of(text) == fmt::format("{}\"{}\"", unit, text));
  }
  for (const std::string text : {"5", "0.5", "00", "0.0"}) {
    CAPTURE(text);
    CHECK(error_of(text) == fmt::format("{}\"{}\"", no_unit, text));
  }
  for (const std::string text : {"0.1ns", "1.0005us", "0.0000000001s", "0.00000000000003125d",
                                 "1.33333333333333333333333333333333333333333333333333333333333333333333s"}) {
    CAPTURE(text);
    CHECK(error_of(text) == fmt::format("{}\"{}\"", whole, text));
  }
  for (const std::string text : {"9223372036854775808ns", "9223372036.854775808s", "293000d", "99999999999999999999ns",
                                 "340282366920938463463374607431768211457ns", "18446744073709551617d"}) {
    CAPTURE(text);
    CHECK(error_of(text) == fmt::format("{}\"{}\"", too_long, text));
  }
  CHECK(error_of("-1s") == "expected a duration of 0 or more, found \"-1s\"");
}

TEST_CASE("a duration prints as the shortest number of one of its units", "[time]") {
  struct Row {
    Duration duration;
    std::string_view text;
  };
  const std::vector<Row> rows{{0ns, "0s"},
                              {1ns, "1ns"},
                              {999ns, "999ns"},
                              {1'500us, "1.5ms"},
                              {100ms, "100ms"},
                              {250ms, "250ms"},
                              {1s, "1s"},
                              {60s, "60s"},
                              {90s, "90s"},
                              {100s, "100s"},
                              {120s, "2min"},
                              {30min, "30min"},
                              {90min, "1.5h"},
                              {24h, "1d"},
                              {36h, "36h"},
                              {7 * 24h, "7d"},
                              {1'234'567ns, "1234567ns"},
                              {1s + 1ns, "1.000000001s"},
                              {-1'500us, "-1.5ms"},
                              {sim::forever, "9223372036.854775807s"},
                              {Duration::min(), "-9223372036.854775808s"}};
  for (const auto& row : rows) {
    CHECK(sim::to_text(row.duration) == row.text);
  }
}

TEST_CASE("every duration reads back from its text as itself", "[time]") {
  REQUIRE(rc::check("parse_duration(to_text(d)) == d", [] {
    const auto duration = arbitrary_duration();
    const auto parsed = sim::parse_duration(sim::to_text(duration));
    RC_ASSERT(parsed.has_value());
    RC_ASSERT(*parsed == duration);
  }));
  CHECK(sim::parse_duration(sim::to_text(sim::forever)) == sim::forever);
}

TEST_CASE("no whole number of a unit is a shorter text than the one that a duration prints", "[time]") {
  REQUIRE(rc::check("to_text(d) is the shortest", [] {
    const auto duration = arbitrary_duration();
    const auto text = sim::to_text(duration);
    for (const auto& [unit, symbol] : {std::pair<Duration, std::string>{1ns, "ns"},
                                       {1us, "us"},
                                       {1ms, "ms"},
                                       {1s, "s"},
                                       {1min, "min"},
                                       {1h, "h"},
                                       {24h, "d"}}) {
      if (duration % unit == 0ns && duration > 0ns) {
        RC_ASSERT(text.size() <= (std::to_string(duration / unit) + symbol).size());
      }
    }
  }));
}

TEST_CASE("a time prints as seconds with nine decimals", "[time]") {
  CHECK(sim::to_text(sim::Time{}) == "0.000000000");
  CHECK(sim::to_text(sim::Time{12s}) == "12.000000000");
  CHECK(sim::to_text(sim::Time{1ns}) == "0.000000001");
  CHECK(sim::to_text(sim::Time{1h + 5us}) == "3600.000005000");
  CHECK(sim::to_text(sim::Time{-1ms}) == "-0.001000000");
  CHECK(sim::to_text(sim::Time::max()) == "9223372036.854775807");
}

TEST_CASE("seconds become the nearest whole nanosecond", "[time]") {
  CHECK(sim::from_seconds(0.0) == 0ns);
  CHECK(sim::from_seconds(0.1) == 100ms);
  CHECK(sim::from_seconds(-2.5) == -2'500ms);
  CHECK(sim::from_seconds(1.4e-9) == 1ns);
  CHECK(sim::from_seconds(1.6e-9) == 2ns);
  CHECK(sim::from_seconds(0x1p-10) == Duration{976'562});    // 976,562.5 ns: a tie goes to the even neighbour
  CHECK(sim::from_seconds(0x3p-10) == Duration{2'929'688});  // 2,929,687.5 ns
  CHECK(sim::from_seconds(1e9 + 0.5) == Duration{1'000'000'000'500'000'000});
}

TEST_CASE("every whole number of milliseconds within eleven days survives the way to seconds and back", "[time]") {
  REQUIRE(rc::check("from_seconds(to_seconds(d)) == d", [] {
    const auto duration = std::chrono::milliseconds(*rc::gen::inRange<std::int64_t>(-1'000'000'000, 1'000'000'000));
    RC_ASSERT(sim::from_seconds(sim::to_seconds(duration)) == duration);
  }));
}

TEST_CASE("seconds that no duration holds are a broken invariant", "[time]") {
  for (const double seconds : {9.3e9, -9.3e9, 1e300, std::nan(""), std::numeric_limits<double>::infinity()}) {
    CAPTURE(seconds);
    CHECK_THROWS_AS(sim::from_seconds(seconds), sim::AssertionFailure);
  }
  CHECK_NOTHROW(sim::from_seconds(9.2e9));
}
