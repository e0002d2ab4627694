#include <catch2/catch.hpp>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_shop.hpp"

using namespace std::string_literals;

namespace {

/// What is in a file, and how it is refused.
struct Refused {
  std::string content;
  std::string line;
};

/// Each by itself as the file behind a flag: one line that names file and line, status 2, and nothing written.
void check_refused(const std::string& flag, const std::string& file, const std::vector<Refused>& table) {
  const toy::WorkingFolder here;
  for (const auto& [content, line] : table) {
    toy::write_file(file, content);
    CHECK(toy::call(toy::shop(), {"--scenario", "day", flag, file}) == toy::refusal(line));
    CHECK(toy::files_here() == std::vector{file});
  }
}

void check_ini(const std::vector<Refused>& table) { check_refused("--config", "x.ini", table); }
void check_arrivals(const std::vector<Refused>& table) { check_refused("--arrivals", "a.csv", table); }
void check_targets(const std::vector<Refused>& table) { check_refused("--targets", "t.csv", table); }

/// The parameter of a run with a file of settings, as its manifest has it.
std::string parameter_with(const std::string& ini, const std::string& name) {
  const toy::WorkingFolder here;
  toy::write_file("x.ini", ini);
  const toy::Call call = toy::call(toy::shop(), {"--scenario", "nobody", "--config", "x.ini", "--format", "json"});
  REQUIRE(call.err.empty());
  return nlohmann::json::parse(call.out).at("parameters").at(name);
}

/// How many arrivals a run replays.
double arrivals_with(const std::string& csv) {
  const toy::WorkingFolder here;
  toy::write_file("a.csv", csv);
  const toy::Call call = toy::call(toy::shop(), {"--scenario", "day", "--arrivals", "a.csv", "--format", "json"});
  REQUIRE(call.err.empty());
  return nlohmann::json::parse(call.out).at("scenarios").at(0).at("metrics").at(2).at("value");
}

const std::string byte_order_mark = "\xEF\xBB\xBF";
const std::string any_customers = "expected a whole number from 1 to 1000000 (customers)";
const std::string any_time = "expected a time such as 2023-11-16 18:17:03.98, or seconds such as 12.5";
const std::string any_count = "expected a whole number from 0 to 9223372036854775807";
const std::string header = "experiment,scenario,metric,unit,op,target,critical,source,definition\n";

}  // namespace

TEST_CASE("a file that cannot be read is refused with the reason, whichever flag names it", "[input]") {
  const toy::WorkingFolder here;
  toy::write_file("plain", "");
  for (const std::string flag : {"--config", "--arrivals", "--faults", "--targets"}) {
    const auto with = [&](const std::string& file) { return toy::call(toy::shop(), {flag, file}); };
    CHECK(with("missing") == toy::refusal("missing: cannot be read: No such file or directory"));
    CHECK(with(".") == toy::refusal(".: is a folder: expected a file"));
    CHECK(with("plain/below") == toy::refusal("plain/below: cannot be read: Not a directory"));
    CHECK(with("") == toy::refusal(flag + " \"\": expected a text without control characters, not empty"));
  }
  CHECK(toy::files_here() == std::vector{"plain"s});
}

TEST_CASE("a line of an INI file that is no setting is refused with its number", "[input]") {
  check_ini({
      {"customers\n", "x.ini:1: customers: expected key = value"},
      {"# a comment\n\n = 5\n", "x.ini:3: = 5: expected key = value"},
      {"two words = 5\n", "x.ini:1: two words = 5: expected key = value"},
      {"[service\ntime = 1s\n", "x.ini:1: [service: expected [section]"},
      {"[]\ntime = 1s\n", "x.ini:1: []: expected [section]"},
      {"\x00\x01\xff\xfe"s, "x.ini:1: \\x00\\x01\\xff\\xfe: expected key = value"},
      {"customers = 5\n\x7f"
       "ELF\x02\x01\n",
       "x.ini:2: \\x7fELF\\x02\\x01: expected key = value"},
  });
}

