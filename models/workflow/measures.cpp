#include "models/workflow/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "models/faults/idle_faults.hpp"

namespace sim::models::workflow {

namespace {

std::vector<double> stage_means(const Platform& platform) {
  std::vector<double> means;
  for (std::size_t stage = 0; stage < stage_names.size(); ++stage) {
    means.push_back(mean_of(stage_times_s(platform, static_cast<Step>(stage), static_cast<Step>(stage + 1))));
  }
  return means;
}

/// Names the stage that takes the largest share of the whole; nothing when no session went all the way.
void report_bottleneck(harness::ScenarioRun& run, const Platform& platform) {
  const std::vector<double> totals = stage_times_s(platform, Step::requested, Step::pushed);
  if (totals.empty()) {
    return;
  }
  const std::vector<double> means = stage_means(platform);
  const auto longest = std::max_element(means.begin(), means.end());
  const std::string_view stage = stage_names[static_cast<std::size_t>(longest - means.begin())];
  run.report(fmt::format("bottleneck_{}", stage), "percent", 100 * *longest / mean_of(totals), totals.size());
}

void report_stages(harness::ScenarioRun& run, const Platform& platform) {
  std::vector<double> totals = stage_times_s(platform, Step::requested, Step::pushed);
  std::sort(totals.begin(), totals.end());
  const std::uint64_t samples = totals.size();
  const auto report = [&](std::string_view metric, double value) { run.report(metric, "s", value, samples); };
  const std::vector<double> means = stage_means(platform);
  for (std::size_t stage = 0; stage < stage_names.size(); ++stage) {
    report(stage_names[stage], means[stage]);
  }
  report("git_commit_push", mean_of(stage_times_s(platform, Step::synced, Step::pushed)));
  report("total", mean_of(totals));
  if (totals.size() > 1) {
    report("total_min", totals.front());
    report("total_p95", percentile_of(totals, 95));
    report("total_max", totals.back());
  }
}

void report_containers(harness::ScenarioRun& run, const Platform& platform) {
  const auto& statistics = platform.containers().statistics();
  Metrics& metrics = platform.simulation().metrics();
  double open_peak = 0;
  for (const auto& [actor, gauge] : metrics.gauges("open_sessions")) {
    open_peak = std::max(open_peak, gauge.max());
  }
  run.report("open_sessions_max", "sessions", open_peak);
  run.report("containers_max", "containers", statistics.containers_peak);
  run.report("container_starts", "count", static_cast<double>(statistics.started_count));
  run.report("container_failures", "count",
             static_cast<double>(statistics.crashed_count + statistics.start_failed_count));
  run.report("failed_attempts", "count", static_cast<double>(metrics.counter_total("failed_attempts_count")));
}

/// Requested to pushed or refused, as the log has it. That the queue gave a session up is nothing that anybody logs:
/// only the ledger tells.
double open_time_s(MessageId session, const WorkflowLog::Record& record, const Platform& platform) {
  using policies::Outcome;
  Time end = platform.simulation().now();
  const auto outcome = platform.ledger().outcome(session);
  if (outcome && (outcome->outcome == Outcome::dead_lettered || outcome->outcome == Outcome::expired)) {
    end = outcome->at;
  } else if (record.is_complete()) {
    end = *record.at.back();
  } else if (!record.accepted.value_or(true)) {
    end = *record.answered_at;
  }
  return to_seconds(end - *record.at.front());
}

void report_sessions(harness::ScenarioRun& run, const Platform& platform) {
  check_littles_law(run, platform);
  const std::uint64_t in_flight = platform.check_accounts();
  const policies::OutcomeLedger& ledger = platform.ledger();
  const auto report = [&](std::string_view metric, std::uint64_t count) {
    run.report(metric, "sessions", static_cast<double>(count), ledger.sent_count());
  };
  harness::Account identity{.whole = "sessions_requested", .parts = {}};
  report(identity.whole, ledger.sent_count());
  const std::vector<std::pair<std::string, policies::Outcome>> outcomes = {
      {"sessions_completed", policies::Outcome::answered},
      {"sessions_refused", policies::Outcome::rejected},
      {"sessions_dead_lettered", policies::Outcome::dead_lettered},
      {"sessions_expired", policies::Outcome::expired}};
  for (const auto& [metric, outcome] : outcomes) {
    report(identity.parts.emplace_back(metric), ledger.count(outcome));
  }
  report(identity.parts.emplace_back("sessions_in_flight"), in_flight);
  run.report_account(std::move(identity));
}

void report_publishing(harness::ScenarioRun& run, const Platform& platform) {
  const auto& publisher = platform.publisher();
  const auto& statistics = publisher.statistics();
  const auto report = [&](std::string_view metric, std::uint64_t count) {
    run.report(metric, "metrics", static_cast<double>(count), statistics.accepted_count);
  };
  harness::Account identity{.whole = "metrics_handed_over", .parts = {}};
  report(identity.whole, statistics.accepted_count);
  report(identity.parts.emplace_back("metrics_published"), statistics.published_count);
  report(identity.parts.emplace_back("metrics_dropped"), statistics.dropped_count);
  report(identity.parts.emplace_back("metrics_given_up"), statistics.abandoned_count);
  report(identity.parts.emplace_back("metrics_waiting"), publisher.buffered() + publisher.in_batch());
  run.report_account(std::move(identity));
  run.report("publish_batches", "count", static_cast<double>(statistics.batches_count));
  run.report("publish_failures", "count", static_cast<double>(statistics.failures_count), statistics.attempts_count);
}

}  // namespace

void start(harness::ScenarioRun& run, Platform& platform) {
  if (!platform.start()) {
    run.warn(fmt::format("not every container that is kept ready was so after {}", to_text(Platform::start_limit)));
  }
}

std::vector<double> stage_times_s(const Platform& platform, Step from, Step to) {
  std::vector<double> times;
  for (const auto& [session, record] : platform.records()) {
    if (record.is_complete()) {
      times.push_back(to_seconds(record.between(from, to)));
    }
  }
  return times;
}

std::vector<double> response_times_s(const Platform& platform, const Config& config) {
  std::vector<double> times;
  for (const auto& [session, record] : platform.records()) {
    times.push_back(to_seconds(record.response().value_or(config.drain_limit)));
  }
  return times;
}

void check_littles_law(harness::ScenarioRun& run, const Platform& platform) {
  double open_s = 0;
  for (const auto& [session, record] : platform.records()) {
    open_s += open_time_s(session, record, platform);
  }
  run.check_littles_law("sessions", platform.ledger().open_integral(platform.simulation().now()), open_s);
}

void finish(harness::ScenarioRun& run, Platform& platform) {
  report_bottleneck(run, platform);
  report_containers(run, platform);
  report_stages(run, platform);
  report_sessions(run, platform);
  platform.publish_metrics();
  report_publishing(run, platform);
  const policies::PerformanceReport report = performance_report(platform);
  run.attach("performance_report.txt", report.to_text());
  run.attach("performance_report.json", report.to_json());
  warn_of_idle_faults(run, platform.simulation(), platform.faults_count());
}

policies::PerformanceReport performance_report(const Platform& platform) {
  return policies::PerformanceReport(platform.figures().summaries());
}

}  // namespace sim::models::workflow
