#include "libsim/harness/store/replication_json.hpp"

#include <rapidcheck.h>

#include <bit>
#include <catch2/catch.hpp>
#include <limits>

using namespace sim;
using namespace sim::harness;

namespace {

constexpr auto largest_number = std::numeric_limits<std::uint64_t>::max();

/// All bits are equally likely, and special values often.
double any_double() {
  const auto bits = rc::gen::inRange<std::uint64_t>(0, largest_number);
  const auto special = rc::gen::element(
      0.0, -0.0, 1.0, 0.1, 5e-324, -5e-324, 2.2250738585072014e-308, std::numeric_limits<double>::max(),
      std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
      std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::quiet_NaN(), 9007199254740993.0, 1e22,
      1e23, 1e100, std::bit_cast<double>(std::uint64_t{0x7ff0000000000001}), 1.0 / 3.0);
  return *rc::gen::arbitrary<bool>() ? *special : std::bit_cast<double>(*bits);
}

std::uint64_t any_number() {
  return *rc::gen::oneOf(rc::gen::inRange<std::uint64_t>(0, largest_number),
                         rc::gen::element<std::uint64_t>(0, 1, std::uint64_t{1} << 53U, (std::uint64_t{1} << 53U) + 1,
                                                         std::uint64_t{1} << 63U, largest_number));
}

Duration any_duration() { return Duration(std::bit_cast<std::int64_t>(any_number())); }

std::string any_text() {
  const auto bytes = rc::gen::container<std::string>(rc::gen::inRange<char>(-128, 127));
  const auto readable = rc::gen::element<std::string>(
      "", "wait_mean", "a\"b\\c", "line\nbreak\r\t", std::string(3, '\0'), "Grüße €  😀", "\x7f\x1b[31m", "\xed\xa0\x80",
      "\xc0\xaf", "\xff", "{\"bytes\":\"00\"}", std::string(5000, 'x'));
  return *rc::gen::oneOf(bytes, readable);
}

template <class Make>
auto any_list(const Make& make) {
  std::vector<decltype(make())> list;
  const auto size = *rc::gen::inRange<std::size_t>(0, 5);
  for (std::size_t i = 0; i < size; ++i) {
    list.push_back(make());
  }
  return list;
}

Replication any_replication() {
  Replication replication;
  replication.totals = {any_number(), any_number(), any_number(), any_duration()};
  replication.reports = any_list([] {
    Report report{any_text(), any_text(), any_double(), any_number(), *rc::gen::arbitrary<bool>()};
    if (*rc::gen::arbitrary<bool>()) {
      report.standard_error = 0.25 * static_cast<double>(any_number() % 1000);
      report.independent = any_number() % 1000;
    }
    return report;
  });
  replication.accounts = any_list([] { return Account{any_text(), any_list(any_text)}; });
  replication.measurements = any_list([] {
    const std::string label = *rc::gen::element<std::string>("", "main", "\xff");
    return Measurement{label, {any_text(), any_text(), any_text(), any_double(), any_number()}};
  });
  replication.curves = any_list([] {
    const auto point = [] { return Series::Point{Time(any_duration()), any_double()}; };
    return Curve{any_text(), any_text(), any_text(), any_list(point)};
  });
  replication.warnings = any_list(any_text);
  replication.attachments = any_list([] { return Attachment{any_text(), any_text()}; });
  return replication;
}

/// Takes the bits of all values out of a replication: what is left can be compared though a NaN equals nothing.
std::vector<std::uint64_t> take_values(Replication& replication) {
  std::vector<std::uint64_t> bits;
  const auto take = [&](double& value) { bits.push_back(std::bit_cast<std::uint64_t>(std::exchange(value, 0.0))); };
  for (auto& report : replication.reports) {
    take(report.value);
  }
  for (auto& measurement : replication.measurements) {
    take(measurement.row.value);
  }
  for (auto& curve : replication.curves) {
    for (auto& point : curve.points) {
      take(point.value);
    }
  }
  return bits;
}

bool identical(Replication a, Replication b) { return take_values(a) == take_values(b) && a == b; }

Replication with_value(double value) {
  Replication replication;
  replication.reports = {{"wait", "s", value, 1}};
  return replication;
}

std::uint64_t bits_read_back(double value) {
  return std::bit_cast<std::uint64_t>(parse_replication(replication_json(with_value(value))).value().reports[0].value);
}

}  // namespace

