#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_shop.hpp"

using Arguments = std::vector<std::string>;

namespace {

struct Refused {
  Arguments arguments;
  std::string line;
};

/// Each by itself: one line that names flag, value and what was expected, status 2, and nothing written.
void check_refused(const std::vector<Refused>& table) {
  const toy::WorkingFolder here;
  toy::write_file("plain", "");
  const auto files = toy::files_here();
  for (const auto& [arguments, line] : table) {
    CHECK(toy::call(toy::shop(), arguments) == toy::refusal(line));
    CHECK(toy::files_here() == files);
  }
}

const std::string any_seed = "a whole number from 0 to 18446744073709551615";
const std::string any_customers = "a whole number from 1 to 1000000 (customers)";
const std::string any_delay = "a duration from 0s to 1h, such as 250ms, 1.5s or 2h (ns, us, ms, s, min, h, d)";
const std::string any_law =
    "a duration such as 250ms or one of constant, uniform, exponential, lognormal, erlang, hyperexponential, weibull, "
    "pareto, gamma, normal, triangular, mixture, empirical";

}  // namespace

TEST_CASE("an unknown flag is refused with its value and the nearest known one", "[input]") {
  check_refused({
      {{"--costumers", "5"}, "--costumers 5: unknown flag; did you mean --customers?"},
      {{"--costumers=5", "--quiet"}, "--costumers=5: unknown flag; did you mean --customers?"},
      {{"--custom", "5"}, "--custom 5: unknown flag; did you mean --customers?"},
      {{"--service_time", "1s"}, "--service_time 1s: unknown flag; did you mean --service.time?"},
      {{"--time", "1s"}, "--time 1s: unknown flag; did you mean --service.time?"},
      {{"--serv.time", "1s"}, "--serv.time 1s: unknown flag; did you mean --service.time?"},
      {{"--frobnicate"}, "--frobnicate: unknown flag"},
      {{"--frobnicate", "a\nb"}, "--frobnicate a\\nb: unknown flag"},
      {{"--help", "--frobnicate"}, "--frobnicate: unknown flag"},
  });
}

TEST_CASE("whatever is no flag is refused", "[input]") {
  check_refused({
      {{"day"}, "day: expected a flag, which begins with --"},
      {{""}, "\"\": expected a flag, which begins with --"},
      {{"-h"}, "-h: expected a flag, which begins with --"},
      {{"-seed", "1"}, "-seed: expected a flag, which begins with --; did you mean --seed?"},
      {{"--"}, "--: expected a flag, which has a name behind the dashes"},
      {{"--quiet", "yes"}, "yes: expected a flag, which begins with --"},
      {{"--quiet=yes"}, "--quiet=yes: expected --quiet, a switch that takes no value"},
  });
}

TEST_CASE("a flag without value is refused with the value that it takes", "[input]") {
  check_refused({
      {{"--seed"}, "--seed: has no value: expected --seed N"},
      {{"--seed="}, "--seed: has no value: expected --seed N"},
      {{"--out", "--quiet"}, "--out: has no value, as --quiet is the next flag: expected --out DIR"},
      {{"--service.time"}, "--service.time: has no value: expected --service.time VALUE"},
      {{"--music"}, "--music: has no value: expected --music VALUE"},
  });
}

TEST_CASE("a flag that comes twice is refused with both values", "[input]") {
  check_refused({
      {{"--seed", "1", "--seed", "2"}, "--seed 2: given already, as --seed 1"},
      {{"--customers=5", "--customers", "5"}, "--customers 5: given already, as --customers 5"},
      {{"--quiet", "--quiet"}, "--quiet: given already, as --quiet"},
  });
}

TEST_CASE("a scenario that does not exist is refused with the nearest one", "[input]") {
  check_refused({
      {{"--scenario", "dya"}, "--scenario dya: unknown scenario dya; did you mean day?"},
      {{"--scenario", "zzzzzzzz"},
       "--scenario zzzzzzzz: unknown scenario zzzzzzzz; expected all, day, two_days, question, broken or nobody"},
      {{"--scenario", ""}, "--scenario \"\": expected a text without control characters, not empty"},
  });
}

