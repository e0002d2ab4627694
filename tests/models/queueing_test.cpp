#include "models/queueing/experiment.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "libsim/testing.hpp"
#include "models/queueing/config.hpp"
#include "models/queueing/measures.hpp"
#include "models/queueing/plant.hpp"
#include "tests/models/documented_parameters.hpp"
#include "tests/models/scenario_runs.hpp"

using namespace sim;
using sim::testing::Parameters;
using sim::testing::warns_of;

namespace {

constexpr sim::testing::RunsOf run{models::queueing::experiment};

/// Four jobs that arrive after 0, 1, 2 and 3 s and need 4, 1, 5 and 2 s, in files that are gone with this value.
class FourJobs {
 public:
  FourJobs() : folder_(std::filesystem::temp_directory_path() / fmt::format("libsim-queueing-{}", ::getpid())) {
    std::filesystem::create_directory(folder_);
    write("interarrivals.csv", "interarrival_s\n0\n1\n1000ms\n1.0\n");
    write("services.csv", "service_s,remark\n4,a\n1s,b\n5,c\n2,d\n");
  }
  FourJobs(const FourJobs&) = delete;
  FourJobs& operator=(const FourJobs&) = delete;
  ~FourJobs() { std::filesystem::remove_all(folder_); }

  [[nodiscard]] Parameters flags(Parameters more = {}) const {
    more.emplace_back("interarrivals", path("interarrivals.csv"));
    more.emplace_back("services", path("services.csv"));
    return more;
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
};

std::string refusal(const Parameters& parameters) {
  try {
    static_cast<void>(run("station", parameters));
  } catch (const std::invalid_argument& refused) {
    return refused.what();
  }
  return "not refused";
}

}  // namespace

TEST_CASE("the checkout counter of Banks and others comes out to the last digit", "[queueing]") {
  const auto checkout = run("trace");
  CHECK(checkout.value("wait_mean") == 60.0 * 56 / 20);
  CHECK(checkout.value("wait_probability") == 100.0 * 13 / 20);
  CHECK(checkout.value("sojourn_mean") == 60.0 * 124 / 20);
  CHECK(checkout.value("utilisation") == Approx(100.0 * 68 / 86).epsilon(1e-14));
  CHECK(checkout.value("throughput") == Approx(20.0 / (86 * 60)).epsilon(1e-14));
  CHECK(checkout.value("in_system_mean") == Approx(124.0 / 86).epsilon(1e-14));
  CHECK(checkout.value("jobs_served") == 20);
  CHECK(checkout.warnings.empty());
}

TEST_CASE("the six delays of Law come out to the last digit", "[queueing]") {
  const auto six = run("trace", {{"trace.example", "single_server"}});
  CHECK(six.value("wait_mean") == Approx(5.7 / 6).epsilon(1e-14));
  CHECK(six.value("queue_length_mean") == Approx(9.9 / 8.6).epsilon(1e-14));
  CHECK(six.value("utilisation") == Approx(100 * 7.7 / 8.6).epsilon(1e-14));
  CHECK(six.find("wait_mean")->samples == 6);
}

TEST_CASE("each discipline serves four jobs as one does by hand", "[queueing]") {
  const FourJobs jobs;
  const auto sojourn = [&](const std::string& discipline) {
    return run("trace", jobs.flags({{"discipline", discipline}})).value("sojourn_mean");
  };
  CHECK(sojourn("fifo") == Approx((4 + 4 + 8 + 9) / 4.0));
  CHECK(sojourn("lifo") == Approx((4 + 11 + 9 + 3) / 4.0));
  CHECK(sojourn("sjf") == Approx((4 + 4 + 10 + 4) / 4.0));
  CHECK(sojourn("srpt") == Approx((5 + 1 + 10 + 4) / 4.0));
  // One job at the rate 1, two at 1/2, and so on: the ends lie at 3 2/3, 9 1/6, 9 1/2 and 12 s.
  CHECK(sojourn("ps") == Approx((9.5 + 8.0 / 3 + 10 + 37.0 / 6) / 4).epsilon(1e-9));
}

TEST_CASE("room, patience and servers do to four jobs what they do by hand", "[queueing]") {
  const FourJobs jobs;
  const auto room = run("trace", jobs.flags({{"capacity", "2"}}));
  CHECK(room.value("loss") == 50);
  CHECK(room.value("sojourn_mean") == 4);
  const auto patience = run("trace", jobs.flags({{"patience", "2s"}}));
  CHECK(patience.value("abandonment") == 50);  // the third job is served at the moment when it would have left
  CHECK(patience.value("wait_mean") == 1.5);
  CHECK(patience.value("sojourn_mean") == (4 + 2 + 7 + 2) / 4.0);
  const auto two = run("trace", jobs.flags({{"servers", "2"}}));
  CHECK(two.value("wait_mean") == 0.25);  // only the fourth waits, from 3 to 4 s
  CHECK(two.value("utilisation") == Approx(100.0 * 12 / 14));
}

TEST_CASE("time averages of a trace end where one says, jobs are followed until they have left", "[queueing]") {
  const FourJobs jobs;
  const auto cut = run("trace", jobs.flags({{"trace.end", "5s"}}));
  CHECK(cut.value("in_system_mean") == Approx((1 + 2 + 3 + 4 + 3) / 5.0));
  CHECK(cut.value("utilisation") == 100);
  CHECK(cut.value("sojourn_mean") == (4 + 4 + 8 + 9) / 4.0);
}

TEST_CASE("jobs beyond the service times of a trace draw theirs and are not reported", "[queueing]") {
  const FourJobs jobs;
  jobs.write("services.csv", "service_s\n4\n1\n");
  const auto two = run("trace", jobs.flags());
  CHECK(two.value("wait_mean") == 1.5);
  CHECK(two.find("wait_mean")->samples == 2);
  CHECK(two.value("jobs_served") == 4);
  CHECK(warns_of(two, "4 arrivals, but 2 service times"));
}

TEST_CASE("a trace may give one of the two times only", "[queueing]") {
  const FourJobs jobs;
  const auto arrivals = run("trace", {{"interarrivals", jobs.path("interarrivals.csv")}, {"service", "1s"}});
  CHECK(arrivals.value("sojourn_mean") == 1);
  CHECK(arrivals.value("jobs_served") == 4);
  const auto services = run("trace", {{"services", jobs.path("services.csv")}, {"arrival", "10s"}});
  CHECK(services.value("sojourn_mean") == 3);
  CHECK(services.value("jobs_served") == 4);
}

TEST_CASE("the same seed gives the same run of queueing, another seed another", "[queueing]") {
  for (const std::string scenario : {"station", "network", "closed"}) {
    const Parameters few{{"measured_jobs", "2000"}};
    const auto first = run(scenario, few);
    CHECK(first == run(scenario, few));
    CHECK(first.totals.fingerprint != run(scenario, few, 2).totals.fingerprint);
  }
}

TEST_CASE("no discipline that keeps servers busy changes how busy they are", "[queueing]") {
  const double fifo = run("station", {{"measured_jobs", "5000"}}).value("utilisation");
  for (const std::string discipline : {"lifo", "siro", "sjf", "srpt", "ps"}) {
    INFO(discipline);
    // The same jobs: times are drawn on arrival. Sharing rounds to nanoseconds.
    CHECK(run("station", {{"measured_jobs", "5000"}, {"discipline", discipline}}).value("utilisation") ==
          Approx(fifo).epsilon(1e-9));
  }
}

TEST_CASE("shorter jobs first makes the mean sojourn shorter, and the order of age does not matter to it",
          "[queueing]") {
  const auto sojourn = [](const std::string& discipline) {
    return run("station", {{"discipline", discipline}}).value("sojourn_mean");
  };
  const double fifo = sojourn("fifo");
  const double sjf = sojourn("sjf");
  const double srpt = sojourn("srpt");
  CHECK(sojourn("lifo") == Approx(fifo).epsilon(0.05));
  CHECK(sojourn("siro") == Approx(fifo).epsilon(0.05));
  CHECK(sjf < 0.75 * fifo);
  CHECK(srpt < 0.9 * sjf);
}

TEST_CASE("urgent classes wait less, and least when they may interrupt", "[queueing]") {
  const auto polite = run("station", {{"discipline", "priority"}, {"priority.shares", "0.2 0.3 0.5"}});
  CHECK(polite.value("wait_mean_class_1") < polite.value("wait_mean_class_2"));
  CHECK(polite.value("wait_mean_class_2") < polite.value("wait_mean_class_3"));
  const auto rude =
      run("station", {{"discipline", "priority"}, {"priority.shares", "0.2 0.3 0.5"}, {"priority.preemptive", "on"}});
  CHECK(rude.value("wait_mean_class_1") < 0.5 * polite.value("wait_mean_class_1"));
  CHECK(rude.value("wait_mean_class_3") > polite.value("wait_mean_class_3"));
}

TEST_CASE("every job of every scenario is accounted for, and Little's law holds", "[queueing]") {
  const std::vector<std::pair<std::string, Parameters>> runs = {
      {"station", {}},
      {"station", {{"capacity", "3"}, {"patience", "exponential(1s)"}, {"servers", "2"}, {"arrival", "300ms"}}},
      {"station", {{"discipline", "ps"}, {"servers", "3"}}},
      {"station", {{"discipline", "srpt"}, {"patience", "2s"}}},
      {"station", {{"sources", "7"}}},
      {"network", {}},
      {"closed", {{"closed.customers", "3"}}},
      {"trace", {}}};
  for (const auto& [scenario, flags] : runs) {
    Parameters parameters = flags;
    parameters.emplace_back("measured_jobs", "20000");
    const auto result = run(scenario, parameters);
    INFO(scenario);
    CHECK(result.accounts.size() == 1);
    CHECK(result.value("jobs_present") == result.value("jobs_served") + result.value("jobs_lost") +
                                              result.value("jobs_abandoned") + result.value("jobs_in_system"));
    CHECK_FALSE(warns_of(result, "Little"));
  }
}

TEST_CASE("jobs that the stations lose sight of violate Little's law", "[queueing]") {
  using namespace models::queueing;
  harness::ScenarioRun broken({});
  const Config config;
  Traffic::Config traffic{.stops = {}};
  traffic.entries = {{.stop = 0, .between_arrivals = config.arrival}};
  Plant plant(broken.simulation(), {station_of(config)}, traffic);
  plant.warm_up(10s);
  plant.run_for(100s);
  check_littles_law(broken, plant);
  broken.simulation("other");
  plant.simulation().metrics().gauge("server_in_system_items", "station").add(1);
  plant.run_for(1s);
  check_littles_law(broken, plant);
  const auto warnings = broken.collect().warnings;
  REQUIRE(warnings.size() == 1);
  CHECK(warnings.front().starts_with("Little's law is violated"));
}

TEST_CASE("a finite source never has more jobs than customers, and slows itself down", "[queueing]") {
  const auto five = run("station", {{"sources", "5"}, {"think_time", "1s"}});
  CHECK(five.value("in_system_mean") < 5);
  CHECK(five.value("utilisation") > 95);
  CHECK(five.value("jobs_present") == Approx(50'000).epsilon(0.1));
}

TEST_CASE("an unstable station is reported unless something sheds its load", "[queueing]") {
  const Parameters overload{{"arrival", "exponential(900ms)"}, {"measured_jobs", "2000"}};
  const auto with = [&](const std::string& flag, const std::string& value) {
    Parameters parameters = overload;
    parameters.emplace_back(flag, value);
    return run("station", parameters);
  };
  CHECK(warns_of(run("station", overload), "unstable: the work that reaches the station is 111.1 %"));
  CHECK_FALSE(warns_of(with("capacity", "10"), "unstable"));
  CHECK_FALSE(warns_of(with("patience", "exponential(1s)"), "unstable"));
  CHECK_FALSE(warns_of(with("servers", "2"), "unstable"));
}

TEST_CASE("an unstable station of a network is reported by its name", "[queueing]") {
  const FourJobs files;
  // Half of the jobs come back: two visits each, a load of 160 %.
  files.write("network.csv",
              "station,servers,discipline,service,arrival,next\n"
              "door,1,fifo,exponential(100ms),exponential(1s),desk 1\n"
              "desk,1,fifo,exponential(800ms),,desk 0.5\n");
  const auto result = run("network", {{"network", files.path("network.csv")}, {"measured_jobs", "2000"}});
  CHECK(warns_of(result, "unstable: the work that reaches station desk is 160 %"));
  CHECK_FALSE(warns_of(result, "unstable: the work that reaches station door"));
}

TEST_CASE("a run that is too short is reported, and services without a variance", "[queueing]") {
  CHECK(run("station").warnings.empty());
  CHECK(warns_of(run("station", {{"measured_jobs", "5000"}}), "too short: the station needs 73 jobs"));
  CHECK(warns_of(run("station", {{"warm-up", "100"}}), "warm-up too short"));
  CHECK(warns_of(run("network", {{"measured_jobs", "5000"}}), "too short: station desk needs 73 jobs"));
  CHECK(warns_of(run("closed", {{"closed.customers", "300"}, {"warm-up", "500"}, {"measured_jobs", "3000"}}),
                 "300 customers come back 10 times while measured, and 1.67 times before"));
  CHECK(warns_of(run("station", {{"sources", "300"}, {"measured_jobs", "3000"}}), "300 customers come back 10 times"));
  const Parameters heavy{{"service", "pareto(shape=1.8, minimum=0.4s)"}, {"measured_jobs", "2000"}};
  CHECK(warns_of(run("station", heavy), "without a variance"));
}

TEST_CASE("settings of queueing that contradict each other are refused", "[queueing]") {
  CHECK(refusal({{"capacity", "2"}, {"servers", "3"}}) ==
        "--capacity 2: expected 0 for no limit, or at least as many as --servers, which is 3");
  CHECK(refusal({{"discipline", "ps"}, {"patience", "1s"}}) ==
        "--patience constant(1s): expected 0s with --discipline ps, under which nobody waits");
  CHECK(refusal({{"sources", "3"}, {"discipline", "priority"}}).starts_with("--sources: expected 0"));
  CHECK(refusal({{"arrival", "0s"}}).starts_with("--arrival constant(0s): expected times with a mean above 0"));
  CHECK(refusal({{"service", "pareto(shape=1, minimum=1s)"}}).starts_with("--service pareto"));
  CHECK(refusal({{"priority.shares", "0.5 0.6"}}) ==
        "--priority.shares 0.5 0.6: expected shares that add up to 1, these give 1.1");
  CHECK(refusal({{"priority.shares", "1"}}).starts_with("--priority.shares 1: expected shares between 0 and 1"));
  CHECK(refusal({{"priority.services", "1s; 2s; 3s"}}).find("each of 2 classes") != std::string::npos);
  CHECK(refusal({{"priority.services", "1s; two"}}).find("class 2: two: column 1") != std::string::npos);
  CHECK(refusal({{"network", "nowhere.csv"}}).starts_with("nowhere.csv"));
  CHECK(refusal({{"services", "nowhere.csv"}}).starts_with("nowhere.csv"));
}

TEST_CASE("exact times are seconds or durations, and a wrong one is named by its place", "[queueing]") {
  using models::queueing::parse_times;
  CHECK(parse_times("t.csv", "x\n0.4\n400ms\n1e1s\n").has_value() == false);
  CHECK(parse_times("t.csv", "x\n").error().message == "t.csv: has no times: expected a row for each");
  CHECK(parse_times("t.csv", "x,y\n0.4,a\n400ms,b\n").value() == std::vector<Duration>{400ms, 400ms});
  CHECK(parse_times("t.csv", "x\n1\n-2\n").error().message ==
        "t.csv:3: column 1 (x): -2: expected seconds such as 0.4, or a duration such as 400ms");
}

TEST_CASE("a file of one column of times needs no header and loses no value", "[queueing][field]") {
  const auto file = [](const char* name) { return std::string(LIBSIM_TEST_DATA "/data/field/") + name; };
  const auto result = run("trace", {{"interarrivals", file("interarrivals-without-header.csv")},
                                    {"services", file("services-without-header.csv")}});
  // Arrivals at 0.4, 1.6, 2.1 and 3.8 s; services of 2, 0.7, 0.2 and 1.1 s end at 2.4, 3.1, 3.3 and 4.9 s: the waits
  // are 0, 0.8, 1 and 0 s.
  CHECK(result.value("jobs_served") == 4);
  CHECK(result.value("wait_mean") == Approx(0.45));
}

TEST_CASE("a file of times without times, or with several columns and no header, is refused", "[queueing][field]") {
  using models::queueing::parse_times;
  const auto refusal_of = [](const char* text) {
    const auto times = parse_times("t.csv", text);
    return times ? std::string("read") : times.error().message.text();
  };
  CHECK(refusal_of("x\n") == "t.csv: has no times: expected a row for each");
  CHECK(refusal_of("0.4,2\n1.2,3\n") ==
        "t.csv:1: 0.4,2: expected a header that names the columns, or one column without a header");
  CHECK(refusal_of("0.4\n1.2\nx\n") ==
        "t.csv:3: column 1 (value): x: expected seconds such as 0.4, or a duration such as 400ms");
  CHECK(parse_times("t.csv", "\n0.4\n400ms\n1e-05\n").value() == std::vector<Duration>{400ms, 400ms, 10us});
  CHECK(parse_times("t.csv", "0.30000000000000004").value() == std::vector<Duration>{300ms});
}

TEST_CASE("the page of queueing lists every parameter with its default", "[queueing][docs]") {
  CHECK(sim::testing::undocumented_parameters(models::queueing::experiment()) == std::vector<std::string>{});
}

TEST_CASE("the warm-up is a number of jobs, a time, or nothing", "[queueing]") {
  const auto fingerprint = [](const char* warm_up) {
    return run("station", {{"warm-up", warm_up}, {"measured_jobs", "2000"}}).totals;
  };
  CHECK(fingerprint("400").virtual_time == from_seconds(2400 / 0.8));
  // 500 s of the 0.8 jobs per second of the defaults.
  CHECK(fingerprint("500s") == fingerprint("400"));
  CHECK(fingerprint("none") == fingerprint("0"));
  CHECK_THAT(refusal({{"warm-up", "long"}}), Catch::Contains("--warm-up long: expected none, auto, a number of jobs"));
}

TEST_CASE("an automatic warm-up drops the filling of a busy station, and next to nothing where it is seldom busy",
          "[queueing]") {
  const auto warmed_up_s = [](const char* arrival) {
    // The pilot runs for as long as is measured, the rest of the virtual time is the warm-up.
    const auto result = run("station", {{"warm-up", "auto"}, {"arrival", arrival}, {"measured_jobs", "20000"}});
    const double measured_s = 20'000 * parse_distribution(arrival).value().mean_s();
    return (to_seconds(result.totals.virtual_time) - 2 * measured_s) / measured_s;
  };
  CHECK(warmed_up_s("exponential(5s)") < 0.02);
  CHECK(warmed_up_s("exponential(1.02s)") > 0.02);
}

TEST_CASE("a pilot that is too short for MSER-5 says so", "[queueing]") {
  CHECK(warns_of(run("station", {{"warm-up", "auto"}, {"measured_jobs", "30"}}), "nothing is dropped"));
}

TEST_CASE("one long run has intervals of its times, unless its batches are correlated", "[queueing]") {
  const auto one = run("station", {{"measured_jobs", "200000"}});
  const harness::Estimate* sojourn = one.find("sojourn_mean");
  REQUIRE(sojourn->half_width.has_value());
  CHECK(std::abs(sojourn->mean - 5.0) < 2 * *sojourn->half_width);
  const harness::Estimate* tail = one.find("sojourn_p95");
  REQUIRE(tail->half_width.has_value());
  CHECK(std::abs(tail->mean - 5.0 * std::log(20.0)) < 2 * *tail->half_width);
  const auto busy = run("station", {{"arrival", "exponential(1.01s)"}, {"measured_jobs", "5000"}});
  CHECK_FALSE(busy.find("sojourn_mean")->half_width.has_value());
  CHECK_FALSE(busy.find("sojourn_p95")->half_width.has_value());
}