TEST_CASE("an unknown or repeated key of an INI file is refused with its line and the nearest known one", "[input]") {
  check_ini({
      {"\n\ncostumers = 5\n", "x.ini:3: costumers = 5: unknown key; did you mean customers?"},
      {"[service]\ntmie = 5s\n", "x.ini:2: service.tmie = 5s: unknown key; did you mean service.time?"},
      {"frobnicate = on\n", "x.ini:1: frobnicate = on: unknown key"},
      {"customers = 5\ncustomers = 6\n", "x.ini:2: customers = 6: given already in line 1"},
      {"service.time = 5s\n[service]\ntime = 5s\n", "x.ini:3: service.time = 5s: given already in line 1"},
      {"help = on\n", "x.ini:1: help = on: expected on the command line only"},
      {"config = y.ini\n", "x.ini:1: config = y.ini: expected on the command line only"},
      {"check-determinism = on\n", "x.ini:1: check-determinism = on: expected on the command line only"},
  });
}

TEST_CASE("a wrong value in an INI file is refused with file, line, key and what was expected", "[input]") {
  check_ini({
      {"customers = 0\n", "x.ini:1: customers = 0: " + any_customers},
      {"customers = -1\n", "x.ini:1: customers = -1: " + any_customers},
      {"customers = nan\n", "x.ini:1: customers = nan: " + any_customers},
      {"customers =\n", "x.ini:1: customers = \"\": " + any_customers},
      {"customers = 5 # five\n", "x.ini:1: customers = 5 # five: " + any_customers},
      {"customers = \xff\xfe\n", "x.ini:1: customers = \\xff\\xfe: " + any_customers},
      {"discount = 1e999\n", "x.ini:1: discount = 1e999: expected a number from 0 to 1 (ratio)"},
      {"seed = -1\n", "x.ini:1: seed = -1: expected a whole number from 0 to 18446744073709551615"},
      {"quiet = yes\n", "x.ini:1: quiet = yes: expected on or off"},
      {"motto = a\0b\n"s, "x.ini:1: motto = a\\x00b: expected a text without control characters"},
      {"[service]\ntime = exponential(x)\n",
       "x.ini:2: service.time = exponential(x): column 13: expected a duration such as 250ms, found \"x\""},
      {"out = x.ini/below\n", "x.ini: out = x.ini/below: x.ini/below/toy_shop: cannot be written: Not a directory"},
      {"log = x.ini/below\n", "x.ini: log = x.ini/below: cannot be written: Not a directory"},
  });
  const toy::WorkingFolder here;
  toy::write_file("x.ini", "scenario = dya\n");
  CHECK(toy::call(toy::shop(), {"--config", "x.ini"}) ==
        toy::refusal("x.ini: scenario = dya: unknown scenario dya; did you mean day?"));
}

TEST_CASE("an INI file that is empty or huge is refused", "[input]") {
  const std::string huge(5'000'000, 'x');
  const std::string begin(60, 'x');
  std::string many_lines;
  for (int line = 0; line < 1'000'000; ++line) {
    many_lines += "# a line of a comment\n";
  }
  check_ini({
      {"", "x.ini: is empty: expected lines of key = value"},
      {" \n\t\r\n", "x.ini: is empty: expected lines of key = value"},
      {byte_order_mark, "x.ini: is empty: expected lines of key = value"},
      {huge, "x.ini:1: " + begin + "… (5000000 bytes): expected key = value"},
      {"motto = " + huge, "x.ini:1: motto = " + begin + "… (5000000 bytes): expected at most 65536 bytes"},
      {huge + " = 5", "x.ini:1: " + begin + "… (5000000 bytes) = 5: unknown key"},
      {"[" + huge + "]\n= 5", "x.ini:2: = 5: expected key = value"},
      {many_lines, "x.ini: is too large: expected at most 16 MB"},
  });
}

