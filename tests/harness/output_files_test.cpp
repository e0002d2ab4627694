#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include <filesystem>
#include <string>
#include <vector>

#include "libsim/harness/report/atomic_folder.hpp"
#include "libsim/harness/study/study_folder.hpp"
#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_law.hpp"
#include "tests/harness/toy_shop.hpp"

using Arguments = std::vector<std::string>;
using Catch::Matchers::Contains;
using sim::harness::replace_folder;

namespace {

namespace fs = std::filesystem;

const std::string shop = TOY_SHOP_PROGRAM;
const std::string header = "experiment,scenario,metric,unit,op,target,critical,source,definition\n";

void write_inputs() {
  toy::write_file("a.csv", "at,items\n1,2\n");
  toy::write_file("f.csv", "until\n0\n60\n");
  toy::write_file("t.csv", header + "toy_shop,day,served,count,>,1,,,\n");
  toy::write_file("x.ini", "customers = 5\n");
  toy::write_file("s.csv", "seconds\n1\n");
}

/// The files in a folder whose names begin with a dot.
std::vector<std::string> hidden_files(const std::string& folder) {
  std::vector<std::string> hidden;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename().string().starts_with('.')) {
      hidden.push_back(entry.path().filename());
    }
  }
  return hidden;
}

}  // namespace

TEST_CASE("a log that is an input under whatever name is refused, and the input stays as it is", "[output_files]") {
  const toy::WorkingFolder here;
  write_inputs();
  fs::create_symlink("f.csv", "link");
  fs::create_hard_link("f.csv", "second-name");
  fs::create_directory("below");
  const auto before = toy::contents_here();
  for (const std::string log : {"f.csv", "./f.csv", "below/../f.csv", "link", "second-name"}) {
    const toy::Call call = toy::call(toy::shop(), {"--scenario", "day", "--faults", "f.csv", "--log", log});
    CHECK(call == toy::refusal(fmt::format("--log {}: is the input f.csv: expected another file", log)));
  }
  for (const auto& [flag, file] : std::vector<std::pair<std::string, std::string>>{
           {"--arrivals", "a.csv"}, {"--targets", "t.csv"}, {"--config", "x.ini"}}) {
    const toy::Call call = toy::call(toy::shop(), {"--scenario", "day", flag, file, "--log", file});
    CHECK(call == toy::refusal(fmt::format("--log {}: is the input {}: expected another file", file, file)));
  }
  CHECK(toy::call(toy::shop(), {"--service.time", "empirical(s.csv, seconds)", "--log", "s.csv"}).status == 2);
  CHECK(toy::contents_here() == before);
}

TEST_CASE("a log among the results or in the store is refused", "[output_files]") {
  const toy::WorkingFolder here;
  toy::write_file("program", "any");
  const sim::harness::Environment environment{.program = "toy", .executable = "program"};
  const Arguments line{"--scenario", "line", "--replications", "3"};
  const auto with_log = [&](const std::string& log) {
    Arguments arguments = line;
    arguments.insert(arguments.end(), {"--log", log});
    return toy::call(toy::law(), arguments, environment);
  };
  CHECK(toy::call(toy::law(), line, environment).status != 2);
  const auto results = toy::only_folder("results/toy_law", "line-").string();
  std::string store;
  for (const auto& entry : fs::recursive_directory_iterator("results/toy_law/store")) {
    store = entry.is_regular_file() ? entry.path().string() : store;
  }
  fs::create_hard_link(store, "second-name");
  const auto before = toy::contents_here();
  for (const std::string& log : {results + "/log", results + "/manifest.json", store, std::string("second-name"),
                                 std::string("results/toy_law/store/log")}) {
    const toy::Call call = with_log(log);
    CHECK(call.status == 2);
    CHECK_THAT(call.err, Contains(", where this run writes: expected another file"));
  }
  CHECK(toy::contents_here() == before);
  CHECK(with_log("results/toy_law/log").status != 2);
}

