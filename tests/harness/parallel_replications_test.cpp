#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_law.hpp"
#include "tests/harness/toy_shop.hpp"

using Arguments = std::vector<std::string>;

namespace {

/// What a call printed and left on the disk.
struct Outcome {
  toy::Call call;
  std::map<std::string, std::string> files;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome outcome_with(const sim::harness::Experiment& experiment, Arguments arguments, const std::string& jobs) {
  const toy::WorkingFolder here;
  toy::write_file("program", "any");
  toy::write_file("a.ini", "noise = 0.5\n");
  toy::write_file("b.ini", "noise = 2\n");
  arguments.insert(arguments.end(), {"--jobs", jobs});
  const toy::Call call = toy::call(experiment, arguments, {.program = "toy", .executable = "program"});
  return {call, toy::contents_here()};
}

/// With so many files besides the three that were there, so that something is compared.
void check_same(const sim::harness::Experiment& experiment, const Arguments& arguments, int status,
                std::size_t files_min) {
  const Outcome alone = outcome_with(experiment, arguments, "1");
  CAPTURE(alone.call);
  CHECK(alone.call.status == status);
  CHECK(alone.call.err.empty());
  CHECK(alone.files.size() >= files_min + 3);
  for (const char* jobs : {"2", "5"}) {
    const Outcome together = outcome_with(experiment, arguments, jobs);
    CHECK(together.call == alone.call);
    CHECK(together.files == alone.files);
  }
}

}  // namespace

TEST_CASE("replications give the same bytes for any number of jobs", "[parallel]") {
  check_same(toy::shop(), {"--scenario", "day", "--replications", "7"}, 1, 5);
  check_same(toy::shop(), {"--scenario", "two_days", "--replications", "3", "--format", "csv"}, 0, 5);
  check_same(toy::law(), {"--replications", "2"}, 4, 10);
}

TEST_CASE("a run to a precision takes the same steps for any number of jobs", "[parallel]") {
  check_same(toy::shop(),
             {"--scenario", "day", "--precision", "0.1", "--metric", "time_in_shop_mean", "--customers", "20"}, 1, 5);
  check_same(toy::law(), {"--scenario", "line", "--x", "11", "--precision", "0.02"}, 1, 5);
}

TEST_CASE("studies of each kind give the same bytes for any number of jobs", "[parallel]") {
  check_same(toy::shop(), {"--scenario", "day", "--sweep", "customers=5:20:5", "--replications", "6"}, 0, 7);
  check_same(toy::law(), {"--sweep", "x=1:4:1", "--sweep", "y=0,1", "--replications", "4"}, 0, 19);
  check_same(toy::law(), {"--scenario", "line", "--sweep", "x=8:12:1", "--precision", "0.05"}, 0, 8);
  check_same(toy::law(), {"--scenario", "plane", "--sweep", "x=1:9", "--sample", "lhs:15", "--replications", "3"}, 0,
             3);
  check_same(toy::law(), {"--scenario", "line", "--find-min", "x", "--subject-to", "wait < 7.5"}, 0, 4);
  check_same(toy::law(), {"--compare", "a.ini", "b.ini", "--replications", "8"}, 0, 8);
  check_same(toy::law(),
             {"--scenario", "line", "--minimize", "cost", "--sweep", "x=10:15:1", "--pareto-against", "wait"}, 0, 10);
  check_same(toy::law(), {"--scenario", "plane", "--sensitivity", "morris", "--sweep", "x=3:12", "--sweep", "y=0:9"}, 0,
             4);
}

TEST_CASE("a replication that fails is the same one for any number of jobs", "[parallel]") {
  const Arguments arguments{"--scenario",  "line", "--sweep",        "x=1:5:1", "--replications", "6",
                            "--failing.x", "3",    "--failing.from", "4",       "--quiet"};
  const Outcome alone = outcome_with(toy::law(), arguments, "1");
  CHECK(alone.call.status == 3);
  CHECK(outcome_with(toy::law(), arguments, "2") == alone);
  CHECK(outcome_with(toy::law(), arguments, "5") == alone);
}
