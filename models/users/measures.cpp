#include "models/users/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "models/faults/idle_faults.hpp"

namespace sim::models::users {

namespace {

constexpr std::array<std::pair<User::End, const char*>, 6> all_ends = {{{User::End::complete, "requests_complete"},
                                                                        {User::End::cached, "requests_cached"},
                                                                        {User::End::partial, "requests_partial"},
                                                                        {User::End::throttled, "requests_throttled"},
                                                                        {User::End::failed, "requests_failed"},
                                                                        {User::End::timed_out, "requests_timed_out"}}};

/// The most workflows in progress at one time, out of their beginnings and ends; what ends at the moment when another
/// begins is not counted with it.
std::uint64_t most_at_once(const System& system) {
  std::vector<std::pair<Time, int>> changes;
  for (const Ref<User> user : system.users()) {
    for (const User::Workflow& workflow : system.user(user).workflows()) {
      changes.emplace_back(workflow.started_at, 1);
      changes.emplace_back(workflow.ended_at.value_or(Time::max()), -1);
    }
  }
  std::sort(changes.begin(), changes.end());
  std::int64_t now = 0;
  std::int64_t most = 0;
  for (const auto& [at, change] : changes) {
    now += change;
    most = std::max(most, now);
  }
  return static_cast<std::uint64_t>(most);
}

/// A workflow with a failed step counts as never answered.
Duration response_time(const System& system, const User::Workflow& workflow, Duration timeout) {
  const Duration took = workflow.ended_at.value_or(system.users_done_at()) - workflow.started_at;
  return workflow.completed ? took : std::max(took, timeout);
}

void report_accounts(harness::ScenarioRun& run, const System& system) {
  std::array<std::uint64_t, all_ends.size()> ended{};
  std::uint64_t sent = 0;
  std::uint64_t open = 0;
  for (const Ref<User> user : system.users()) {
    for (const User::Request& request : system.user(user).requests()) {
      ++sent;
      if (request.end) {
        ++ended[static_cast<std::size_t>(*request.end)];
      } else {
        ++open;
      }
    }
  }
  harness::Account account{.whole = "requests_sent", .parts = {}};
  const auto report = [&](const std::string& metric, std::uint64_t count) {
    run.report(metric, "requests", static_cast<double>(count), sent);
  };
  report(account.whole, sent);
  for (const auto& [end, metric] : all_ends) {
    report(account.parts.emplace_back(metric), ended[static_cast<std::size_t>(end)]);
  }
  report(account.parts.emplace_back("requests_open"), open);
  run.report_account(std::move(account));
}

void report_writes(harness::ScenarioRun& run, const System& system) {
  const WriteQueue& writes = system.writes();
  const std::uint64_t accepted = writes.accepted_count();
  harness::Account account{.whole = "writes_accepted", .parts = {"writes_committed", "writes_lost", "writes_open"}};
  run.report(account.whole, "writes", static_cast<double>(accepted), accepted);
  run.report(account.parts[0], "writes", static_cast<double>(writes.committed_count()), accepted);
  run.report(account.parts[1], "writes", static_cast<double>(writes.lost_count()), accepted);
  run.report(account.parts[2], "writes", static_cast<double>(writes.open_count()), accepted);
  run.report_account(std::move(account));
}

void report_times(harness::ScenarioRun& run, const std::vector<double>& times) {
  for (const int percents : {50, 95, 99}) {
    run.report(fmt::format("response_p{}", percents), "s", percentile_of(times, percents), times.size());
  }
}

}  // namespace

Span requests_span(const System& system) {
  Span span;
  for (const Ref<User> user : system.users()) {
    for (const User::Request& request : system.user(user).requests()) {
      span.first = std::min(span.first, request.sent_at);
      span.last = std::max(span.last, request.end ? request.ended_at : system.users_done_at());
    }
  }
  return span;
}

void run_all(harness::ScenarioRun& run, System& system) {
  if (!system.run()) {
    run.warn(fmt::format("cut off at {}: not everything had ended", to_text(system.simulation().now() - Time{})));
  }
  warn_of_late_faults(run, system.simulation(), system.faults_count());
}

void report_workflows(harness::ScenarioRun& run, const System& system, Duration timeout) {
  std::uint64_t completed = 0;
  std::uint64_t steps = 0;
  std::vector<double> times;
  Span span;
  for (const Ref<User> user : system.users()) {
    for (const User::Workflow& workflow : system.user(user).workflows()) {
      times.push_back(to_seconds(response_time(system, workflow, timeout)));
      completed += workflow.completed ? 1 : 0;
      steps += workflow.steps_completed;
      span.first = std::min(span.first, workflow.started_at);
      span.last = std::max(span.last, workflow.ended_at.value_or(system.users_done_at()));
    }
  }
  const std::uint64_t started = times.size();
  run.report_share("success_rate", completed, started);
  report_times(run, times);
  run.report("throughput", "ops/s",
             span.length_s() > 0 ? static_cast<double>(steps) / span.length_s() : nothing_measured, steps);
  run.report("concurrent_users", "count", static_cast<double>(most_at_once(system)), started);
  run.report("duration", "s", span.length_s());
}

void report_response_p95(harness::ScenarioRun& run, const System& system, Duration timeout, std::string_view metric,
                         Duration from, Duration until) {
  std::vector<double> times;
  for (const Ref<User> user : system.users()) {
    for (const User::Workflow& workflow : system.user(user).workflows()) {
      if (workflow.started_at >= Time{from} && workflow.started_at < Time{until}) {
        times.push_back(to_seconds(response_time(system, workflow, timeout)));
      }
    }
  }
  run.report(metric, "s", percentile_of(times, 95), times.size());
}

void report_operations(harness::ScenarioRun& run, const System& system) {
  std::uint64_t begun = 0;
  std::uint64_t succeeded = 0;
  std::vector<double> times;
  for (const Ref<User> user : system.users()) {
    begun += system.user(user).operations_begun();
    succeeded += system.user(user).operations_succeeded();
    for (const User::Request& request : system.user(user).requests()) {
      times.push_back(to_seconds((request.end ? request.ended_at : system.users_done_at()) - request.sent_at));
    }
  }
  run.report("duration", "s", requests_span(system).length_s(), begun);
  run.report_share("success_rate", succeeded, begun);
  report_times(run, times);
}

void report_reads(harness::ScenarioRun& run, const System& system) {
  const Metrics& metrics = system.simulation().metrics();
  const std::uint64_t hits = metrics.counter_total("cache_hits_count");
  run.report_share("cache_hit_rate", hits, hits + metrics.counter_total("cache_misses_count"));
  run.report_share("outdated_reads", metrics.counter_total("outdated_answers_count"),
                   metrics.counter_total("record_answers_count"));
}

void check_littles_law(harness::ScenarioRun& run, const System& system) {
  double waited_s = 0;
  for (const Ref<User> user : system.users()) {
    for (const User::Request& request : system.user(user).requests()) {
      if (request.end == User::End::timed_out) {
        return;
      }
      waited_s += to_seconds((request.end ? request.ended_at : system.simulation().now()) - request.sent_at);
    }
  }
  run.check_littles_law("requests", system.network().carried_integral(), waited_s);
}

void report_resources(harness::ScenarioRun& run, const System& system) {
  const Metrics& metrics = system.simulation().metrics();
  const auto most = [&](const char* gauge) { return metrics.gauge_aggregate(gauge)->max; };
  const auto waits = metrics.merged_tally("pool_wait_s").value_or(Tally{});
  run.report("pool_wait_p95", "s", waits.empty() ? nothing_measured : waits.percentile(95), waits.count());
  run.report("pool_in_use_max", "connections", most("pool_in_use_connections"));
  run.report("concurrent_requests_max", "count", most("requests_in_progress_count"));
  run.report("application_cpu_mean", "percent", system.use().application_cpu_percent);
  run.report("primary_cpu_mean", "percent", system.use().database_cpu_percent);
  run.report("application_memory_max", "MB", most("application_memory_mb"));
  const double seconds = to_seconds(system.users_done_at() - Time{});
  const auto megabits = static_cast<double>(metrics.counter_total("network_bytes")) * 8e-6;
  run.report("bandwidth_mean", "Mbit/s", seconds > 0 ? megabits / seconds : nothing_measured);
  run.report("bandwidth_max", "Mbit/s", most("bandwidth_mbit_per_s"));
  report_writes(run, system);
  report_accounts(run, system);
  check_littles_law(run, system);
}

}  // namespace sim::models::users
