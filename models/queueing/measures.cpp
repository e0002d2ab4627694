#include "models/queueing/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "libsim/statistics/batch_means.hpp"
#include "libsim/statistics/order_statistics.hpp"
#include "libsim/statistics/sample_summary.hpp"

namespace sim::models::queueing {

namespace {

double share_percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? nothing_measured : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

/// Reports metrics, each with its theory behind it.
class Reporter {
 public:
  Reporter(harness::ScenarioRun& run, const Theory& theory) : run_(run), theory_(theory) {}

  void report(const std::string& metric, std::string_view unit, double value, std::uint64_t samples) {
    run_.report(metric, unit, value, samples);
    report_theory(metric, unit);
  }

  void report_times(const std::string& name, std::vector<double> times_s) {
    report_mean(name, times_s);
    std::sort(times_s.begin(), times_s.end());
    for (const int percent : {50, 95, 99}) {
      report(fmt::format("{}_p{}", name, percent), "s",
             times_s.empty() ? nothing_measured : percentile(times_s, percent), times_s.size());
    }
  }

  /// With an interval from batch means, for who looks at one long run; where that cannot be trusted there is none.
  void report_mean(const std::string& name, const std::vector<double>& times_s) {
    const std::string metric = name + "_mean";
    const auto batches = batch_means(times_s);
    if (batches && batches->independent) {
      Interval interval = batches->interval;
      interval.mean = mean_of(times_s);
      run_.report_interval(metric, "s", interval, times_s.size());
    } else {
      run_.report(metric, "s", mean_of(times_s), times_s.size());
    }
    report_theory(metric, "s");
  }

  void report_means(const std::string& name, const std::vector<Moments>& by_class) {
    for (std::size_t job_class = 0; by_class.size() > 1 && job_class < by_class.size(); ++job_class) {
      const Moments& times = by_class[job_class];
      report(fmt::format("{}_class_{}", name, job_class + 1), "s", times.count() == 0 ? nothing_measured : times.mean(),
             times.count());
    }
  }

 private:
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
  reporter.report("wait_probability", "percent", share_percent(static_cast<std::uint64_t>(waited), waits.size()),
                  waits.size());
  reporter.report_times("sojourn", record.sojourns_s());
  reporter.report_means("sojourn_mean", record.sojourns_of_class_s());
  reporter.report("queue_length_mean", "jobs", levels.queue_length, counts.present);
  reporter.report("in_system_mean", "jobs", levels.in_system, counts.present);
  reporter.report("loss", "percent", share_percent(counts.lost, counts.arrived), counts.arrived);
  reporter.report("abandonment", "percent", share_percent(counts.abandoned, waits.size()), waits.size());
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