TEST_CASE("comments, blanks, sections, CRLF and a byte order mark are fine in an INI file", "[input]") {
  CHECK(parameter_with("# only a comment\n", "customers") == "100");
  CHECK(parameter_with(byte_order_mark + "customers=5\r\n", "customers") == "5");
  CHECK(parameter_with("; first\n\n  customers =   6  ", "customers") == "6");
  CHECK(parameter_with("[service]\r\ntime = 5s\r\n", "service.time") == "constant(5s)");
  CHECK(parameter_with("motto = a = b # c ; d\n", "motto") == "a = b # c ; d");
}

TEST_CASE("the command line wins over the INI file, and the INI file over the default", "[input]") {
  const toy::WorkingFolder here;
  toy::write_file("x.ini", "customers = 5\ndiscount = 0.25\nseed = 9\nformat = json\nscenario = nobody\n");
  const toy::Call call = toy::call(toy::shop(), {"--config", "x.ini", "--customers", "7"});
  const auto report = nlohmann::json::parse(call.out);
  CHECK(report.at("parameters").at("customers") == "7");
  CHECK(report.at("parameters").at("discount") == "0.25");
  CHECK(report.at("parameters").at("music") == "off");
  CHECK(report.at("seed") == 9);
}

TEST_CASE("a trace of arrivals without a header, a column or a row is refused", "[input]") {
  check_arrivals({
      {"", "a.csv: is empty: expected a header with the names of the columns"},
      {byte_order_mark, "a.csv: is empty: expected a header with the names of the columns"},
      {"\n\n", "a.csv: is empty: expected a header with the names of the columns"},
      {"at,items\n", "a.csv: has no arrivals: expected a row for each"},
      {"when,items\n1,2\n", "a.csv: column at is missing: the header has when, items"},
      {"at,item\n1,2\n", "a.csv: column items is missing: the header has at, item; did you mean item?"},
      {"at,at,items\n1,1,2\n", "a.csv:1: the header names column at twice"},
  });
}

TEST_CASE("a first row of values is no header, and what the header should be is said", "[input]") {
  const std::string expected = ": expected a header that names the columns, such as at,items";
  check_arrivals({
      {"1,2\n3,4\n", "a.csv:1: 1,2" + expected},
      {"1,1\n3,4\n", "a.csv:1: 1,1" + expected},
      {"\n0.4,2\n3,4\n", "a.csv:2: 0.4,2" + expected},
      {"2023-11-16 18:17:03.98,2\n", "a.csv:1: 2023-11-16 18:17:03.98,2" + expected},
      {"250ms,2\n300ms,4\n", "a.csv:1: 250ms,2" + expected},
      {"1,,2\n3,,4\n", "a.csv:1: 1,,2" + expected},
      {"at,2\n3,4\n", "a.csv:1: at,2" + expected},
  });
}

TEST_CASE("a first row of values is no header even if the column asked for has the name of a value", "[input]") {
  const toy::WorkingFolder here;
  toy::write_file("s.csv", "0.4\n0.5\n");
  CHECK(toy::call(toy::shop(), {"--scenario", "day", "--service.time", "empirical(s.csv, 0.4)"}) ==
        toy::refusal("--service.time empirical(s.csv, 0.4): column 11: s.csv:1: 0.4: expected a header that names the "
                     "columns, such as 0.4"));
}

TEST_CASE("line ends, separators and encodings that are not CSV as it is read here are called by their names",
          "[input]") {
  check_arrivals({
      {"at,items\r1,2\r2,3\r", "a.csv:1: line ends are CR: expected LF or CRLF"},
      {"at,items\n1,2\r2,3\r", "a.csv:2: line ends are CR: expected LF or CRLF"},
      {"at;items\n1;2\n", "a.csv:1: the fields are separated by semicolons: expected commas"},
      {"items;at\n1;2,5\n", "a.csv:1: the fields are separated by semicolons: expected commas"},
      {"at\titems\n1\t2\n", "a.csv:1: the fields are separated by tabs: expected commas"},
      {"at|items\n1|2\n", "a.csv:1: the fields are separated by bars: expected commas"},
      {"\xFF\xFE"
       "a\0t\0"s,
       "a.csv:1: is text in UTF-16: expected UTF-8"},
      {"\xFE\xFF\0a\0t"s, "a.csv:1: is text in UTF-16: expected UTF-8"},
  });
}

