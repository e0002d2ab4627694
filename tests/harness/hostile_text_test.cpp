#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libsim/text/csv_file.hpp"
#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_shop.hpp"
#include "tests/hostile_text.hpp"

namespace {

using Arguments = std::vector<std::string>;

/// A way on which a stranger's text comes in: the command line, after files were written.
struct Way {
  std::string name;
  std::function<Arguments(const std::string& text)> arguments;
};

Way flag(const std::string& name, const std::string& before, const Arguments& more = {},
         const std::string& after = "") {
  return {name, [=](const std::string& text) {
            Arguments arguments{name, before + text + after};
            arguments.insert(arguments.end(), more.begin(), more.end());
            return arguments;
          }};
}

Way file(const std::string& name, const std::string& content, const Arguments& arguments) {
  return {name + ": " + content, [=](const std::string& text) {
            std::string filled = content;
            filled.replace(filled.find('@'), 1, text);
            toy::write_file(name, filled);
            return arguments;
          }};
}

const Arguments short_sweep{"--replications", "2", "--customers", "5"};

/// Every flag, and every field of a file, whose content a message or a result repeats.
std::vector<Way> ways() {
  const std::string targets_header = "experiment,scenario,metric,unit,op,target,critical,source,definition\n";
  std::vector<Way> all{
      {"word", [](const std::string& text) { return Arguments{text}; }},
      {"unknown flag", [](const std::string& text) { return Arguments{"--" + text}; }},
      {"unknown flag with a value", [](const std::string& text) { return Arguments{"--" + text + "=1"}; }},
      {"value of an unknown flag",
       [](const std::string& text) {
         return Arguments{"--nobody", text};
       }},
      {"value of a switch", [](const std::string& text) { return Arguments{"--quiet=" + text}; }},
      {"flag given twice",
       [](const std::string& text) {
         return Arguments{"--motto", text, "--motto", text};
       }},
      {"exit with 3",
       [](const std::string& text) {
         return Arguments{"--scenario", "broken", "--customers", "500", "--motto", text, "--out", "o" + text};
       }},
      {"determinism",
       [](const std::string& text) {
         return Arguments{"--check-determinism", "--customers", "5", "--motto", text};
       }},
  };
  for (const char* name : {"--scenario",
                           "--seed",
                           "--replications",
                           "--jobs",
                           "--config",
                           "--targets",
                           "--arrivals",
                           "--faults",
                           "--confidence",
                           "--precision",
                           "--replications-max",
                           "--metric",
                           "--sweep",
                           "--sample",
                           "--compare",
                           "--find-min",
                           "--find-max",
                           "--subject-to",
                           "--minimize",
                           "--pareto-against",
                           "--sensitivity",
                           "--format",
                           "--log",
                           "--log-filter",
                           "--fingerprint",
                           "--customers",
                           "--arrival.time_between",
                           "--opening.delay",
                           "--discount",
                           "--music",
                           "--discipline",
                           "--motto",
                           "--out"}) {
    all.push_back(flag(name, "", {"--customers", "5"}));
    all.back().name += " alone";
    if (std::string(name) == "--customers") {
      all.back() = flag(name, "");
    }
  }
  for (const char* format : {"table", "csv", "json"}) {
    all.push_back(flag("--motto", "", {"--customers", "5", "--format", format}));
    all.push_back(flag("--out", "o", {"--customers", "5", "--format", format}));
    all.push_back({"swept text", [=](const std::string& text) {
                     return Arguments{
                         "--sweep", "motto=a," + text, "--replications", "2", "--customers", "5", "--format", format};
                   }});
    all.push_back({"text that costs least", [=](const std::string& text) {
                     return Arguments{"--sweep", "motto=a," + text, "--minimize", "served",   "--replications",
                                      "2",       "--customers",     "5",          "--format", format};
                   }});
    all.push_back({"compared text", [=](const std::string& text) {
                     return Arguments{
                         "--compare", "motto=a," + text, "--replications", "2", "--customers", "5", "--format", format};
                   }});
  }
  all.push_back(flag("--sweep", "motto=a,a,", short_sweep));
  all.push_back({"value twice on an axis", [](const std::string& text) {
                   return Arguments{"--sweep", "motto=" + text + "," + text};
                 }});
  all.push_back(flag("--sweep", "", {}, "=1,2"));
  all.push_back(flag("--sweep", "customers=1,", short_sweep));
  all.push_back(flag("--sweep", "customers=1:", short_sweep));
  all.push_back(flag("--where", "", {"--sweep", "customers=1,2"}));
  all.push_back(flag("--where", "customers < ", {"--sweep", "customers=1,2"}));
  all.push_back(flag("--where", "customers < 1 ", {"--sweep", "customers=1,2"}));
  const Arguments search{"--find-min", "customers", "--sweep", "customers=1,2", "--replications", "2"};
  all.push_back(flag("--subject-to", "", search));
  all.push_back(flag("--subject-to", "", search, " < 1"));
  all.push_back(flag("--subject-to", "time_in_shop_mean < 1 ", search));
  all.push_back(flag("--subject-to", "time_in_shop_mean < ", search));
  all.push_back(flag("--baseline", "", {"--replications", "2"}));
  all.push_back(flag("--compare", "a.ini", {"b.ini"}));
  for (const char* content : {"@", "[@", "[@]\nx = 1", "@ = 5", "motto = @\nmotto = @", "customers = @", "scenario = @",
                              "targets = @", "customers = 5\nmotto = @", "service.time = @"}) {
    all.push_back(file("shop.ini", content, {"--config", "shop.ini"}));
  }
  for (const char* row :
       {"@,day,served,count,==,100,,,", "toy_shop,@,served,count,==,100,,,", "toy_shop,day,@,count,==,100,,,",
        "toy_shop,day,served,@,==,100,,,", "toy_shop,day,served,count,@,100,,,", "toy_shop,day,served,count,==,@,,,",
        "toy_shop,day,served,count,==,100,@,,", "toy_shop,day,served,count,<,1,,@,",
        "toy_shop,day,served,count,<,1,,,@", "toy_shop,day,served,count,<,1,,,,@"}) {
    all.push_back(file("targets.csv", targets_header + row + "\n", {"--targets", "targets.csv", "--customers", "5"}));
  }
  all.push_back(file("targets.csv", "experiment,@\nx,y\n", {"--targets", "targets.csv"}));
  for (const char* content : {"at,@\n1,2\n", "@,items\n1,2\n", "at,items\n@,2\n", "at,items\n1,@\n", "@"}) {
    all.push_back(file("arrivals.csv", content, {"--arrivals", "arrivals.csv", "--customers", "5"}));
  }
  for (const char* content : {"until\n@\n", "@\n1\n"}) {
    all.push_back(file("faults.csv", content, {"--faults", "faults.csv", "--customers", "5"}));
  }
  for (const char* content : {"service\n@\n", "@,b\n1,2\n"}) {
    all.push_back(file("times.csv", content, {"--service.time", "empirical(times.csv:service)", "--customers", "5"}));
  }
  all.push_back(flag("--service.time", "exponential(", {"--customers", "5"}, ")"));
  all.push_back(flag("--service.time", "", {"--customers", "5"}, "(1s)"));
  all.push_back(flag("--service.time", "empirical(", {"--customers", "5"}, ":x)"));
  return all;
}

std::string harm_of(const toy::Call& call) {
  const auto lines = toy::lines_of(call.err);
  if (call.status == 2 && (lines.size() != 1 || !call.out.empty())) {
    return "input is not refused with one line:\n" + call.err + call.out;
  }
  const auto harm = hostile::harm_in(call.out) + hostile::harm_in(call.err);
  return harm.empty() ? "" : harm + ", in\n" + call.out + call.err;
}

}  // namespace

