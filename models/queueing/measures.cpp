#include "models/queueing/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "libsim/statistics/batch_means.hpp"
#include "libsim/statistics/batch_quantile.hpp"
#include "libsim/statistics/order_statistics.hpp"
#include "libsim/statistics/sample_summary.hpp"

namespace sim::models::queueing {

namespace {

/// Reports metrics, each with its theory behind it.
class Reporter {
 public:
  Reporter(harness::ScenarioRun& run, const Theory& theory) : run_(run), theory_(theory) {}

  void report(const std::string& metric, std::string_view unit, double value, std::uint64_t samples) {
    run_.report(metric, unit, value, samples);
    report_theory(metric, unit);
  }

  void report_share(const std::string& metric, std::uint64_t part, std::uint64_t whole) {
    run_.report_share(metric, part, whole);
    report_theory(metric, "percent");
  }

  /// With intervals from batches, for who looks at one long run; where batches are not independent there are none.
  void report_times(const std::string& name, const std::vector<double>& times_s) {
    const auto means = batch_means(times_s);
    const bool independent = means && means->independent;
    report_time(name + "_mean", mean_of(times_s), times_s.size(),
                independent ? std::optional(means->interval) : std::nullopt);
    std::vector<double> sorted = times_s;
    std::sort(sorted.begin(), sorted.end());
    for (const int percent : {50, 95, 99}) {
      const auto interval = batch_quantile_interval(times_s, quantile_batches, percent);
      report_time(fmt::format("{}_p{}", name, percent), sorted.empty() ? nothing_measured : percentile(sorted, percent),
                  sorted.size(), independent && interval ? std::optional(*interval) : std::nullopt);
    }
  }

  void report_means(const std::string& name, const std::vector<Moments>& by_class) {
    for (std::size_t job_class = 0; by_class.size() > 1 && job_class < by_class.size(); ++job_class) {
      const Moments& times = by_class[job_class];
      report(fmt::format("{}_class_{}", name, job_class + 1), "s", times.count() == 0 ? nothing_measured : times.mean(),
             times.count());
    }
  }

 private:
  /// Fewer batches than a mean has: each must be long enough for its own percentile.
  static constexpr std::uint32_t quantile_batches = 10;

  /// The value is that of all times, the width that of the batches.
  void report_time(const std::string& metric, double value_s, std::uint64_t samples, std::optional<Interval> interval) {
    if (interval) {
      interval->mean = value_s;
      run_.report_interval(metric, "s", *interval, samples);
    } else {
      run_.report(metric, "s", value_s, samples);
    }
    report_theory(metric, "s");
  }

  void report_theory(const std::string& metric, std::string_view unit) {
    if (const auto expected = theory_.value(metric)) {
      run_.report(metric + "_theory", unit, *expected);
    }
  }

  harness::ScenarioRun& run_;
  const Theory& theory_;
};

void report_account(harness::ScenarioRun& run, const Record& record) {
  const Record::Counts& counts = record.counts();
  const auto report = [&](std::string_view metric, std::uint64_t count) {
    run.report(metric, "jobs", static_cast<double>(count), counts.present);
  };
  report("jobs_present", counts.present);
  report("jobs_served", counts.served);
  report("jobs_lost", counts.lost);
  report("jobs_abandoned", counts.abandoned);
  report("jobs_in_system", record.in_system());
  run.report_account(
      {.whole = "jobs_present", .parts = {"jobs_served", "jobs_lost", "jobs_abandoned", "jobs_in_system"}});
}

}  // namespace

Levels levels_of(Plant& plant) {
  return {.utilisation = plant.mean_level("server_utilisation_ratio"),
          .queue_length = plant.mean_level("server_queue_items"),
          .in_system = plant.mean_level("server_in_system_items"),
          .measured = plant.measured()};
}

// A job that moves between stations is in neither for no time.
void check_littles_law(harness::ScenarioRun& run, Plant& plant) {
  run.check_littles_law("jobs", plant.mean_level("server_in_system_items") * to_seconds(plant.measured()),
                        to_seconds(plant.record().time_in_system(plant.simulation().now())));
}

void report_measures(harness::ScenarioRun& run, const Plant& plant, const Levels& levels, const Theory& theory) {
  const Record& record = plant.record();
  const Record::Counts& counts = record.counts();
  const std::vector<double>& waits = record.waits_s();
  Reporter reporter(run, theory);
  if (plant.stations().size() == 1) {
    reporter.report("utilisation", "percent", 100.0 * levels.utilisation, counts.present);
  }
  const double measured_s = to_seconds(plant.measured());
  reporter.report("throughput", "1/s",
                  measured_s > 0.0 ? static_cast<double>(counts.served) / measured_s : nothing_measured, counts.served);
  reporter.report_times("wait", waits);
  reporter.report_means("wait_mean", record.waits_of_class_s());
  const auto waited = std::count_if(waits.begin(), waits.end(), [](double wait_s) { return wait_s > 0.0; });
  reporter.report_share("wait_probability", static_cast<std::uint64_t>(waited), waits.size());
  reporter.report_times("sojourn", record.sojourns_s());
  reporter.report_means("sojourn_mean", record.sojourns_of_class_s());
  reporter.report("queue_length_mean", "jobs", levels.queue_length, counts.present);
  reporter.report("in_system_mean", "jobs", levels.in_system, counts.present);
  reporter.report_share("loss", counts.lost, counts.arrived);
  reporter.report_share("abandonment", counts.abandoned, counts.served + counts.abandoned);
  report_account(run, record);
}

void report_stations(harness::ScenarioRun& run, Plant& plant, const Theory& theory) {
  Reporter reporter(run, theory);
  for (const Plant::Station& station : plant.stations()) {
    const Tally& sojourns = plant.simulation().metrics().tally("server_time_in_system_s", station.name);
    const std::uint64_t visits = sojourns.count();
    reporter.report(station.name + "_utilisation", "percent",
                    100.0 * plant.mean_level("server_utilisation_ratio", station.name), visits);
    reporter.report(station.name + "_in_system_mean", "jobs", plant.mean_level("server_in_system_items", station.name),
                    visits);
    reporter.report(station.name + "_sojourn_mean", "s", visits == 0 ? nothing_measured : sojourns.mean(), visits);
  }
}

}  // namespace sim::models::queueing