TEST_CASE("results that would replace an input are refused", "[output_files]") {
  const toy::WorkingFolder here;
  toy::write_file("program", "any");
  const sim::harness::Environment environment{.program = "toy", .executable = "program"};
  const Arguments line{"--scenario", "line", "--replications", "3"};
  CHECK(toy::call(toy::law(), line, environment).status != 2);
  const auto results = toy::only_folder("results/toy_law", "line-").string();
  toy::write_file(results + "/x.ini", "noise = 1\n");
  const auto before = toy::contents_here();
  for (const Arguments& more : {Arguments{"--config", results + "/x.ini"}, Arguments{"--baseline", "results"}}) {
    Arguments arguments = line;
    arguments.insert(arguments.end(), more.begin(), more.end());
    const toy::Call call = toy::call(toy::law(), arguments, environment);
    CHECK(call.status == 2);
    CHECK_THAT(call.err, Contains(results + ": holds the input ") && Contains("expected another --out"));
    CHECK(toy::contents_here() == before);
  }
}

TEST_CASE("an input to which the standard output is appended is refused", "[output_files]") {
  const toy::WorkingFolder here;
  write_inputs();
  const auto before = toy::contents_here();
  CHECK(toy::call_shell(shop + " --scenario day --faults f.csv >> f.csv").status == 2);
  CHECK(toy::call_shell(shop + " --scenario day --log out >> out").status == 2);
  fs::remove("out");
  CHECK(toy::contents_here() == before);
}

TEST_CASE("a standard output that cannot be written is never a success", "[output_files]") {
  const toy::WorkingFolder here;
  for (const std::string arguments :
       {"--scenario nobody", "--scenario nobody --format json", "--scenario nobody --format csv", "--help", "--version",
        "--list-parameters", "--list-scenarios", "--scenario nobody --check-determinism"}) {
    const toy::Call call = toy::call_shell(shop + " " + arguments + " > /dev/full");
    CAPTURE(arguments);
    CHECK(call.status == 2);
    CHECK_THAT(call.err, Catch::StartsWith("toy_shop: the standard output cannot be written"));
  }
  CHECK(toy::call_shell(shop + " --scenario nobody --quiet > /dev/full").status == 0);
  CHECK(toy::call_shell(std::string(TOY_LAW_PROGRAM) + " --sweep x=1,2 > /dev/full").status == 2);
  CHECK(toy::call_shell(shop + " --scenario nobody >&-").status == 2);
  CHECK(toy::call_shell(shop + " --scenario nobody --quiet >&-").status == 0);
}

TEST_CASE("a pipe that nobody reads ends a program with a line and a status, not with a signal", "[output_files]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call_shell("( sleep 0.2; " + shop + " --help; echo status $? >&2 ) | true; sleep 0.5");
  CHECK_THAT(call.err,
             Catch::StartsWith("toy_shop: the standard output cannot be written") && Catch::EndsWith("\nstatus 2\n"));
}

TEST_CASE("a log that cannot be written to its end is an error", "[output_files]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::shop(), {"--scenario", "day", "--customers", "5", "--log", "/dev/full"});
  CHECK(call.status == 2);
  CHECK_THAT(call.err, Contains("--log /dev/full: could not be written to its end"));
}

TEST_CASE("a file that may not grow is an error of a write and leaves nothing behind", "[output_files]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call_shell("( ulimit -f 0; " + shop + " --scenario nobody; echo status $? ) 2>&1 | cat");
  CHECK_THAT(call.out, Contains("cannot be written: File too large\nstatus 2\n"));
  CHECK(toy::files_here().empty());
}

TEST_CASE("a link in the place of a temporary folder is not followed", "[output_files]") {
  const toy::WorkingFolder here;
  fs::create_directories("results/toy_shop");
  fs::create_directory("elsewhere");
  CHECK(toy::call(toy::shop(), {"--scenario", "nobody"}).status != 2);
  const std::string name = toy::only_folder("results/toy_shop", "nobody-").filename();
  fs::remove_all("results/toy_shop/" + name);
  // The names that the process and those after it would have if they were made of its number.
  for (int process = ::getpid() - 10; process < ::getpid() + 200; ++process) {
    fs::create_directory_symlink(fs::absolute("elsewhere"), fmt::format("results/toy_shop/.{}.new-{}", name, process));
  }
  CHECK(toy::call_shell(shop + " --scenario nobody --quiet").status != 2);
  CHECK(toy::call(toy::shop(), {"--scenario", "nobody"}).status != 2);
  CHECK(fs::is_empty("elsewhere"));
  CHECK(fs::exists("results/toy_shop/" + name + "/manifest.json"));
}