TEST_CASE("no text from outside reaches the terminal as anything but printable text", "[text]") {
  const toy::WorkingFolder here;
  for (const auto& way : ways()) {
    for (const auto& [what, bytes] : hostile::texts()) {
      INFO(way.name << " with a " << what);
      const auto called = toy::call(toy::shop(), way.arguments(std::string(bytes)));
      CHECK(harm_of(called) == "");
    }
  }
}

TEST_CASE("a line break in a value does not make a line of its own", "[text]") {
  const toy::WorkingFolder here;
  for (const auto& way : ways()) {
    if (way.name.find(": ") == std::string::npos) {  // a line of a file cannot hold one
      INFO(way.name);
      const auto called = toy::call(toy::shop(), way.arguments("a\nfake: line"));
      CHECK(harm_of(called) == "");
      CHECK((called.out + called.err).find("\nfake: line") == std::string::npos);
    }
  }
}

TEST_CASE("the files of a run are printable text whatever is in its parameters", "[text]") {
  for (const auto& [what, bytes] : hostile::texts()) {
    const toy::WorkingFolder here;
    INFO(what);
    static_cast<void>(toy::call(toy::shop(), {"--customers", "5", "--motto", std::string(bytes)}));
    for (const auto& [name, content] : toy::contents_here()) {
      CHECK(hostile::harm_in(content) == "");
    }
  }
}

