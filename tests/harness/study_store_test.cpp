#include <catch2/catch.hpp>

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_law.hpp"

using Arguments = std::vector<std::string>;

namespace {

const std::string sweep = std::string(TOY_LAW_PROGRAM) + " --scenario line --sweep x=1:6:1 --replications 5";

/// The files of a study that nobody disturbed.
std::map<std::string, std::string> undisturbed(const std::string& line) {
  const toy::WorkingFolder here;
  CHECK(toy::call_shell(line).status == 0);
  return toy::contents_here();
}

/// How many replications a call runs whose program is the content of the file `program`.
std::size_t runs_of(const Arguments& arguments) {
  const toy::RunCount count;
  const toy::Call call = toy::call(toy::law(), arguments, {.program = "toy", .executable = "program"});
  CAPTURE(call);
  CHECK((call.status == 0 || call.status == 4));
  return count.runs();
}

}  // namespace

TEST_CASE("a sweep that is killed again and again ends with the files of one that is not, and runs nothing twice",
          "[study_store]") {
  const auto expected = undisturbed(sweep + " --jobs 1");
  const toy::WorkingFolder here;
  const toy::RunCount count;
  std::vector<int> statuses;
  do {
    statuses.push_back(toy::call_shell("TOY_LAW_KILL_AFTER=7 " + sweep + " --jobs 1").status);
  } while (statuses.back() != 0 && statuses.size() < 10);
  // 30 replications, of which each process but the last one does 7 before it is killed: 128 + SIGKILL.
  CHECK(statuses == std::vector<int>{137, 137, 137, 137, 0});
  const auto lines = count.lines();
  CHECK(lines.size() == 30);
  CHECK(std::set<std::string>(lines.begin(), lines.end()).size() == 30);
  CHECK(toy::contents_here() == expected);
}

TEST_CASE("a sweep with several jobs that is killed goes on with several others", "[study_store]") {
  const auto expected = undisturbed(sweep + " --jobs 1");
  const toy::WorkingFolder here;
  CHECK(toy::call_shell("TOY_LAW_KILL_AFTER=17 " + sweep + " --jobs 3").status == 137);
  const toy::RunCount count;
  CHECK(toy::call_shell(sweep + " --jobs 2").status == 0);
  CHECK(count.runs() >= 13);
  CHECK(toy::contents_here() == expected);
}

TEST_CASE("more replications run only those that are new", "[study_store]") {
  const toy::WorkingFolder here;
  toy::write_file("program", "first");
  const auto with = [](const std::string& replications) {
    return Arguments{"--scenario", "line", "--sweep", "x=1,2", "--replications", replications, "--quiet"};
  };
  CHECK(runs_of(with("4")) == 8);
  CHECK(runs_of(with("4")) == 0);
  CHECK(runs_of(with("7")) == 6);
  CHECK(runs_of(with("3")) == 0);
  // Point 1 is known, with 7 replications. The other kind of study keeps the same.
  CHECK(runs_of({"--scenario", "line", "--sweep", "x=2,3", "--replications", "7", "--quiet"}) == 7);
  CHECK(runs_of({"--scenario", "line", "--compare", "x=3,1", "--replications", "8", "--quiet"}) == 2);

  const auto raised = toy::read_file(toy::only_folder("results/toy_law", "compare-") / "sweep.csv");
  std::filesystem::remove_all("results");
  CHECK(runs_of({"--scenario", "line", "--compare", "x=3,1", "--replications", "8", "--quiet"}) == 16);
  CHECK(toy::read_file(toy::only_folder("results/toy_law", "compare-") / "sweep.csv") == raised);
}

TEST_CASE("replications without a study are kept, too", "[study_store]") {
  const toy::WorkingFolder here;
  toy::write_file("program", "first");
  CHECK(runs_of({"--scenario", "line", "--x", "13", "--replications", "12", "--quiet"}) == 12);
  CHECK(runs_of({"--scenario", "line", "--x", "13", "--replications", "15", "--quiet"}) == 3);
}

TEST_CASE("the flag --no-cache, another program, another seed and another parameter run everything", "[study_store]") {
  const toy::WorkingFolder here;
  toy::write_file("program", "first");
  const Arguments known{"--scenario", "line", "--sweep", "x=1,2", "--replications", "4", "--quiet"};
  const auto with = [&](const Arguments& more) {
    Arguments arguments = known;
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  };
  CHECK(runs_of(known) == 8);
  CHECK(runs_of(with({"--no-cache"})) == 8);
  CHECK(runs_of(with({"--seed", "2"})) == 8);
  CHECK(runs_of(with({"--noise", "2"})) == 8);
  CHECK(runs_of(known) == 0);
  toy::write_file("program", "second");
  CHECK(runs_of(known) == 8);
  toy::write_file("program", "first");
  CHECK(runs_of(known) == 0);
}

TEST_CASE("a program that cannot be identified keeps no replications", "[study_store]") {
  const toy::WorkingFolder here;
  CHECK(runs_of({"--scenario", "line", "--sweep", "x=1,2", "--replications", "4", "--quiet"}) == 8);
  CHECK_FALSE(std::filesystem::exists("results/toy_law/store"));
  CHECK(runs_of({"--scenario", "line", "--sweep", "x=1,2", "--replications", "4", "--quiet"}) == 8);
}

TEST_CASE("a configuration that a study holds several times is run once", "[study_store]") {
  const toy::WorkingFolder here;
  toy::write_file("program", "first");
  toy::write_file("a.ini", "x = 5\n");
  CHECK(runs_of({"--scenario", "line", "--compare", "a.ini", "a.ini", "--replications", "6", "--quiet"}) == 6);
  // Twelve points of a Latin hypercube on three values: four of each.
  CHECK(runs_of({"--scenario", "line", "--sweep", "x=7:9", "--sample", "lhs:12", "--replications", "4", "--quiet"}) ==
        12);
  const auto rows = toy::table_of(toy::read_file(toy::only_folder("results/toy_law", "sweep-") / "summary.csv"));
  std::size_t of_seven = 0;
  for (const auto& row : rows) {
    of_seven += row.at("x") == "7" && row.at("metric") == "wait" && row.at("replications") == "4" ? 1 : 0;
  }
  CHECK(of_seven == 4);
}