TEST_CASE("a whole number is refused when it is negative, fractional, out of range or no number", "[input]") {
  check_refused({
      {{"--seed", "-1"}, "--seed -1: expected " + any_seed},
      {{"--seed", "nan"}, "--seed nan: expected " + any_seed},
      {{"--seed", "inf"}, "--seed inf: expected " + any_seed},
      {{"--seed", "18446744073709551616"}, "--seed 18446744073709551616: expected " + any_seed},
      {{"--seed", "99999999999999999999"}, "--seed 99999999999999999999: expected " + any_seed},
      {{"--seed", "0x10"}, "--seed 0x10: expected " + any_seed},
      {{"--seed", "+1"}, "--seed +1: expected " + any_seed},
      {{"--seed", ""}, "--seed \"\": expected " + any_seed},
      {{"--seed", " 1"}, "--seed \" 1\": expected " + any_seed},
      {{"--replications", "0"}, "--replications 0: expected a whole number from 1 to 1000000"},
      {{"--customers", "0"}, "--customers 0: expected " + any_customers},
      {{"--customers", "1000001"}, "--customers 1000001: expected " + any_customers},
      {{"--customers", "4294967297"}, "--customers 4294967297: expected " + any_customers},
      {{"--customers", "-5"}, "--customers -5: expected " + any_customers},
      {{"--customers", "1.5"}, "--customers 1.5: expected " + any_customers},
      {{"--customers", "1e3"}, "--customers 1e3: expected " + any_customers},
      {{"--customers", "5x"}, "--customers 5x: expected " + any_customers},
  });
}

TEST_CASE("a number is refused when it is out of range, not finite or no number", "[input]") {
  const std::string any_discount = "a number from 0 to 1 (ratio)";
  check_refused({
      {{"--discount", "-0.1"}, "--discount -0.1: expected " + any_discount},
      {{"--discount", "1.01"}, "--discount 1.01: expected " + any_discount},
      {{"--discount", "nan"}, "--discount nan: expected " + any_discount},
      {{"--discount", "-nan"}, "--discount -nan: expected " + any_discount},
      {{"--discount", "inf"}, "--discount inf: expected " + any_discount},
      {{"--discount", "1e999"}, "--discount 1e999: expected " + any_discount},
      {{"--discount", "0,5"}, "--discount 0,5: expected " + any_discount},
      {{"--discount", "half"}, "--discount half: expected " + any_discount},
  });
}

TEST_CASE("a duration is refused without unit, with a wrong one, negative, out of range or too long", "[input]") {
  check_refused({
      {{"--opening.delay", "5"}, "--opening.delay 5: expected " + any_delay},
      {{"--opening.delay", "2m"}, "--opening.delay 2m: expected " + any_delay},
      {{"--opening.delay", "5parsec"}, "--opening.delay 5parsec: expected " + any_delay},
      {{"--opening.delay", "5 S"}, "--opening.delay 5 S: expected " + any_delay},
      {{"--opening.delay", "-5s"}, "--opening.delay -5s: expected " + any_delay},
      {{"--opening.delay", "61min"}, "--opening.delay 61min: expected " + any_delay},
      {{"--opening.delay", "nans"}, "--opening.delay nans: expected " + any_delay},
      {{"--opening.delay", "1e3s"}, "--opening.delay 1e3s: expected " + any_delay},
      {{"--opening.delay", "99999999999999999999s"}, "--opening.delay 99999999999999999999s: expected " + any_delay},
  });
}

TEST_CASE("a distribution is refused with the column of the mistake", "[input]") {
  const auto line = [](const std::string& text, const std::string& what) {
    return Refused{{"--service.time", text}, "--service.time " + text + ": " + what};
  };
  check_refused({
      line("exponential(abc)", "column 13: expected a duration such as 250ms, found \"abc\""),
      line("exponential(0s)", "column 1: exponential: expected a mean above 0, found 0s"),
      line("expontial(1s)", "column 1: expected " + any_law + ", found \"expontial\""),
      line("uniform(1s, 2s", "column 15: expected \")\", found the end"),
      line("lognormal(p50=2s, p99=1s)", "column 1: lognormal: expected p50 below p99, found 2s and 1s"),
      line("exponential(1s) twice", "column 17: expected the end of the text, found \"twice\""),
      line("empirical(no.csv, time)", "column 11: no.csv: cannot be read: No such file or directory"),
      {{"--service.time", ""}, "--service.time \"\": column 1: expected " + any_law + ", found the end"},
  });
}

