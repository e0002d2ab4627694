#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "tests/harness/harness_call.hpp"

using Catch::Matchers::Contains;

namespace {

/// Servers cost 1 USD each and take 10 s / servers, 1 s more or less in turn: of 10 s, 5 s, 3.3 s, … the mean of 10
/// replications is known within 0.75 s.
sim::harness::Experiment servers() {
  struct Config {
    std::uint32_t servers = 1;
  };
  const auto describe = [](sim::harness::Parameters& parameters, Config& config) {
    parameters.add("servers", config.servers).range(1, 10).meaning("servers").source("a test");
  };
  const auto report = [](sim::harness::ScenarioRun& run, const Config& config) {
    run.report("cost", "USD", config.servers);
    run.report("time", "s", 10.0 / config.servers + (run.replication() % 2 == 0 ? 1 : -1));
  };
  return sim::harness::Definition<Config>{.name = "servers",
                                          .summary = "",
                                          .describe = describe,
                                          .scenarios = {{"only", "", report}},
                                          .targets_csv =
                                              "experiment,scenario,metric,unit,op,target,critical,source,"
                                              "definition\nservers,only,time,s,<,12,,,\n"};
}

toy::Call study(const std::vector<std::string>& arguments) {
  const toy::WorkingFolder here;
  return toy::call(servers(), arguments);
}

}  // namespace

TEST_CASE("the cheapest point that passes is not the answer while a cheaper one may pass, too", "[study]") {
  const auto call =
      study({"--sweep", "servers=1:4:1", "--replications", "10", "--minimize", "cost", "--subject-to", "time < 5 s"});
  CHECK_THAT(call.out, Contains("least cost: 3 ± 0 at servers=3\n"
                                "  could not be decided: servers=2 (2 ± 0)\n"));
  CHECK(call.status == 4);
}

TEST_CASE("the cheapest point is the answer when the cheaper ones do not pass", "[study]") {
  const auto call =
      study({"--sweep", "servers=1,3,4", "--replications", "10", "--minimize", "cost", "--subject-to", "time < 5 s"});
  CHECK_THAT(call.out, Contains("least cost: 3 ± 0 at servers=3\n"));
  CHECK_THAT(call.out, !Contains("could not be decided"));
  CHECK(call.status == 0);
}

TEST_CASE("that no point passes is not certain while one of them is open", "[study]") {
  const auto open =
      study({"--sweep", "servers=1,2", "--replications", "10", "--minimize", "cost", "--subject-to", "time < 5 s"});
  CHECK_THAT(open.out, Contains("no point passes for certain\n"));
  CHECK(open.status == 4);
  const auto closed =
      study({"--sweep", "servers=1", "--replications", "10", "--minimize", "cost", "--subject-to", "time < 5 s"});
  CHECK(closed.status == 1);
}

TEST_CASE("a requirement is shown beside its interval once, in the unit of the metric", "[study]") {
  const auto call =
      study({"--sweep", "servers=1,2", "--replications", "10", "--minimize", "cost", "--subject-to", "time < 5000 ms"});
  CHECK_THAT(call.out, Contains(" s, required < 5\n"));
  CHECK_THAT(call.out, !Contains("required time"));
}

TEST_CASE("one empty line stands between a study and its results folder", "[study]") {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--sweep", "servers=1:3:1"},
                                                    {"--find-min", "servers"},
                                                    {"--compare", "servers=1,2"},
                                                    {"--sensitivity", "one-at-a-time", "--sweep", "servers=1:3"},
                                                    {"--sweep", "servers=1:3:1", "--minimize", "cost"}}) {
    const auto call = study(arguments);
    INFO(call.out << call.err);
    CHECK_THAT(call.out, Contains("\n\nresults in "));
    CHECK_THAT(call.out, !Contains("\n\n\n"));
  }
}

TEST_CASE("a search that finds nothing says what it supposed", "[study]") {
  // One server would cost less than 2 USD, but whoever searches the least is taken to want many.
  const auto least = study({"--sweep", "servers=1:4:1", "--find-min", "servers", "--subject-to", "cost < 2"});
  CHECK_THAT(least.out, Contains("no servers from 1 to 4 passes: 4 does not, and a search supposes that more is never "
                                 "worse\n"));
  CHECK(least.status == 1);
  const auto greatest = study({"--sweep", "servers=1:4:1", "--find-max", "servers", "--subject-to", "time < 1 s"});
  CHECK_THAT(greatest.out,
             Contains("no servers from 1 to 4 passes: 1 does not, and a search supposes that less is never "
                      "worse\n"));
}