TEST_CASE("times that can only be milliseconds, microseconds or nanoseconds since 1970 are called so", "[input]") {
  const std::string looks = any_time + "; this looks like ";
  check_arrivals({
      {"at,items\n1671829514123,1\n",
       "a.csv:2: column 1 (at): 1671829514123: " + looks + "milliseconds since 1970, 1671829514.123 in seconds"},
      {"at,items\n1671829514123456,1\n",
       "a.csv:2: column 1 (at): 1671829514123456: " + looks + "microseconds since 1970, 1671829514.123 in seconds"},
      {"at,items\n1671829514123456789,1\n",
       "a.csv:2: column 1 (at): 1671829514123456789: " + looks + "nanoseconds since 1970, 1671829514.123 in seconds"},
      {"at,items\n12.5,1\n2023-11-16 18:17:03,1\n",
       "a.csv:3: column 1 (at): 2023-11-16 18:17:03: expected seconds as in the rows above"},
      {"at,items\n2023-11-16 18:17:03,1\n12.5,1\n",
       "a.csv:3: column 1 (at): 12.5: expected a date and time as in the rows above"},
      {"at,items\n2024-05-10 00:00:00+25:00,1\n", "a.csv:2: column 1 (at): 2024-05-10 00:00:00+25:00: " + any_time},
  });
}

TEST_CASE("a header of as many columns as there may be is read at once, one of more is refused", "[input]") {
  std::string names;
  std::string values;
  for (int column = 0; column < 16'382; ++column) {
    names += "column_" + std::to_string(column) + ",";
    values += "0,";
  }
  CHECK(arrivals_with(names + "at,items\n" + values + "1,2\n") == 1);
  check_arrivals({{names + "at,items,last\n", "a.csv:1: has 16385 columns: expected at most 16384"}});
  std::string many;
  for (int column = 0; column < 200'000; ++column) {
    many += "column_" + std::to_string(column) + ",";
  }
  check_arrivals({{many + "at,items\n", "a.csv:1: has 200002 columns: expected at most 16384"}});
}

TEST_CASE("a wrong cell of a trace of arrivals is refused with line and column", "[input]") {
  check_arrivals({
      {"at,items\n1,x\n", "a.csv:2: column 2 (items): x: " + any_count},
      {"at,items\n1,2\n2,-2\n", "a.csv:3: column 2 (items): -2: " + any_count},
      {"items,at\n2.5,1\n", "a.csv:2: column 1 (items): 2.5: " + any_count},
      {"at,items\n1,nan\n", "a.csv:2: column 2 (items): nan: " + any_count},
      {"at,items\n1,9223372036854775808\n", "a.csv:2: column 2 (items): 9223372036854775808: " + any_count},
      {"at,items\n1,\xff\xfe\n", "a.csv:2: column 2 (items): \\xff\\xfe: " + any_count},
      {"at,items\n,2\n", "a.csv:2: column 1 (at): \"\": " + any_time},
      {"at,items\n-1,2\n", "a.csv:2: column 1 (at): -1: " + any_time},
      {"at,items\nnan,2\n", "a.csv:2: column 1 (at): nan: " + any_time},
      {"at,items\ninf,2\n", "a.csv:2: column 1 (at): inf: " + any_time},
      {"at,items\n1e999,2\n", "a.csv:2: column 1 (at): 1e999: " + any_time},
      {"at,items\n99999999999999999999,2\n", "a.csv:2: column 1 (at): 99999999999999999999: " + any_time},
      {"at,items\n2023-02-29 00:00:00,1\n", "a.csv:2: column 1 (at): 2023-02-29 00:00:00: " + any_time},
      {"at,items\n2,1\n1.5,1\n", "a.csv:3: column 1 (at): 1.5: expected a time not before that of the row above, 2"},
  });
}

