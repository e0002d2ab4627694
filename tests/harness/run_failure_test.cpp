#include <catch2/catch.hpp>

#include <chrono>
#include <functional>
#include <regex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/harness/run/end_of_time.hpp"
#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_shop.hpp"

using namespace std::chrono_literals;

using Arguments = std::vector<std::string>;
using sim::harness::ScenarioRun;

namespace {

struct Nothing {};

/// An experiment of one scenario.
sim::harness::Experiment with_scenario(std::function<void(ScenarioRun&)> script) {
  return sim::harness::Definition<Nothing>{
      .name = "own",
      .summary = "",
      .describe = {},
      .scenarios = {{"only", "", [script = std::move(script)](ScenarioRun& run, const Nothing&) { script(run); }}},
      .targets_csv = "experiment,scenario,metric,unit,op,target,critical,source,definition\n"};
}

/// The program of the toy shop with its arguments, as a shell takes them.
toy::Call call_program(const std::string& arguments) {
  return toy::call_shell(std::string(TOY_SHOP_PROGRAM) + " " + arguments);
}

/// The lines of a failure without numbers of source lines.
Arguments failure_lines(const toy::Call& call) {
  return toy::lines_of(std::regex_replace(call.err, std::regex("\\.cpp:[0-9]+"), ".cpp:N"));
}

std::string reproducing_line(const toy::Call& call) {
  const std::string begin = "reproduce: ";
  const Arguments lines = toy::lines_of(call.err);
  REQUIRE(lines.size() == 2);
  REQUIRE(lines[1].starts_with(begin));
  return lines[1].substr(begin.size());
}

/// Asks without timeout, and is never answered.
class Asker {
 public:
  struct Question {
    using Reply = int;
  };
  using Inbox = sim::Inbox<Question>;
  explicit Asker(sim::Context& ctx) : ctx_(ctx) {}
  sim::Process run() {
    co_await ctx_.sleep(2s);
    static_cast<void>(co_await ctx_.ask(sim::Port<Question>(peer), Question{}));
  }
  void on(const Question&, sim::ReplyTo<int>) {}

  sim::Ref<Asker> peer{};

 private:
  sim::Context& ctx_;
};

/// Two actors that wait for each other.
void deadlock(ScenarioRun& run, std::string_view label = "main") {
  sim::Simulation& simulation = run.simulation(label);
  const auto left = simulation.spawn<Asker>("left");
  const auto right = simulation.spawn<Asker>("right");
  simulation.get(left).peer = right;
  simulation.get(right).peer = left;
  simulation.run();
  run.report("asked", "count", 2);
}

}  // namespace

TEST_CASE("a handler that throws ends the run with status 3, place and seed", "[failure]") {
  const toy::WorkingFolder here;
  const toy::Call call =
      toy::call(toy::shop(), {"--scenario", "broken", "--service.time", "4s", "--arrival.time_between", "1500ms"});
  CHECK(call.status == 3);
  CHECK(call.out.empty());
  // Event 1 starts the street, 2 ends its opening delay of 0 s, 3 is its first sleep of 1.5 s, 4 the customer.
  CHECK(failure_lines(call) ==
        Arguments{"toy_shop: scenario broken failed: assertion failed: the breaker holds (toy_shop.cpp:N) (actor "
                  "breaker, message Customer, virtual time 1.500000000 s, event 4, seed 1, replication 0)",
                  "reproduce: toy --scenario broken --seed 1 --service.time 4s --arrival.time_between 1500ms"});
}

TEST_CASE("the line that reproduces a failure does so when it is pasted into a shell", "[failure]") {
  const toy::WorkingFolder here;
  toy::write_file("my settings.ini", "scenario = broken\nmotto = it's $HOME; \"really\"\ncustomers = 400\n");
  const toy::Call first = call_program("--config 'my settings.ini' --seed 3 --motto=--odd --quiet");
  REQUIRE(first.status == 3);
  const std::string line = reproducing_line(first);
  CHECK(line == std::string(TOY_SHOP_PROGRAM) + " --scenario broken --seed 3 --config 'my settings.ini' --motto=--odd");
  const toy::Call second = toy::call_shell(line);
  CHECK(second.status == 3);
  CHECK(toy::lines_of(second.err).at(0) == toy::lines_of(first.err).at(0));
}

TEST_CASE("quotes, blanks and dollars in a value survive in the line that reproduces a failure", "[failure]") {
  const toy::WorkingFolder here;
  const toy::Call first =
      call_program("--scenario broken --service.time '  constant( 4s )' --motto 'it'\\''s $HOME; \"really\" \\ `x`'");
  REQUIRE(first.status == 3);
  const toy::Call second = toy::call_shell(reproducing_line(first));
  CHECK(second == first);
}

