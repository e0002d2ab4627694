#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libsim/harness/cli/build_info.hpp"
#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_shop.hpp"

using Arguments = std::vector<std::string>;
using nlohmann::json;

namespace {

const Arguments day{"--scenario", "day", "--customers", "5", "--seed", "7"};

Arguments with(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

/// Runs and returns the folders of results in `out`, in order.
std::vector<std::string> folders_after(const Arguments& arguments, const std::string& out = "results") {
  const toy::Call call = toy::call(toy::shop(), arguments);
  REQUIRE(call.err.empty());
  std::vector<std::string> folders;
  for (const auto& entry : std::filesystem::directory_iterator(out + "/toy_shop")) {
    folders.push_back(entry.path().filename());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

json manifest_of(const std::string& folder) {
  return json::parse(toy::read_file("results/toy_shop/" + folder + "/manifest.json"));
}

std::vector<std::vector<std::string>> table_of(const std::string& folder, const std::string& file) {
  return toy::parse_csv(toy::read_file("results/toy_shop/" + folder + "/" + file));
}

const Arguments four_files{"manifest.json", "metrics.csv", "series.csv", "targets.csv"};

}  // namespace

TEST_CASE("a scenario leaves exactly four files in a folder named after it, its seed and its configuration",
          "[results]") {
  const toy::WorkingFolder here;
  const auto folders = folders_after(day);
  REQUIRE(folders.size() == 1);
  const std::string hash = manifest_of(folders[0]).at("config_hash");
  CHECK(hash.size() == 32);
  CHECK(folders[0] == "day-seed7-" + hash.substr(0, 8));

  const std::string folder = "results/toy_shop/" + folders[0];
  CHECK(toy::files_here() == Arguments{"results", "results/toy_shop", folder, folder + "/manifest.json",
                                       folder + "/metrics.csv", folder + "/series.csv", folder + "/targets.csv"});
}

TEST_CASE("the flag --out names another folder, which is made with its parents", "[results]") {
  const toy::WorkingFolder here;
  CHECK(folders_after(with(day, {"--out", "a/b c"}), "a/b c").size() == 1);
  CHECK_FALSE(std::filesystem::exists("results"));
}

TEST_CASE("each scenario of a run has a folder of its own", "[results]") {
  const toy::WorkingFolder here;
  // `question` ends the run, so that `broken` and `nobody`, which come after it, do not run.
  CHECK(toy::call(toy::shop(), {"--scenario", "all"}).status == 3);
  CHECK(toy::call(toy::shop(), {"--scenario", "nobody"}).status == 0);
  Arguments names;
  for (const auto& entry : std::filesystem::directory_iterator("results/toy_shop")) {
    const std::string name = entry.path().filename();
    names.push_back(name.substr(0, name.rfind('-')));
  }
  std::sort(names.begin(), names.end());
  CHECK(names == Arguments{"day-seed1", "nobody-seed1", "two_days-seed1"});
}

TEST_CASE("the same command replaces its own folder and changes nothing but the wall section", "[results]") {
  const toy::WorkingFolder here;
  const auto folders = folders_after(day);
  const std::string folder = "results/toy_shop/" + folders.at(0);
  std::vector<std::string> contents;
  for (const auto& file : four_files) {
    contents.push_back(toy::read_file(folder + "/" + file));
  }
  toy::write_file(folder + "/stale", "of an older run");

  CHECK(folders_after(day) == folders);
  CHECK_FALSE(std::filesystem::exists(folder + "/stale"));
  for (std::size_t index = 1; index < four_files.size(); ++index) {
    CHECK(toy::read_file(folder + "/" + four_files[index]) == contents[index]);
  }
  json before = json::parse(contents[0]);
  json after = manifest_of(folders[0]);
  CHECK(before.erase("wall") == 1);
  CHECK(after.erase("wall") == 1);
  CHECK(before == after);
}

TEST_CASE("another seed, parameter, number of replications or input has another folder", "[results]") {
  const toy::WorkingFolder here;
  toy::write_file("a.csv", "at,items\n1,2\n");
  toy::write_file("b.csv", "at,items\n1,3\n");
  CHECK(folders_after(day).size() == 1);
  CHECK(folders_after({"--scenario", "day", "--customers", "5", "--seed", "8"}).size() == 2);
  CHECK(folders_after({"--scenario", "day", "--customers", "6", "--seed", "7"}).size() == 3);
  CHECK(folders_after(with(day, {"--motto", "first"})).size() == 4);
  CHECK(folders_after(with(day, {"--replications", "2"})).size() == 5);
  CHECK(folders_after(with(day, {"--arrivals", "a.csv"})).size() == 6);
  CHECK(folders_after(with(day, {"--arrivals", "b.csv"})).size() == 7);
  toy::write_file("f.csv", "until\n0\n60\n");
  CHECK(folders_after(with(day, {"--faults", "f.csv"})).size() == 8);
}

TEST_CASE("whatever changes what the results say has another folder", "[results]") {
  const toy::WorkingFolder here;
  const std::string header = "experiment,scenario,metric,unit,op,target,critical,source,definition\n";
  toy::write_file("a.csv", header + "toy_shop,day,served,count,>,1,,,\n");
  toy::write_file("b.csv", header + "toy_shop,day,served,count,>,2,,,\n");
  const auto several = with(day, {"--replications", "10", "--precision", "0.9", "--replications-max", "10"});
  CHECK(folders_after(day).size() == 1);
  CHECK(folders_after(with(day, {"--targets", "a.csv"})).size() == 2);
  CHECK(folders_after(with(day, {"--targets", "b.csv"})).size() == 3);
  CHECK(folders_after(with(day, {"--confidence", "0.9"})).size() == 4);
  CHECK(folders_after(with(day, {"--fingerprint", "payload"})).size() == 5);
  CHECK(folders_after(several).size() == 6);
  CHECK(folders_after(with(several, {"--metric", "served"})).size() == 7);
  CHECK(folders_after(with(several, {"--metric", "served", "--metric", "time_in_shop_mean"})).size() == 8);
}

TEST_CASE("the contents of two files that change places are another configuration", "[results]") {
  const toy::WorkingFolder here;
  const Arguments both =
      with(day, {"--arrival.time_between", "empirical(a.csv, s)", "--service.time", "empirical(b.csv, s)"});
  toy::write_file("a.csv", "s\n1\n2\n");
  toy::write_file("b.csv", "s\n3\n4\n");
  CHECK(folders_after(both).size() == 1);
  std::filesystem::rename("a.csv", "c.csv");
  std::filesystem::rename("b.csv", "a.csv");
  std::filesystem::rename("c.csv", "b.csv");
  CHECK(folders_after(both).size() == 2);
}

TEST_CASE("a folder that other settings made keeps its results, and the name of the new one is longer", "[results]") {
  const toy::WorkingFolder here;
  const std::string folder = "results/toy_shop/" + folders_after(day).at(0);
  const std::string hash = manifest_of(folders_after(day).at(0)).at("config_hash");
  // As if the first eight digits of two hashes were the same.
  const std::string other = hash.substr(0, 8) + "000000000000000000000000";
  toy::write_file(folder + "/manifest.json", "{\"config_hash\": \"" + other + "\"}");
  toy::write_file(folder + "/metrics.csv", "of the other");

  CHECK(folders_after(day) == Arguments{"day-seed7-" + hash.substr(0, 8), "day-seed7-" + hash.substr(0, 16)});
  CHECK(toy::read_file(folder + "/metrics.csv") == "of the other");
  CHECK(folders_after(day).size() == 2);
}

TEST_CASE("a folder without a manifest is not taken over", "[results]") {
  const toy::WorkingFolder here;
  const std::string folder = "results/toy_shop/" + folders_after(day).at(0);
  std::filesystem::remove(folder + "/manifest.json");
  toy::write_file(folder + "/notes.txt", "by hand");
  CHECK(folders_after(day).size() == 2);
  CHECK(toy::read_file(folder + "/notes.txt") == "by hand");
}

TEST_CASE("the way in which the same configuration is given makes no difference to its folder", "[results]") {
  const toy::WorkingFolder here;
  toy::write_file("x.ini", "customers = 5\nseed = 7\nscenario = day\n");
  toy::write_file("a.csv", "at,items\n1,2\n");
  toy::write_file("copy.csv", "at,items\n1,2\n");
  const auto folders = folders_after(day);
  CHECK(folders_after({"--config", "x.ini"}) == folders);
  CHECK(folders_after(with(day, {"--discount", "0.10", "--music=off"})) == folders);
  CHECK(folders_after(with(day, {"--quiet", "--strict", "--format", "json", "--replications", "1"})) == folders);
  const auto with_arrivals = folders_after(with(day, {"--arrivals", "a.csv"}));
  CHECK(with_arrivals.size() == 2);
  CHECK(folders_after(with(day, {"--arrivals", "copy.csv"})) == with_arrivals);
}

TEST_CASE("a file of faults acts on the run, and stands in the manifest with its hash", "[results]") {
  const toy::WorkingFolder here;
  toy::write_file("strike.csv", "until\n0\n3600\n");
  const auto before = folders_after(day);
  CHECK(manifest_of(before.at(0)).at("faults").is_null());
  for (const auto& folder : folders_after(with(day, {"--faults", "strike.csv"}))) {
    if (folder != before.at(0)) {
      const json manifest = manifest_of(folder);
      CHECK(manifest.at("faults") == "strike.csv");
      CHECK(manifest.at("input_hashes").at("strike.csv").get<std::string>().size() == 32);
      CHECK(manifest.at("virtual_time_s") > 3600);
      CHECK(manifest_of(before.at(0)).at("virtual_time_s") < 3600);
    }
  }
}

TEST_CASE("the manifest tells all that is needed to repeat the run", "[results]") {
  const toy::WorkingFolder here;
  toy::write_file("my arrivals.csv", "at,items\n1,2\n");
  const json manifest = manifest_of(folders_after(with(day, {"--arrivals", "my arrivals.csv"})).at(0));

  CHECK(manifest.at("experiment") == "toy_shop");
  CHECK(manifest.at("scenario") == "day");
  CHECK(manifest.at("version") == std::string(sim::harness::version()));
  CHECK(manifest.at("compiler") == sim::harness::compiler());
  CHECK(manifest.at("command_line") == "toy --scenario day --customers 5 --seed 7 --arrivals 'my arrivals.csv'");
  CHECK(manifest.at("seed") == 7);
  CHECK(manifest.at("replications") == 1);
  CHECK(manifest.at("fingerprint_of") == "names");
  CHECK(manifest.at("targets") == "toy_shop (built in)");
  CHECK(manifest.at("arrivals") == "my arrivals.csv");
  CHECK(manifest.at("input_hashes").at("my arrivals.csv").get<std::string>().size() == 32);
  // The door's sleep and Start, then for each customer a sleep, an arrival and a service.
  CHECK(manifest.at("events") == 2 + 3 * 5);
  CHECK(manifest.at("fingerprint").get<std::string>().size() == 16);
  CHECK(manifest.at("verdicts").at("missed") == 1);
  CHECK(manifest.at("wall").at("elapsed_s") >= 0.0);
}

TEST_CASE("the manifest has each parameter with its value, default and unit", "[results]") {
  const toy::WorkingFolder here;
  const json manifest = manifest_of(folders_after(with(day, {"--service.time", "uniform(1ms,2ms)"})).at(0));
  const auto parameter = [](const char* name, const char* value, const char* unit, const char* standard) {
    return json{{"name", name}, {"value", value}, {"unit", unit}, {"default", standard}};
  };
  CHECK(manifest.at("parameters") == json::array({
                                         parameter("customers", "5", "customers", "100"),
                                         parameter("arrival.time_between", "exponential(1s)", "", "exponential(1s)"),
                                         parameter("service.time", "uniform(1ms, 2ms)", "", "exponential(500ms)"),
                                         parameter("opening.delay", "0s", "", "0s"),
                                         parameter("discount", "0.1", "ratio", "0.1"),
                                         parameter("music", "off", "", "off"),
                                         parameter("discipline", "first_come", "", "first_come"),
                                         parameter("motto", "customers first", "", "customers first"),
                                     }));
}

TEST_CASE("metrics.csv has what the scenario reported, then what its actors measured", "[results]") {
  const toy::WorkingFolder here;
  const auto rows = table_of(folders_after(day).at(0), "metrics.csv");
  CHECK(rows.at(0) ==
        Arguments{"simulation", "metric", "statistic", "unit", "value", "half_width", "samples", "replications"});
  CHECK(rows.at(1) == Arguments{"", "served", "reported", "count", "5", "", "5", "1"});
  CHECK(rows.at(2).at(1) == "time_in_shop_mean");
  CHECK(std::stod(rows.at(2).at(4)) > 0.0);
  const auto measured = std::find_if(rows.begin(), rows.end(), [](const auto& row) {
    return row.at(0) == "main" && row.at(1) == "time_in_shop_s" && row.at(2) == "mean";
  });
  REQUIRE(measured != rows.end());
  CHECK(measured->at(4) == rows.at(2).at(4));
  for (const auto& row : rows) {
    CHECK(row.size() == 8);
  }
}

TEST_CASE("targets.csv has each target of the scenario with value and verdict", "[results]") {
  const toy::WorkingFolder here;
  const auto rows = table_of(folders_after(day).at(0), "targets.csv");
  REQUIRE(rows.size() == 4);
  CHECK(rows[0] == Arguments{"experiment", "scenario", "metric", "unit", "op", "target", "critical", "value",
                             "half_width", "samples", "verdict", "source", "definition"});
  CHECK(rows[1] == Arguments{"toy_shop", "day", "served", "count", "==", "100", "", "5", "", "5", "missed",
                             "a full day", "customers that left with what they came for"});
  CHECK(rows[2].back() == "arrival to departure, all customers");
}

TEST_CASE("series.csv has each sample of a curve in the order of time", "[results]") {
  const toy::WorkingFolder here;
  const auto rows = table_of(folders_after(day).at(0), "series.csv");
  REQUIRE(rows.size() == 1 + 5);
  CHECK(rows[0] == Arguments{"simulation", "metric", "actor", "time_s", "value"});
  for (std::size_t index = 1; index < rows.size(); ++index) {
    CHECK(rows[index].at(1) == "line_length_count");
    CHECK(rows[index].at(2) == "clerk");
    CHECK(std::stod(rows[index].at(3)) >= (index == 1 ? 0.0 : std::stod(rows[index - 1].at(3))));
  }
  CHECK(rows[1].at(4) == "1");
}

TEST_CASE("a failed run writes what ran to its end and leaves no temporary folder behind", "[results]") {
  const toy::WorkingFolder here;
  CHECK(toy::call(toy::shop(), {"--scenario", "question"}).status == 3);
  CHECK(toy::files_here().empty());
  CHECK(toy::call(toy::shop(), {"--scenario", "broken", "--service.time", "4s", "--out", "new/out"}).status == 3);
  CHECK(toy::files_here().empty());
  CHECK(folders_after(day).size() == 1);
  CHECK(toy::call(toy::shop(), {"--scenario", "question", "--seed", "7"}).status == 3);
  CHECK(toy::files_here().size() == 3 + four_files.size());
}

TEST_CASE("programs that run at the same time share a new folder for their results", "[results]") {
  const toy::WorkingFolder here;
  // Each makes the parents of its folder, and each tries first whether it may.
  std::string line;
  for (int seed = 1; seed <= 8; ++seed) {
    line += fmt::format("{} --scenario nobody --out new/out --quiet --seed {} & ", TOY_SHOP_PROGRAM, seed);
  }
  CHECK(toy::call_shell(line + "wait") == toy::Call{0, "", ""});
  const auto results = std::filesystem::directory_iterator("new/out/toy_shop");
  CHECK(std::distance(begin(results), end(results)) == 8);
}

TEST_CASE("programs that run the same at the same time all write its folder", "[results]") {
  const toy::WorkingFolder here;
  std::string line;
  for (int program = 1; program <= 8; ++program) {
    line += fmt::format("{} --scenario nobody --quiet & ", TOY_SHOP_PROGRAM);
  }
  CHECK(toy::call_shell(line + "wait") == toy::Call{0, "", ""});
  CHECK(toy::files_here().size() == 3 + four_files.size());
}

TEST_CASE("a file in the place of a folder for results is no folder to be replaced", "[results]") {
  const toy::WorkingFolder here;
  const std::string folder = "results/toy_shop/" + folders_after(day).at(0);
  std::filesystem::remove_all(folder);
  toy::write_file(folder, "something else");
  CHECK(toy::call(toy::shop(), day) == toy::refusal(folder + ": cannot be written: Not a directory"));
  CHECK(toy::read_file(folder) == "something else");
  CHECK(toy::files_here() == Arguments{"results", "results/toy_shop", folder});
}

TEST_CASE("listings, help and the check of determinism write nothing", "[results]") {
  const toy::WorkingFolder here;
  for (const auto* flag : {"--help", "--version", "--list-parameters", "--list-scenarios"}) {
    CHECK(toy::call(toy::shop(), {flag}).status == 0);
  }
  const sim::harness::Environment program{.program = "toy", .executable = TOY_SHOP_PROGRAM};
  CHECK(toy::call(toy::shop(), {"--scenario", "day", "--check-determinism"}, program).status == 0);
  CHECK(toy::files_here().empty());
}
