#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libsim/caf/job_pool.hpp"
#include "libsim/harness/experiment/sample_files.hpp"
#include "libsim/harness/run/replication_set.hpp"
#include "libsim/queueing_theory/markovian.hpp"
#include "libsim/queueing_theory/single_server.hpp"
#include "libsim/random/stream.hpp"
#include "libsim/statistics/batch_means.hpp"
#include "libsim/statistics/batch_quantile.hpp"
#include "libsim/statistics/order_statistics.hpp"
#include "libsim/statistics/proportion.hpp"
#include "libsim/testing/golden.hpp"
#include "models/queueing/experiment.hpp"

using namespace sim;
using queueing_theory::SteadyState;

namespace {

constexpr std::uint64_t intervals_per_row = 1000;

/// How many of the intervals of one quantity contain its exact value.
struct Coverage {
  std::string system;
  std::string metric;
  std::string method;
  double exact = 0.0;
  std::uint64_t intervals = 0;
  std::uint64_t covered = 0;

  void add(bool contains_exact) {
    ++intervals;
    covered += contains_exact ? 1 : 0;
  }

  [[nodiscard]] double percent() const { return 100.0 * static_cast<double>(covered) / static_cast<double>(intervals); }
};

double exact_of(const SteadyState& theory, std::string_view metric) {
  if (metric == "wait_mean") {
    return theory.wait_mean_s.value();
  }
  if (metric == "sojourn_mean") {
    return theory.sojourn_mean_s.value();
  }
  if (metric == "wait_p95") {
    return theory.wait_quantile_s(0.95).value();
  }
  REQUIRE(metric == "sojourn_p95");
  return theory.sojourn_quantile_s(0.95).value();
}

// --- intervals over the replications of the experiment ---------------------------------------------------------------

/// Five is what a user in a hurry takes. The normal quantile in place of Student's would cover but 88 %.
constexpr std::uint32_t replications = 5;

/// A station as flags of the experiment `queueing`, and the theory of it.
struct Station {
  std::string name;
  std::vector<std::pair<std::string, std::string>> flags;
  SteadyState theory;
  std::vector<std::string> metrics;
};

/// As short as the experiment allows without a warning.
std::vector<Station> stations() {
  return {{"M/M/1 load 0.5",
           {{"arrival", "exponential(2s)"}, {"measured_jobs", "3000"}, {"warm-up", "300"}},
           queueing_theory::mm_c(0.5, 1.0, 1).value(),
           {"wait_mean", "wait_p95", "sojourn_mean", "sojourn_p95"}},
          {"M/M/3 load 0.6",
           {{"arrival", "exponential(500ms)"},
            {"service", "exponential(900ms)"},
            {"servers", "3"},
            {"measured_jobs", "4000"},
            {"warm-up", "400"}},
           queueing_theory::mm_c(2.0, 1.0 / 0.9, 3).value(),
           {"wait_mean", "wait_p95", "sojourn_mean", "sojourn_p95"}},
          {"M/D/1 load 0.7",
           {{"arrival", "exponential(1s)"}, {"service", "700ms"}, {"measured_jobs", "4000"}, {"warm-up", "400"}},
           queueing_theory::md_1(1.0, 0.7).value(),
           // The sojourn is a constant more.
           {"wait_mean", "wait_p95"}}};
}

void set_flags(harness::Setup& setup, const Station& station) {
  harness::SampleFiles files;
  for (const auto& [name, value] : station.flags) {
    harness::Parameter* parameter = setup.parameters().find(name);
    REQUIRE(parameter != nullptr);
    REQUIRE(parameter->set(value, files));
  }
  REQUIRE(setup.validate());
}

/// One set of replications for each seed from 1 on, as `--replications` runs them.
std::vector<harness::ReplicationSet> run_sets(const harness::Experiment& experiment, const harness::Setup& setup) {
  std::vector<harness::ReplicationSet> sets;
  sets.reserve(intervals_per_row);
  std::vector<harness::Extension> extensions;
  for (std::uint64_t seed = 1; seed <= intervals_per_row; ++seed) {
    sets.emplace_back(experiment, setup, experiment.scenario_index("station").value(),
                      harness::RunSettings{.seed = seed, .detail = harness::Detail::reports});
    extensions.push_back({&sets.back(), replications});
  }
  REQUIRE(harness::extend(extensions, jobs_of_machine()));
  return sets;
}

std::vector<Coverage> coverage_of(const Station& station) {
  const harness::Experiment experiment = models::queueing::experiment();
  const auto setup = experiment.set_up();
  set_flags(*setup, station);
  std::vector<Coverage> rows;
  for (const std::string& metric : station.metrics) {
    rows.push_back(
        {station.name, metric, fmt::format("{} replications", replications), exact_of(station.theory, metric)});
  }
  for (const harness::ReplicationSet& set : run_sets(experiment, *setup)) {
    const harness::ScenarioResult result = set.result();
    REQUIRE(result.replications == replications);
    REQUIRE(result.warnings.empty());
    for (Coverage& row : rows) {
      row.add(result.find(row.metric)->interval(result.confidence).contains(row.exact));
    }
  }
  return rows;
}

// --- intervals from one run ------------------------------------------------------------------------------------------

/// The waits of one customer after the other of M/M/1 with mean service 1 s, by Lindley's recurrence. The first one
/// finds the station in its steady state.
class Waits {
 public:
  Waits(std::uint64_t seed, double load) : load_(load), rng_({.seed = seed, .actor = "station", .purpose = "wait"}) {
    wait_s_ = rng_.chance(load) ? rng_.standard_exponential() / (1.0 - load) : 0.0;
  }