TEST_CASE("a failure in a later replication is reproduced by running no more replications than that", "[failure]") {
  const toy::WorkingFolder here;
  // A customer takes more than 3 s with probability exp(-6), so that a replication of 100 fails with about 0.22.
  const toy::Call first = call_program("--scenario broken --replications 100 --seed 6");
  CHECK(first.status == 3);
  CHECK_THAT(toy::lines_of(first.err).at(0), Catch::EndsWith(", seed 6, replication 4)"));
  const std::string line = reproducing_line(first);
  CHECK(line == std::string(TOY_SHOP_PROGRAM) + " --scenario broken --seed 6 --replications 5");
  CHECK(toy::call_shell(line) == first);
}

TEST_CASE("the scenarios that ran to their end before a failure are printed and written", "[failure]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::shop(), {"--customers", "5"});
  CHECK(call.status == 3);
  CHECK_THAT(call.out, Catch::Contains("\nday: one day\n") && Catch::Contains("\ntwo_days: the same day twice\n"));
  CHECK_THAT(call.err, Catch::StartsWith("toy_shop: scenario question failed: "));
  CHECK(toy::lines_of(call.err).at(1) == "reproduce: toy --scenario question --seed 1 --customers 5");
}

TEST_CASE("a run that comes to rest with unanswered asks warns and says who waits for whom", "[failure]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(with_scenario([](ScenarioRun& run) { deadlock(run, "monday"); }), {});
  CHECK(call.status == 0);
  CHECK_THAT(call.out,
             Catch::Contains("  warning: simulation monday: left waits for right to answer Asker::Question since "
                             "2.000000000 s\n"
                             "  warning: simulation monday: right waits for left to answer Asker::Question since "
                             "2.000000000 s\n"));
}

TEST_CASE("of many unanswered asks five are named and the others are counted", "[failure]") {
  const toy::WorkingFolder here;
  const auto crowd = [](ScenarioRun& run) {
    sim::Simulation& simulation = run.simulation();
    for (int number = 1; number <= 7; ++number) {
      const auto asker = simulation.spawn<Asker>("asker-" + std::to_string(number));
      simulation.get(asker).peer = asker;
    }
    simulation.run();
  };
  const toy::Call call = toy::call(with_scenario(crowd), {});
  CHECK(call.status == 0);
  CHECK_THAT(call.out, Catch::Contains("asker-5 waits for asker-5 to answer Asker::Question since 2.000000000 s\n"
                                       "  warning: simulation main: 2 more asks wait for an answer\n"));
}

TEST_CASE("a scenario may take unanswered asks for a bug", "[failure]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::shop(), {"--scenario", "question", "--customers", "1"});
  CHECK(call.status == 3);
  CHECK_THAT(call.err, Catch::StartsWith("toy_shop: scenario question failed: assertion failed: every question of the "
                                         "day was answered"));
}

TEST_CASE("an ask is not unanswered while there is still something to happen", "[failure]") {
  const toy::WorkingFolder here;
  const auto stop_early = [](ScenarioRun& run) {
    sim::Simulation& simulation = run.simulation();
    const auto asker = simulation.spawn<Asker>("asker");
    simulation.get(asker).peer = asker;
    simulation.spawn<Asker>("late");
    simulation.send(asker, Asker::Question{}, 10s);
    simulation.run_for(5s);
  };
  CHECK(toy::call(with_scenario(stop_early), {"--quiet"}) == toy::Call{0, "", ""});
}

TEST_CASE("whatever a scenario throws ends with status 3 and one line of reason", "[failure]") {
  const toy::WorkingFolder here;
  const std::string reproduce = "reproduce: toy --scenario only --seed 1\n";
  CHECK(toy::call(with_scenario([](ScenarioRun&) { throw std::runtime_error("no idea"); }), {}) ==
        toy::Call{3, "", "own: scenario only failed: no idea\n" + reproduce});
  CHECK(toy::call(with_scenario([](ScenarioRun&) { throw 42; }), {}) ==
        toy::Call{3, "", "own: scenario only failed: threw something that is not a std::exception\n" + reproduce});
  CHECK(toy::call(with_scenario([](ScenarioRun& run) {
                    run.simulation();
                    run.simulation();
                  }),
                  {})
            .err.find("the simulation label main is used once in a scenario") != std::string::npos);
  CHECK(toy::call(with_scenario([](ScenarioRun& run) {
                    run.report("one", "count", 1);
                    run.report("one", "count", 2);
                  }),
                  {})
            .err.find("metric one is reported once in a scenario") != std::string::npos);
}