TEST_CASE("runs that share the number of their process all write whole folders", "[output_files]") {
  const toy::WorkingFolder here;
  // Each in a process namespace of its own, where it is number 1, or, where that is not allowed, side by side.
  const bool has_namespaces = toy::call_shell("unshare --user --map-root-user --pid --fork true").status == 0;
  const std::string prefix = has_namespaces ? "unshare --user --map-root-user --pid --fork " : "";
  std::string line;
  for (int run = 0; run < 6; ++run) {
    line += prefix + shop + " --scenario nobody --quiet & ";
  }
  CHECK(toy::call_shell(line + "wait") == toy::Call{0, "", ""});
  CHECK(toy::files_here().size() == 3 + 4);
}

TEST_CASE("what a killed run has left is removed by the next one, what a running one holds is not", "[output_files]") {
  const toy::WorkingFolder here;
  const std::string killed = "results/toy_shop/.nobody-seed1-00000000.new-0123456789abcdef";
  const std::string held = "results/toy_shop/.nobody-seed1-00000000.new-fedcba9876543210";
  for (const std::string& folder : {killed, held, std::string("results/toy_shop/.mine"),
                                    std::string("results/toy_shop/.notes-seed1.new-version")}) {
    fs::create_directories(folder);
    toy::write_file(folder + "/metrics.csv", "half a fi");
  }
  const toy::Call call = toy::call_shell("flock " + held + " " + shop + " --scenario nobody --quiet");
  CHECK(call == toy::Call{0, "", ""});
  auto hidden = hidden_files("results/toy_shop");
  std::sort(hidden.begin(), hidden.end());
  CHECK(hidden == Arguments{".mine", ".nobody-seed1-00000000.new-fedcba9876543210", ".notes-seed1.new-version"});
  CHECK(toy::call(toy::shop(), {"--scenario", "nobody"}).status != 2);
  CHECK_FALSE(fs::exists(held));
}

TEST_CASE("a folder is replaced as a whole or stays as it is", "[output_files]") {
  const toy::WorkingFolder here;
  REQUIRE(replace_folder("out/x-seed1-1", {{"a", "1"}, {"b", "2"}}));
  // A file cannot have this name, so that the second write fails.
  CHECK_FALSE(replace_folder("out/x-seed1-1", {{"a", "3"}, {"no/folder", ""}}));
  CHECK(toy::read_file("out/x-seed1-1/a") == "1");
  CHECK(toy::files_here() == Arguments{"out", "out/x-seed1-1", "out/x-seed1-1/a", "out/x-seed1-1/b"});
  REQUIRE(replace_folder("out/x-seed1-1", {{"c", "4"}}));
  CHECK(toy::files_here() == Arguments{"out", "out/x-seed1-1", "out/x-seed1-1/c"});
}

TEST_CASE("rows of a study are on the disk as they come, and gone when it does not end", "[output_files]") {
  using sim::harness::StudyFolder;
  const toy::WorkingFolder here;
  const sim::harness::ResultsPlace place{
      .parent = "out/toy", .name = "sweep-seed1", .hash_of = "study_hash", .hash = sim::content_hash("it")};
  {
    StudyFolder folder(place);
    CHECK(toy::files_here().empty());
    REQUIRE(folder.append({"sweep.csv", "x\n1\n"}));
    REQUIRE(folder.append({"sweep.csv", "2\n"}));
    const auto hidden = hidden_files("out/toy");
    REQUIRE(hidden.size() == 1);
    CHECK(toy::read_file("out/toy/" + hidden.front() + "/sweep.csv") == "x\n1\n2\n");
  }
  CHECK(toy::files_here().empty());
  StudyFolder folder(place);
  REQUIRE(folder.append({"sweep.csv", "x\n3\n"}));
  const auto path = folder.finish({"manifest.json", "{}"});
  REQUIRE(path);
  CHECK(path->parent_path() == "out/toy");
  CHECK(toy::read_file(*path / "sweep.csv") == "x\n3\n");
  CHECK(toy::files_here() == Arguments{"out", "out/toy", *path, *path / "manifest.json", *path / "sweep.csv"});
}