TEST_CASE("a choice, a switch and a text are refused with what may be written", "[input]") {
  check_refused({
      {{"--discipline", "fist_come"},
       "--discipline fist_come: expected first_come or last_come; did you mean first_come?"},
      {{"--discipline", "random"}, "--discipline random: expected first_come or last_come"},
      {{"--discipline", "0"}, "--discipline 0: expected first_come or last_come"},
      {{"--format", "xml"}, "--format xml: expected table, csv or json"},
      {{"--fingerprint", "payloads"}, "--fingerprint payloads: expected names or payload; did you mean payload?"},
      {{"--music", "yes"}, "--music yes: expected on or off"},
      {{"--music", "1"}, "--music 1: expected on or off"},
      {{"--motto", "two\nlines"}, "--motto two\\nlines: expected a text without control characters"},
      {{"--motto", "\x1b[31mred"}, "--motto \\x1b[31mred: expected a text without control characters"},
  });
}

TEST_CASE("values that contradict each other are refused by the experiment", "[input]") {
  check_refused({{{"--music", "on", "--discount", "0.6"}, "music = on: expected a discount of at most 0.5"}});
}

TEST_CASE("a flag that the experiment does not offer is unknown", "[input]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::address_order(), {"--arrivals", "trace.csv"});
  CHECK(call == toy::Call{2, "", "toy_address_order: --arrivals trace.csv: unknown flag\n"});
  CHECK(toy::call(toy::address_order(), {"--faults", "faults.csv"}) ==
        toy::Call{2, "", "toy_address_order: --faults faults.csv: unknown flag\n"});
}

TEST_CASE("a huge value is refused with its beginning and its size", "[input]") {
  std::string huge;
  huge.resize(10'000'000, '7');
  const std::string begin(60, '7');
  const std::string path_begin(400, '7');
  const std::string largest(65'536, '7');
  const std::string too_long = begin + "… (10000000 bytes): expected at most 65536 bytes";
  check_refused({
      {{"--seed", huge}, "--seed " + too_long},
      {{"--discount", huge}, "--discount " + too_long},
      {{"--opening.delay", huge}, "--opening.delay " + too_long},
      {{"--service.time", huge}, "--service.time " + too_long},
      {{"--motto", huge}, "--motto " + too_long},
      {{"--out", huge}, "--out " + too_long},
      {{"--seed", "1", "--motto=" + huge},
       "--motto=" + begin.substr(0, 52) + "… (10000008 bytes): expected at most 65536 bytes"},
      {{huge}, begin + "… (10000000 bytes): expected at most 65536 bytes"},
      {{"--" + huge, "5"}, "--" + begin.substr(0, 58) + "… (10000002 bytes): expected at most 65536 bytes"},
      // Just below the limit the value is read, and refused by what reads it.
      {{"--seed", largest}, "--seed " + begin + "… (65536 bytes): expected " + any_seed},
      {{"--scenario", largest},
       "--scenario " + path_begin + "… (65536 bytes): unknown scenario " + begin +
           "… (65536 bytes); expected all, day, two_days, question, broken or nobody"},
  });
}

TEST_CASE("a message stays one short line when a text inside it is huge", "[input]") {
  const std::string digits(60'000, '7');
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::shop(), {"--service.time", digits});
  CHECK(call.status == 2);
  CHECK(toy::lines_of(call.err).size() == 1);
  // The value takes 60 bytes, what the parser of distributions says 500, and a few words stand around them.
  CHECK(call.err.size() < 700);
}

TEST_CASE("a folder that cannot be written is refused before anything runs", "[input]") {
  const std::string name(300, 'x');
  check_refused({
      {{"--out", "plain"}, "--out plain: plain/toy_shop: cannot be written: Not a directory"},
      {{"--out", "plain/below"}, "--out plain/below: plain/below/toy_shop: cannot be written: Not a directory"},
      {{"--out", name}, "--out " + name + ": " + name + "/toy_shop: cannot be written: File name too long"},
      {{"--out", ""}, "--out \"\": expected a text without control characters, not empty"},
      {{"--log", "plain/log"}, "--log plain/log: cannot be written: Not a directory"},
      {{"--log", "missing/log"}, "--log missing/log: cannot be written: No such file or directory"},
      {{"--log", "."}, "--log .: cannot be written: Is a directory"},
  });
}