TEST_CASE("a flawed declaration of a parameter ends with status 3 and the name of the parameter", "[failure]") {
  struct Config {
    double ratio = 2.0;
  };
  const auto status_and_line = [](std::function<void(sim::harness::Parameters&, Config&)> describe) {
    const sim::harness::Experiment experiment =
        sim::harness::Definition<Config>{.name = "own",
                                         .summary = "",
                                         .describe = std::move(describe),
                                         .scenarios = {{"only", "", [](ScenarioRun&, const Config&) {}}},
                                         .targets_csv = {}};
    const toy::Call call = toy::call(experiment, {"--help"});
    CHECK(call.status == 3);
    return call.err.substr(0, call.err.find(" ("));
  };
  using sim::harness::Parameters;
  CHECK(status_and_line([](Parameters& parameters, Config& config) { parameters.add("a", config.ratio); }) ==
        "own: assertion failed: parameter a has no meaning");
  CHECK(status_and_line([](Parameters& parameters, Config& config) {
          parameters.add("a", config.ratio).range(0, 1).meaning("a part").source("habit");
        }) == "own: assertion failed: parameter a has a default out of its range");
  CHECK(status_and_line([](Parameters& parameters, Config& config) {
          parameters.add("seed", config.ratio).range(0, 2).meaning("a part").source("habit");
        }) == "own: assertion failed: parameter seed has a name that no flag has");
  CHECK(status_and_line([](Parameters& parameters, Config& config) { parameters.add("A b", config.ratio); }) ==
        "own: assertion failed: the parameter name \"A b\" is lower-case letters, digits, _ and dots");
}

namespace {

/// Sleeps for two seconds and then for as long as it is told.
class LongSleeper {
 public:
  using Inbox = sim::Inbox<>;
  LongSleeper(sim::Context& ctx, sim::Duration duration) : ctx_(ctx), duration_(duration) {}
  sim::Process run() {
    co_await ctx_.sleep(2s);
    co_await ctx_.sleep(duration_);
  }

 private:
  sim::Context& ctx_;
  sim::Duration duration_;
};

toy::Call refusal_of_own(const std::string& why) {
  return {2, "", "own: scenario only passes the end of virtual time (292 years): " + why + "\n"};
}

}  // namespace

TEST_CASE("a run that cannot go on but beyond the end of time is refused in one line and leaves nothing", "[failure]") {
  const toy::WorkingFolder here;
  const auto sleeper = with_scenario([](ScenarioRun& run) {
    sim::Simulation& simulation = run.simulation();
    simulation.spawn<LongSleeper>("sleeper", sim::forever - 1s);
    simulation.run();
  });
  CHECK(toy::call(sleeper, {"--seed", "7"}) ==
        refusal_of_own("after 2.000000000 s only what lies beyond it is left: Wake of sleeper (--scenario only --seed "
                       "7)"));
  CHECK(toy::files_here().empty());
}

TEST_CASE("a check that fails because the end of time came first is a refusal, not a bug", "[failure]") {
  const toy::WorkingFolder here;
  const auto impatient = with_scenario([](ScenarioRun& run) {
    sim::Simulation& simulation = run.simulation();
    simulation.spawn<LongSleeper>("sleeper", sim::forever);
    simulation.run_until(sim::Time{1h});
    sim::check(!simulation.alive(simulation.kernel().find("sleeper")), "everybody is up within an hour");
  });
  CHECK(toy::call(impatient, {}) == refusal_of_own("after 3600.000000000 s simulation main has only left what lies "
                                                   "beyond it: Wake of sleeper (--scenario only --seed 1)"));
}

TEST_CASE("a scenario that knows to be too long is refused before it runs", "[failure]") {
  const toy::WorkingFolder here;
  const auto eternal = with_scenario([](ScenarioRun&) {
    sim::harness::expect_within_virtual_time(9.2e9, "--jobs 5 with --pause 100d");
    sim::harness::expect_within_virtual_time(2 * 365.25 * 86'400 * 1'000, "--jobs 5 with --pause 146100d");
  });
  CHECK(toy::call(eternal, {}) ==
        refusal_of_own("--jobs 5 with --pause 146100d take 2000 years (--scenario only --seed 1)"));
}

TEST_CASE("what a run with a fixed length leaves beyond the end of time is said", "[failure]") {
  const toy::WorkingFolder here;
  const auto patient = with_scenario([](ScenarioRun& run) {
    sim::Simulation& simulation = run.simulation();
    simulation.spawn<LongSleeper>("sleeper", sim::forever);
    simulation.run_until(sim::Time{1h});
    run.report("asked", "count", 0);
  });
  const toy::Call call = toy::call(patient, {});
  CHECK(call.status == 0);
  CHECK(call.out.find("the end of virtual time (292 years): after 3600.000000000 s simulation main has only left what "
                      "lies beyond it: Wake of sleeper") != std::string::npos);
}