TEST_CASE("a trace of arrivals that was cut off or is no text is refused", "[input]") {
  const std::string huge(5'000'000, '7');
  const std::string begin(60, '7');
  const std::string longer_begin(500, '7');
  check_arrivals({
      {"at,items\n1,2\n3", "a.csv:3: has 1 field: expected 2 as in the header"},
      {"at,items\n1,2,3\n", "a.csv:2: has 3 fields: expected 2 as in the header"},
      {"at,items\n1,\"2\n2,3\n", "a.csv:2: a quoted field does not end on its line: expected a closing \""},
      {"at,items\n1,2\n2,\0\n"s, "a.csv:3: holds a NUL byte: expected text"},
      {"\x1f\x8b\x08\0\0"s, "a.csv:1: holds a NUL byte: expected text"},
      {"at,items\n1," + huge + "\n", "a.csv:2: column 2 (items): " + begin + "… (5000000 bytes): " + any_count},
      {"at,items\n1," + huge + huge + huge + huge + "\n", "a.csv:2: the line is too long: expected less than 16 MB"},
      {huge + ",items\n1,2\n", "a.csv: column at is missing: the header has " + longer_begin + "… (5000007 bytes)"},
  });
}

TEST_CASE("a file without end, or above its limit, is refused before it is read to its end", "[input]") {
  const toy::WorkingFolder here;
  toy::write_file("sparse", "at,items\n1,2\n");
  std::filesystem::resize_file("sparse", 1'000'000'001);
  const auto with = [](const std::string& flag, const std::string& file) {
    return toy::call(toy::shop(), {"--scenario", "day", flag, file});
  };
  CHECK(with("--arrivals", "sparse") == toy::refusal("sparse: is too large: expected at most 1000 MB"));
  CHECK(with("--targets", "sparse") == toy::refusal("sparse: is too large: expected at most 16 MB"));
  CHECK(with("--config", "sparse") == toy::refusal("sparse: is too large: expected at most 16 MB"));
  CHECK(with("--config", "/dev/zero") == toy::refusal("/dev/zero: is too large: expected at most 16 MB"));
  CHECK(with("--arrivals", "/dev/zero") == toy::refusal("/dev/zero:1: holds a NUL byte: expected text"));
  CHECK(toy::files_here() == std::vector{"sparse"s});
}

TEST_CASE("a wrong file of samples is refused with the column of the distribution and its own line", "[input]") {
  const toy::WorkingFolder here;
  const auto error_of = [](const std::string& csv) {
    toy::write_file("s.csv", csv);
    return toy::call(toy::shop(), {"--scenario", "day", "--service.time", "empirical(s.csv, time)"});
  };
  const auto refusal = [](const std::string& line) {
    return toy::refusal("--service.time empirical(s.csv, time): column 11: " + line);
  };
  const std::string any_sample = "expected a duration such as 250ms, or seconds from 0 to 1000000000";
  CHECK(error_of("") == refusal("s.csv: is empty: expected a header with the names of the columns"));
  CHECK(error_of("time\n") == refusal("s.csv: has no samples: expected a row for each"));
  CHECK(error_of("tmie\n1\n") == refusal("s.csv: column time is missing: the header has tmie; did you mean tmie?"));
  CHECK(error_of("time\n1\n-1\n") == refusal("s.csv:3: column 1 (time): -1: " + any_sample));
  CHECK(error_of("time\nnan\n") == refusal("s.csv:2: column 1 (time): nan: " + any_sample));
  CHECK(error_of("time\n1e10\n") == refusal("s.csv:2: column 1 (time): 1e10: " + any_sample));
  CHECK(error_of("time\n5 parsec\n") == refusal("s.csv:2: column 1 (time): 5 parsec: " + any_sample));
  CHECK(toy::files_here() == std::vector{"s.csv"s});
  CHECK(error_of("time\n0.5\n250ms\n").status == 1);
}

TEST_CASE("quotes, CRLF, empty lines, a byte order mark and a missing last line end are fine in a trace", "[input]") {
  CHECK(arrivals_with("at,items\r\n1,2\r\n2,3\r\n") == 2);
  CHECK(arrivals_with(byte_order_mark + "at,items\n1,2\n") == 1);
  CHECK(arrivals_with("\"at\",\"items\"\n\n\"1\", 2 \n\n1,3") == 2);
  CHECK(arrivals_with("user,items,at\nann,1,2023-11-16T18:17:03.98Z\nbob,1,2023-11-16 18:17:03.9800001\n") == 2);
  CHECK(arrivals_with("at,items\n2024-05-10 00:00:00.009930+00:00,1\n2024-05-10 01:00:00.017335+01:00,2\n") == 2);
  CHECK(arrivals_with("at,items\n1e-05,1\n0.30000000000000004,2\n") == 2);
}

TEST_CASE("a table of targets without a header, a column, a row or a target of the experiment is refused", "[input]") {
  check_targets({
      {"", "t.csv: is empty: expected a header with the names of the columns"},
      {header, "t.csv: has no targets: expected a row for each"},
      {header + "toy_shpo,day,served,count,==,100,,,\n", "t.csv: has targets for toy_shpo: expected some for toy_shop"},
      {header + "b,day,x,s,<,1,,,\na,day,x,s,<,1,,,\n", "t.csv: has targets for a, b: expected some for toy_shop"},
      {"experiment,scenario,metric,op,target,critical,source,definition\n",
       "t.csv: column unit is missing: the header has experiment, scenario, metric, op, target, critical, source, "
       "definition"},
  });
}

TEST_CASE("a wrong target is refused with file and line", "[input]") {
  check_targets({
      {header + "toy_shop,dya,served,count,==,100,,,\n", "t.csv:2: unknown scenario dya; did you mean day?"},
      {header + "toy_shop,day,served,count,=,100,,,\n", "t.csv:2: column 5 (op): =: expected <, <=, >, >= or =="},
      {header + "toy_shop,day,served,count,==,1x0,,,\n", "t.csv:2: column 6 (target): 1x0: expected a finite number"},
      {header + "toy_shop,day,served,count,==,nan,,,\n", "t.csv:2: column 6 (target): nan: expected a finite number"},
      {header + "toy_shop,day,served,count,==,1e999,,,\n",
       "t.csv:2: column 6 (target): 1e999: expected a finite number"},
      {header + "toy_shop,day,served,count,==,,,,\n", "t.csv:2: column 6 (target): \"\": expected a finite number"},
      {header + "toy_shop,day,served,count,>,5,inf,,\n", "t.csv:2: column 7 (critical): inf: expected a finite number"},
      {header + "toy_shop,day,served,count,<,5,4,,\n",
       "t.csv:2: column 7 (critical): 4: expected a bound that is weaker than the target < 5"},
      {header + "toy_shop,day,served,count,==,5,4,,\n",
       "t.csv:2: column 7 (critical): 4: expected nothing, as no bound is weaker than =="},
      {header + "toy_shop,day,,count,==,100,,,\n", "t.csv:2: column 3 (metric): \"\": expected the name of a metric"},
      {header + "toy_shop,day,served,count\n", "t.csv:2: has 4 fields: expected 9 as in the header"},
      {header + "toy_shop,day,served,count,==,100,,,\ntoy_shop,day,served,count,==,101,,,\n",
       "t.csv:3: target toy_shop,day,served,==: given already in t.csv:2"},
  });
}

TEST_CASE("a target whose metric the run does not produce in its unit is refused, and no results are written",
          "[input]") {
  check_targets({
      {header + "toy_shop,day,severd,count,==,100,,,\n",
       "t.csv:2: scenario day reports no metric severd; did you mean served?"},
      {header + "toy_shop,day,served,s,==,100,,,\n",
       "t.csv:2: metric served of scenario day is in count: expected a target in that unit, not in s"},
  });
}