TEST_CASE("a replication of any content comes back from its JSON bit for bit, from a single line of UTF-8",
          "[replication_json]") {
  CHECK(rc::check([] {
    const auto replication = any_replication();
    const std::string json = replication_json(replication);
    RC_ASSERT(json.find('\n') == std::string::npos);
    const auto back = parse_replication(json);
    RC_ASSERT(back.has_value());
    RC_ASSERT(identical(*back, replication));
    RC_ASSERT(replication_json(*back) == json);
  }));
}

TEST_CASE("a value comes back bit for bit", "[replication_json]") {
  CHECK(rc::check([] {
    const double value = any_double();
    RC_ASSERT(bits_read_back(value) == std::bit_cast<std::uint64_t>(value));
  }));
  CHECK(bits_read_back(-7.0) == 0xc01c000000000000);
  CHECK(bits_read_back(-0.0) == 0x8000000000000000);
  CHECK(bits_read_back(std::bit_cast<double>(std::uint64_t{0xfff8000000000123})) == 0xfff8000000000123);
}

TEST_CASE("values that people know are readable in the JSON of a replication", "[replication_json]") {
  const auto shown = [](double value) {
    const std::string json = replication_json(with_value(value));
    const std::string before = R"("reports":[["wait","s",)";
    const auto begin = json.find(before) + before.size();
    return json.substr(begin, json.find(",1,0,0.0,0]]") - begin);  // samples, no share, no interval
  };
  CHECK(shown(0.1) == "0.1");
  CHECK(shown(-0.0) == "-0.0");
  CHECK(shown(-7.0) == "-7.0");
  CHECK(shown(std::numeric_limits<double>::infinity()) == "\"7ff0000000000000\"");  // IEEE 754: exponent all ones
  CHECK(shown(-std::numeric_limits<double>::infinity()) == "\"fff0000000000000\"");
}

TEST_CASE("JSON that no replication gave is refused and never read as something else", "[replication_json]") {
  Replication replication = with_value(1.5);
  replication.totals = {1, 2, 3, 4s};
  replication.curves = {{"main", "length", "queue", {{Time(1s), 2.0}}}};
  replication.warnings = {"careful"};
  const std::string good = replication_json(replication);
  REQUIRE(parse_replication(good));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = good;
    REQUIRE(changed.find(from) != std::string::npos);
    return changed.replace(changed.find(from), from.size(), to);
  };
  const std::vector<std::string> wrong{"",
                                       "{}",
                                       "[]",
                                       "null",
                                       good.substr(1),
                                       good + "}",
                                       good.substr(0, good.size() - 1),
                                       with("[1,2,3,", "[-1,2,3,"),
                                       with("[1,2,3,", "[1.0,2,3,"),
                                       with("[1,2,3,", "[1,2,"),
                                       with("[1,2,3,", "[true,2,3,"),
                                       with("4000000000", "9223372036854775808"),
                                       with("4000000000", "\"4\""),
                                       with("1.5", "2"),
                                       with("1.5", "null"),
                                       with("1.5", "\"nan\""),
                                       with("1.5", "\"7ff000000000000g\""),
                                       with("\"wait\"", "7"),
                                       with("\"wait\"", "{}"),
                                       with("\"wait\"", R"({"bytes":"0"})"),
                                       with("\"wait\"", R"({"bytes":"0g"})"),
                                       with("\"wait\"", R"({"bytes":1})"),
                                       with("\"wait\"", R"({"bytes":"00","more":1})"),
                                       with("\"wait\"", R"({"other":"00"})"),
                                       with("1000000000,2.0", "1000000000"),
                                       with("1000000000,2.0", "2.0,1000000000"),
                                       with("[1000000000,2.0]", "{}"),
                                       with("[\"careful\"]", "\"careful\""),
                                       with("\"warnings\"", "\"warning\""),
                                       with("\"careful\"", "\"\xff\"")};
  for (const auto& json : wrong) {
    INFO(json);
    const auto read = parse_replication(json);
    REQUIRE_FALSE(read);
    CHECK_THAT(read.error().message, Catch::StartsWith("is no replication: "));
  }
  CHECK(parse_replication(with("4000000000", "-9223372036854775808"))->totals.virtual_time == Duration::min());
}