TEST_CASE("JSON of any text is valid and gives the text back", "[text]") {
  const toy::WorkingFolder here;
  const std::string motto = "é \xe2\x80\xae \xf3\xa0\x81\x81 \xe2\x80\x8b";
  const auto called = toy::call(toy::shop(), {"--customers", "5", "--motto", motto, "--format", "json"});
  CHECK(hostile::harm_in(called.out) == "");
  CHECK(nlohmann::json::parse(called.out).at("parameters").at("motto") == motto);
}

TEST_CASE("a field of CSV that a spreadsheet would compute gets a quote in front", "[text]") {
  using sim::csv_field;
  CHECK(csv_field("=cmd|' /C calc'!A0") == "'=cmd|' /C calc'!A0");
  CHECK(csv_field("=1+1,2") == "\"'=1+1,2\"");
  CHECK(csv_field("+1+1") == "'+1+1");
  CHECK(csv_field("-1-1") == "'-1-1");
  CHECK(csv_field("-") == "'-");
  CHECK(csv_field("@SUM(A1)") == "'@SUM(A1)");
  CHECK(csv_field("  =1") == "'  =1");
  CHECK(csv_field("＝1") == "'＝1");
  CHECK(csv_field("\t=1") == "'\\t=1");
  CHECK(csv_field("\r=1") == "'\\r=1");
}

TEST_CASE("numbers and plain text of CSV stay as they are", "[text]") {
  for (const char* field : {"-5", "+3", "-0.25", "+1e-9", "-1e+300", "", "a=b", "5-3", "<=", "'", "day"}) {
    CHECK(sim::csv_field(field) == field);
  }
  CHECK(sim::csv_row({"a,b", "c\"d", "e\nf", "-1"}) == "\"a,b\",\"c\"\"d\",e\\nf,-1\n");
}

TEST_CASE("no formula from a flag reaches a CSV output", "[text]") {
  const toy::WorkingFolder here;
  const std::string formula = "=cmd|'/C calc'!A0";
  const auto table = toy::call(toy::shop(), {"--customers", "5", "--motto", formula, "--format", "csv"});
  CHECK(toy::table_of(table.out).front().at("motto") == "'" + formula);
  const auto swept = toy::call(
      toy::shop(), {"--sweep", "motto=a," + formula, "--replications", "2", "--customers", "5", "--format", "csv"});
  CHECK(toy::table_of(swept.out).back().at("motto") == "'" + formula);
  for (const auto& [name, content] : toy::contents_here()) {
    if (name.ends_with(".csv")) {
      for (const auto& row : toy::parse_csv(content)) {
        CHECK(std::none_of(row.begin(), row.end(),
                           [](const std::string& cell) { return cell.starts_with("=") && cell != "=="; }));
      }
    }
  }
}