  double next() {
    const double wait_s = wait_s_;
    const double service_s = rng_.standard_exponential();
    wait_s_ = std::max(0.0, wait_s + service_s - rng_.standard_exponential() / load_);
    return wait_s;
  }

  std::vector<double> take(std::uint64_t count) {
    std::vector<double> waits_s(count);
    std::generate(waits_s.begin(), waits_s.end(), [this] { return next(); });
    return waits_s;
  }

  /// Of every hundredth customer only: at a load of 0.5 they are as good as independent (correlation below 1e-5).
  std::vector<double> take_independent(std::uint64_t count) {
    std::vector<double> waits_s;
    for (std::uint64_t index = 0; index < count; ++index) {
      waits_s.push_back(take(100).front());
    }
    return waits_s;
  }

 private:
  double load_;
  double wait_s_ = 0.0;
  RandomStream rng_;
};

std::vector<Coverage> coverage_of_long_runs() {
  constexpr double load = 0.7;
  const SteadyState theory = queueing_theory::mm_c(load, 1.0, 1).value();
  Coverage mean{"M/M/1 load 0.7", "wait_mean", "batch means", exact_of(theory, "wait_mean")};
  Coverage p95{"M/M/1 load 0.7", "wait_p95", "batch quantiles", exact_of(theory, "wait_p95")};
  for (std::uint64_t seed = 1; seed <= intervals_per_row; ++seed) {
    const std::vector<double> waits_s = Waits(seed, load).take(60'000);
    mean.add(batch_means(waits_s).value().interval.contains(mean.exact));
    p95.add(batch_quantile_interval(waits_s, 10, 95.0).value().contains(p95.exact));
  }
  return {mean, p95};
}

Coverage coverage_of_order_statistics() {
  constexpr double load = 0.5;
  const SteadyState theory = queueing_theory::mm_c(load, 1.0, 1).value();
  Coverage p95{"M/M/1 load 0.5", "wait_p95", "order statistics", exact_of(theory, "wait_p95")};
  for (std::uint64_t seed = 1; seed <= intervals_per_row; ++seed) {
    std::vector<double> waits_s = Waits(seed, load).take_independent(1000);
    std::sort(waits_s.begin(), waits_s.end());
    const QuantileInterval interval = quantile_interval(waits_s, 95.0).value();
    p95.add(interval.lower <= p95.exact && p95.exact <= interval.upper);
  }
  return p95;
}

/// Few trials with rare successes, which is where proportion +- 1.96 standard errors would cover but 87 %.
Coverage coverage_of_proportions() {
  constexpr double load = 0.05;
  Coverage waiting{"M/M/1 load 0.05", "wait_probability", "Wilson", load};
  for (std::uint64_t seed = 1; seed <= intervals_per_row; ++seed) {
    const std::vector<double> waits_s = Waits(seed, load).take_independent(40);
    const auto waited = std::count_if(waits_s.begin(), waits_s.end(), [](double wait_s) { return wait_s > 0.0; });
    waiting.add(
        proportion_interval(static_cast<std::uint64_t>(waited), waits_s.size()).value().contains(waiting.exact));
  }
  return waiting;
}

// --- all of them -----------------------------------------------------------------------------------------------------

void append(std::vector<Coverage>& rows, std::vector<Coverage> more) {
  rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::string csv_of(const std::vector<Coverage>& rows) {
  std::string csv = "system,metric,method,exact,intervals,covered,share\n";
  for (const Coverage& row : rows) {
    csv += fmt::format("{},{},{},{:.6g},{},{},{:.1f}\n", row.system, row.metric, row.method, row.exact, row.intervals,
                       row.covered, row.percent());
  }
  return csv;
}

void check_share(const std::string& what, double percent, double from, double to) {
  INFO(fmt::format("{}: {:.1f} % contain the exact value, {} to {} % should", what, percent, from, to));
  CHECK(percent >= from);
  CHECK(percent <= to);
}

}  // namespace

TEST_CASE("of a thousand 95 % intervals of each kind 93 to 97 % contain the exact value", "[coverage]") {
  std::vector<Coverage> rows;
  for (const Station& station : stations()) {
    append(rows, coverage_of(station));
  }
  Coverage over_replications;
  for (const Coverage& row : rows) {
    over_replications.intervals += row.intervals;
    over_replications.covered += row.covered;
  }
  append(rows, coverage_of_long_runs());
  rows.push_back(coverage_of_order_statistics());
  rows.push_back(coverage_of_proportions());

  for (const Coverage& row : rows) {
    check_share(fmt::format("{} {} by {}", row.system, row.metric, row.method), row.percent(), 93.0, 97.0);
  }
  // A standard error over the root of n - 1 instead of n makes 96.4 % of them, too little to be seen in each row.
  check_share("all intervals over replications", over_replications.percent(), 94.0, 96.0);

  const auto committed =
      std::filesystem::path(LIBSIM_TEST_DATA).parent_path() / "results" / "reference" / "coverage.csv";
  CHECK(sim::testing::compare_with_golden(committed, csv_of(rows)) == "");
}
