#include "models/agents/measures.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

namespace sim::models::agents {

namespace {

constexpr std::array<const char*, 5> end_metrics = {"invocations_ok", "invocations_failed", "invocations_rejected",
                                                    "invocations_refused", "invocations_timed_out"};

Invocations sum_up(const std::vector<Caller::Record>& records, Time now) {
  Invocations invocations;
  std::vector<double> waited_ms;
  std::vector<double> worked_ms;
  Time last_end{};
  for (const Caller::Record& record : records) {
    if (!record.end) {
      ++invocations.in_flight;
      invocations.sides.sum_of_times_s += to_seconds(now - record.asked_at);
      continue;
    }
    invocations.sides.sum_of_times_s += to_seconds(record.ended_at - record.asked_at);
    ++invocations.ends[static_cast<std::size_t>(*record.end)];
    last_end = std::max(last_end, record.ended_at);
    const bool is_answered = *record.end == Caller::End::answered;
    if (is_answered || *record.end == Caller::End::timed_out) {
      invocations.times_in_order_ms.push_back(1e3 * to_seconds(record.ended_at - record.asked_at));
    }
    if (is_answered && record.invoked.from_cache) {
      ++invocations.from_cache;
    } else if (is_answered) {
      waited_ms.push_back(1e3 * to_seconds(record.invoked.waited));
      worked_ms.push_back(1e3 * to_seconds(record.invoked.worked));
    }
  }
  invocations.times_ms = invocations.times_in_order_ms;
  std::sort(invocations.times_ms.begin(), invocations.times_ms.end());
  invocations.elapsed_s = records.empty() ? 0 : to_seconds(last_end - records.front().asked_at);
  invocations.waited_ms_mean = mean_of(waited_ms);
  invocations.worked_ms_mean = mean_of(worked_ms);
  return invocations;
}

}  // namespace

void Invocations::add_ends(const Invocations& other) {
  asked += other.asked;
  in_flight += other.in_flight;
  sides += other.sides;
  for (std::size_t end = 0; end < ends.size(); ++end) {
    ends[end] += other.ends[end];
  }
}

std::uint64_t Invocations::count() const { return std::accumulate(ends.begin(), ends.end(), in_flight); }

Caller::Config caller_of(const Config& config, Kind agent) {
  Caller::Config caller;
  caller.invocations_count = config.loop_invocations_count;
  caller.shares = {};
  caller.shares[static_cast<std::size_t>(agent)] = 1;
  return caller;
}

Invocations call(Simulation& simulation, const Config& config, Caller::Config caller_config) {
  const Office office(simulation, config);
  caller_config.timeout = config.client_timeout;
  caller_config.invalid_token_share = config.invalid_token_share;
  caller_config.invalid_content_share = config.invalid_content_share;
  const auto caller = simulation.spawn<Caller>("caller", std::move(caller_config), office.orchestrator());
  simulation.run();
  Invocations invocations = sum_up(simulation.get(caller).records(), simulation.now());
  invocations.asked = simulation.metrics().counter_total("invocations_count");
  invocations.in_progress_max = simulation.get(office.orchestrator()).in_progress_max();
  invocations.waiting_max = office.waiting_max();
  invocations.busy_workers_max = office.busy_workers_max();
  invocations.worker_utilisation_percent = office.worker_utilisation_percent();
  invocations.sides.number_integral = simulation.get(office.orchestrator()).asked_integral();
  check(invocations.in_flight == simulation.get(office.orchestrator()).in_progress(),
        "an invocation that has not ended is in progress at the orchestrator");
  return invocations;
}

void report_times(harness::ScenarioRun& run, const Invocations& invocations) {
  const std::uint64_t samples = invocations.times_ms.size();
  run.report("invocation_time_mean", "ms", mean_of(invocations.times_ms), samples);
  run.report("invocation_time_p95", "ms", percentile_of(invocations.times_ms, 95), samples);
  run.report("worker_wait_mean", "ms", invocations.waited_ms_mean, samples);
  run.report("agent_work_mean", "ms", invocations.worked_ms_mean, samples);
  run.report("invocations_per_second", "1/s",
             invocations.elapsed_s > 0
                 ? static_cast<double>(invocations.ended(Caller::End::answered)) / invocations.elapsed_s
                 : nothing_measured,
             samples);
}

void report_peaks(harness::ScenarioRun& run, const Invocations& invocations) {
  const std::uint64_t samples = invocations.count();
  run.report("invocations_in_progress_max", "count", static_cast<double>(invocations.in_progress_max), samples);
  run.report("busy_workers_max", "count", invocations.busy_workers_max, samples);
  run.report("calls_waiting_max", "count", invocations.waiting_max, samples);
  run.report("worker_utilisation", "percent", invocations.worker_utilisation_percent, samples);
  run.report("answers_from_cache", "count", static_cast<double>(invocations.from_cache), samples);
}

void report_accounts(harness::ScenarioRun& run, const Invocations& invocations) {
  harness::Account identity{.whole = "invocations", .parts = {}};
  const auto report = [&](const std::string& metric, std::uint64_t count) {
    run.report(metric, "count", static_cast<double>(count), invocations.count());
  };
  report(identity.whole, invocations.asked);
  for (std::size_t end = 0; end < end_metrics.size(); ++end) {
    report(identity.parts.emplace_back(end_metrics[end]), invocations.ends[end]);
  }
  report(identity.parts.emplace_back("invocations_in_flight"), invocations.in_flight);
  run.report_account(std::move(identity));
  if (invocations.ended(Caller::End::timed_out) == 0) {
    run.check_littles_law("invocations", invocations.sides.number_integral, invocations.sides.sum_of_times_s);
  }
}

}  // namespace sim::models::agents
