#include <fmt/format.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "libsim/files/input_limits.hpp"
#include "libsim/testing.hpp"
#include "libsim/text/csv_file.hpp"
#include "models/queueing/experiment.hpp"
#include "models/queueing/theory_table.hpp"

using namespace sim;

namespace {

using Flags = std::vector<std::pair<std::string, std::string>>;

/// A row of the table of known results.
struct Row {
  std::string parameters;
  std::string metric;
  double expected = 0.0;

  [[nodiscard]] std::string text(const std::string& name) const {
    std::istringstream list(parameters);
    for (std::string parameter; std::getline(list, parameter, ';');) {
      if (parameter.starts_with(name + "=")) {
        return parameter.substr(name.size() + 1);
      }
    }
    return {};
  }
  [[nodiscard]] double number(const std::string& name) const { return std::stod(text(name)); }
  [[nodiscard]] std::vector<double> numbers(const std::string& name) const {
    std::vector<double> values;
    std::istringstream list(text(name));
    for (std::string value; std::getline(list, value, '|');) {
      values.push_back(std::stod(value));
    }
    return values;
  }
};

const Row& row_of(const std::string& id) {
  static const auto rows = [] {
    std::map<std::string, Row> read;
    auto csv = CsvFile::open(LIBSIM_TEST_DATA "/data/theory/cases.csv", settings_bytes_max);
    REQUIRE(csv);
    while (csv->next_row().value()) {
      const auto field = [&](const char* column) { return std::string(csv->field(csv->column(column).value())); };
      read[field("id")] = {field("parameters"), field("metric"), std::stod(field("expected"))};
    }
    return read;
  }();
  return rows.at(id);
}

/// What the experiment calls the metric of a case, and by what the case's value is multiplied.
std::pair<std::string, double> metric_of(const std::string& metric) {
  static const std::map<std::string, std::pair<std::string, double>> names = {
      {"L_mean_in_system", {"in_system_mean", 1}},
      {"Wq_mean_wait", {"wait_mean", 1}},
      {"mean_wait_all", {"wait_mean", 1}},
      {"W_mean_time_in_system", {"sojourn_mean", 1}},
      {"W_accepted_mean", {"sojourn_mean", 1}},
      {"mean_response_time", {"sojourn_mean", 1}},
      {"mean_response", {"sojourn_mean", 1}},
      {"mean_total_sojourn", {"sojourn_mean", 1}},
      {"mean_in_repair", {"in_system_mean", 1}},
      {"throughput", {"throughput", 1}},
      {"P_wait", {"wait_probability", 100}},
      {"P_wait_ErlangC", {"wait_probability", 100}},
      {"P_loss", {"loss", 100}},
      {"P_block", {"loss", 100}},
      {"P_block_ErlangB", {"loss", 100}},
      {"P_abandon", {"abandonment", 100}},
      {"T_p50", {"sojourn_p50", 1}},
      {"T_p95", {"sojourn_p95", 1}},
      {"T_p99", {"sojourn_p99", 1}},
      {"T_total_p50", {"sojourn_p50", 1}},
      {"T_total_p99", {"sojourn_p99", 1}},
      {"Wq_p95", {"wait_p95", 1}},
      {"T_class_0_mean", {"sojourn_mean_class_1", 1}},
      {"T_class_1_mean", {"sojourn_mean_class_2", 1}},
      {"T_class_2_mean", {"sojourn_mean_class_3", 1}},
      {"Wq_class_0", {"wait_mean_class_1", 1}},
      {"L_node1", {"node1_in_system_mean", 1}},
      {"L_node3", {"node3_in_system_mean", 1}},
  };
  return names.at(metric);
}

/// A mean time with all the digits that the clock has.
std::string seconds(double mean_s) { return fmt::format("{:.9f}s", mean_s); }
std::string exponential_rate(double per_s) { return fmt::format("exponential({})", seconds(1.0 / per_s)); }

constexpr std::uint32_t replications = 20;

/// Runs the experiment with these flags, and compares it with the cases: less than four standard errors of difference,
/// a standard error of at most 3 % (so that a wrong station could not pass by its noise), and the formula that the
/// experiment found, if any, gives the value of the case.
void check_cases(const std::vector<std::string>& ids, const std::string& scenario, const Flags& flags) {
  std::ostringstream command;
  command << "queueing --scenario " << scenario << " --replications " << replications;
  for (const auto& [flag, value] : flags) {
    command << " --" << flag << " '" << value << "'";
  }
  INFO(command.str());
  const auto result =
      sim::testing::run_scenario(models::queueing::experiment(), scenario,
                                 {.seed = 1, .replications = replications, .parameters = flags, .arrivals = {}});
  for (const std::string& id : ids) {
    const Row& row = row_of(id);
    const auto [metric, factor] = metric_of(row.metric);
    const double expected = factor * row.expected;
    const harness::Estimate* estimate = result.find(metric);
    REQUIRE(estimate);
    const auto z = models::queueing::z_score_of(*estimate, expected);
    REQUIRE(z);
    INFO(fmt::format("{} {}: expected {}, simulated {} ± {}, z = {:.2f}", id, metric, expected, estimate->mean,
                     *estimate->half_width, *z));
    CHECK(std::abs(*z) < 4.0);
    CHECK(std::abs((estimate->mean - expected) / *z) <= 0.03 * expected);
    if (const harness::Estimate* theory = result.find(metric + "_theory")) {
      CHECK(theory->mean == Approx(expected).epsilon(2e-6));
    }
  }
}

std::string count(std::uint64_t jobs) { return std::to_string(jobs); }
/// Flags of a station with the lambda, mu and c of a case.
Flags markovian(const Row& row, std::uint64_t jobs) {
  Flags flags{{"arrival", exponential_rate(row.number("lambda"))},
              {"service", exponential_rate(row.number("mu"))},
              {"measured_jobs", count(jobs)}};
  if (!row.text("c").empty()) {
    flags.emplace_back("servers", row.text("c"));
  }
  return flags;
}

void check_markovian(const std::vector<std::string>& ids, std::uint64_t jobs, const Flags& more = {}) {
  Flags flags = markovian(row_of(ids.front()), jobs);
  flags.insert(flags.end(), more.begin(), more.end());
  check_cases(ids, "station", flags);
}

/// Poisson arrivals of the case's rate, and this service.
void check_service(const std::vector<std::string>& ids, const std::string& service, std::uint64_t jobs,
                   const Flags& more = {}) {
  Flags flags{{"arrival", exponential_rate(row_of(ids.front()).number("lambda"))},
              {"service", service},
              {"measured_jobs", count(jobs)}};
  flags.insert(flags.end(), more.begin(), more.end());
  check_cases(ids, "station", flags);
}

/// These arrivals, and exponential services of the case's rate.
void check_arrivals(const std::vector<std::string>& ids, const std::string& arrival, std::uint64_t jobs) {
  check_cases(ids, "station",
              {{"arrival", arrival},
               {"service", exponential_rate(row_of(ids.front()).number("mu"))},
               {"measured_jobs", count(jobs)}});
}

void check_limited(const std::vector<std::string>& ids) {
  const Row& row = row_of(ids.front());
  const std::string capacity = row.text("K_system").empty() ? row.text("c") : row.text("K_system");
  check_markovian(ids, 30'000, {{"capacity", capacity}, {"warm-up", "1000"}});
}

void check_patience(const std::vector<std::string>& ids, const std::string& patience) {
  check_markovian(ids, 20'000, {{"patience", patience}, {"warm-up", "1000"}});
}

void check_erlang_a(const std::vector<std::string>& ids) {
  check_patience(ids, exponential_rate(row_of(ids.front()).number("theta_patience_rate")));
}

void check_sharing(const std::string& id, const std::string& service, std::uint64_t jobs) {
  check_service({id}, service, jobs, {{"discipline", "ps"}});
}

/// Classes with the rates of the case.
void check_classes(const std::vector<std::string>& ids, const std::string& services, const std::string& preemptive,
                   std::uint64_t jobs) {
  const std::vector<double> rates = row_of(ids.front()).numbers("lambdas");
  double sum = 0.0;
  for (const double rate : rates) {
    sum += rate;
  }
  std::string shares;
  for (const double rate : rates) {
    shares += fmt::format("{:.17g} ", rate / sum);
  }
  check_cases(ids, "station",
              {{"arrival", exponential_rate(sum)},
               {"discipline", "priority"},
               {"priority.shares", shares},
               {"priority.services", services},
               {"priority.preemptive", preemptive},
               {"measured_jobs", count(jobs)}});
}

/// A file with a network, gone with its value.
class NetworkFile {
 public:
  explicit NetworkFile(const std::string& rows)
      : path_(std::filesystem::temp_directory_path() / fmt::format("libsim-network-{}.csv", ::getpid())) {
    std::ofstream(path_) << "station,servers,discipline,service,arrival,next\n" << rows;
  }
  NetworkFile(const NetworkFile&) = delete;
  NetworkFile& operator=(const NetworkFile&) = delete;
  ~NetworkFile() { std::filesystem::remove(path_); }

  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

void check_network(const std::vector<std::string>& ids, const std::string& rows, std::uint64_t jobs) {
  const NetworkFile file(rows);
  check_cases(ids, "network", {{"network", file.path()}, {"measured_jobs", count(jobs)}});
}

/// Customers who go through stations with the demands of the case, one after the other.
void check_closed(const std::string& id, const std::string& discipline) {
  const Row& row = row_of(id);
  const std::vector<double> demands = row.numbers("demands");
  std::string rows;
  for (std::size_t index = 0; index < demands.size(); ++index) {
    const std::string next = index + 1 < demands.size() ? fmt::format("s{} 1", index + 1) : "";
    rows += fmt::format("s{},1,{},{},,{}\n", index, discipline, exponential_rate(1.0 / demands[index]), next);
  }
  const NetworkFile file(rows);
  const double think_s = row.number("Z_think_exp");
  check_cases({id}, "closed",
              {{"closed.network", file.path()},
               {"closed.customers", row.text("N")},
               {"closed.think_time", think_s > 0 ? exponential_rate(1 / think_s) : "0s"},
               {"warm-up", "500"},
               {"measured_jobs", "5000"}});
}

void check_repairs(const std::vector<std::string>& ids) {
  const Row& row = row_of(ids.front());
  check_cases(ids, "station",
              {{"sources", row.text("N_sources")},
               {"servers", row.text("servers")},
               {"think_time", exponential_rate(row.number("lambda_each"))},
               {"service", exponential_rate(row.number("mu"))},
               {"warm-up", "1000"},
               {"measured_jobs", "10000"}});
}

}  // namespace

TEST_CASE("queueing reproduces M/M/1", "[queueing][slow]") {
  check_markovian({"A-MM1-01", "A-MM1-03", "A-MM1-05"}, 20'000);
  check_markovian({"A-MM1-09", "A-MM1-11", "A-MM1-13", "A-MM1-29"}, 30'000);
}

TEST_CASE("queueing reproduces M/M/1 at 90 % and 95 % load", "[queueing][.long]") {
  check_markovian({"A-MM1-15", "A-MM1-17", "A-MM1-19"}, 400'000);
  check_markovian({"A-MM1-23", "A-MM1-25", "A-MM1-27"}, 1'000'000);
}

TEST_CASE("queueing reproduces Erlang C", "[queueing][slow]") {
  check_markovian({"A-MMC-01", "A-MMC-03"}, 20'000);
  check_markovian({"A-MMC-05", "A-MMC-07"}, 20'000);
  check_markovian({"A-MMC-09", "A-MMC-11"}, 30'000);
  check_markovian({"A-MMC-13", "A-MMC-15"}, 30'000);
}

TEST_CASE("queueing reproduces Erlang C at 90 % and 95 % load", "[queueing][.long]") {
  check_markovian({"A-MMC-17", "A-MMC-19"}, 500'000);
  check_markovian({"A-MMC-21", "A-MMC-23"}, 300'000);
  check_markovian({"A-MMC-25"}, 900'000);
}

TEST_CASE("queueing reproduces Erlang B, whatever the law of the service", "[queueing][slow]") {
  check_limited({"A-ERLB-01"});
  check_limited({"A-ERLB-03"});
  check_limited({"A-ERLB-05"});
  check_service({"A-ERLB-07"}, "1s", 20'000, {{"servers", "10"}, {"capacity", "10"}, {"warm-up", "1000"}});
}

TEST_CASE("queueing reproduces M/M/c/K", "[queueing][slow]") {
  check_limited({"A-MMCK-01", "A-MMCK-03"});
  check_limited({"A-MMCK-05", "A-MMCK-07"});
  check_limited({"A-MMCK-09", "A-MMCK-11"});
  check_limited({"A-MMCK-13", "A-MMCK-15"});
  check_limited({"A-MMCK-17", "A-MMCK-19"});
}

TEST_CASE("queueing reproduces M/G/1 by Pollaczek and Khinchine", "[queueing][slow]") {
  const std::string weibull = fmt::format("weibull(shape=0.7, scale={})", seconds(1.0 / std::tgamma(1.0 + 1.0 / 0.7)));
  check_service({"A-MG1-01", "A-MG1-27"}, "1s", 10'000);
  check_service({"A-MG1-29"}, "1s", 20'000);
  check_service({"A-MG1-03"}, "erlang(k=4, mean=1s)", 15'000);
  check_service({"A-MG1-05"}, "lognormal(mean=1s, cv=1)", 30'000);
  check_service({"A-MG1-07"}, "uniform(0s, 2s)", 15'000);
  check_service({"A-MG1-09"}, weibull, 20'000);
  check_service({"A-MG1-21"}, "uniform(0s, 2s)", 25'000);
  check_service({"A-MG1-23"}, "mixture(0.9: constant(500ms), 0.1: constant(5500ms))", 60'000);
  check_service({"A-MG1-31"}, "erlang(k=2, mean=1s)", 20'000);
}

TEST_CASE("queueing reproduces G/M/1, also with bursts of arrivals", "[queueing][slow]") {
  const auto between = [](const std::string& id) { return 1.0 / row_of(id).number("lambda"); };
  check_arrivals({"A-GM1-01", "A-GM1-03"}, seconds(between("A-GM1-01")), 20'000);
  check_arrivals({"A-GM1-05"}, seconds(between("A-GM1-05")), 10'000);
  check_arrivals({"A-GM1-07", "A-GM1-09"}, fmt::format("erlang(k=2, mean={})", seconds(between("A-GM1-07"))), 20'000);
  check_arrivals({"A-GM1-11"}, fmt::format("erlang(k=10, mean={})", seconds(between("A-GM1-11"))), 20'000);
  check_arrivals({"A-GM1-13", "A-GM1-15"}, fmt::format("hyperexponential(mean={}, cv=2)", seconds(between("A-GM1-13"))),
                 40'000);
  check_arrivals({"A-GM1-17"}, fmt::format("uniform(0s, {})", seconds(2 * between("A-GM1-17"))), 20'000);
  // A dispatcher that gives every second Poisson arrival to one of two servers.
  check_cases({"A-LB-05"}, "station",
              {{"arrival", "erlang(k=2, mean=1.25s)"}, {"service", "exponential(1s)"}, {"measured_jobs", "20000"}});
  // Kuczura (1973): to a single queue, Poisson arrivals that are switched on and off come at hyperexponential times.
  // The rates of the two branches are the roots of x^2 - (2 + 0.5 + 0.25) x + 2 * 0.25.
  const double root = std::sqrt(2.75 * 2.75 - 4 * 0.5);
  const double fast = (2.75 + root) / 2;
  const double slow = (2.75 - root) / 2;
  const double weight = (2 - slow) / (fast - slow);
  check_arrivals({"A-BURST-01"},
                 fmt::format("hyperexponential({:.12f}: {}, {:.12f}: {})", weight, seconds(1 / fast), 1 - weight,
                             seconds(1 / slow)),
                 60'000);
}

TEST_CASE("queueing reproduces processor sharing, whatever the law of the service", "[queueing][slow]") {
  check_sharing("A-PS-01", "exponential(200ms)", 15'000);
  check_sharing("A-PS-03", "exponential(166.666667ms)", 15'000);
  check_sharing("A-PS-05", "1s", 20'000);
  check_sharing("A-PS-07", "lognormal(mean=1s, cv=2)", 30'000);
}

TEST_CASE("queueing reproduces priorities", "[queueing][slow]") {
  const std::string three = "500ms; exponential(1s); hyperexponential(mean=1s, cv=2)";
  check_classes({"A-PRIO-01"}, "", "off", 30'000);
  check_classes({"A-PRIO-03"}, "", "on", 30'000);
  check_classes({"A-PRIO-05", "A-PRIO-07"}, three, "off", 40'000);
  check_classes({"A-PRIO-09"}, three, "on", 30'000);
  check_cases({"A-PRIO-11"}, "station",
              {{"arrival", "exponential(250ms)"},
               {"servers", "5"},
               {"discipline", "priority"},
               {"priority.shares", "0.375 0.625"},
               {"measured_jobs", "30000"}});
}

TEST_CASE("queueing reproduces Erlang A and deadlines", "[queueing][slow]") {
  check_erlang_a({"A-REN-01", "A-REN-03"});
  check_erlang_a({"A-REN-05"});
  check_erlang_a({"A-REN-07", "A-REN-09"});
  check_erlang_a({"A-REN-11"});
  check_erlang_a({"A-REN-13", "A-REN-15"});
  check_patience({"A-REN-17"}, "3s");
  check_patience({"A-REN-19"}, "300ms");
}

TEST_CASE("queueing reproduces mean value analysis", "[queueing][slow]") {
  check_closed("A-MVA-01", "fifo");
  check_closed("A-MVA-03", "fifo");
  check_closed("A-MVA-05", "fifo");
  check_closed("A-MVA-07", "ps");
  check_closed("A-MVA-09", "fifo");
  check_closed("A-MVA-11", "ps");
  check_closed("A-MVA-13", "fifo");
}

TEST_CASE("queueing reproduces the repairman's problem", "[queueing][slow]") {
  check_repairs({"A-REP-01", "A-REP-03"});
  check_repairs({"A-REP-05"});
  check_repairs({"A-REP-07", "A-REP-09"});
  check_repairs({"A-REP-11"});
}

TEST_CASE("queueing reproduces open networks", "[queueing][slow]") {
  check_network({"A-JACK-01", "A-JACK-03"},
                "node1,1,fifo,exponential(400ms),exponential(1s),node2 0.5 node3 0.3\n"
                "node2,1,fifo,exponential(333.333333ms),exponential(2s),node1 0.2 node3 0.3\n"
                "node3,1,fifo,exponential(500ms),,node2 0.4\n",
                15'000);
  check_network({"A-JACK-05"}, "node,1,fifo,exponential(1s),exponential(2.5s),node 0.5\n", 30'000);
  check_network({"A-TAN-01", "A-TAN-03"},
                "first,1,fifo,exponential(1s),exponential(1.25s),second 1\n"
                "second,1,fifo,exponential(800ms),,\n",
                40'000);
}
