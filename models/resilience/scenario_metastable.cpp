#include <algorithm>
#include <chrono>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include "actors/calls/retry.hpp"
#include "actors/calls/timeout.hpp"
#include "models/faults/idle_faults.hpp"
#include "models/resilience/actors/shed_gate.hpp"
#include "models/resilience/call_service.hpp"
#include "models/resilience/faults.hpp"
#include "models/resilience/measures.hpp"
#include "models/resilience/scenarios.hpp"

namespace sim::models::resilience {

namespace {

using RetryingUsers = Caller<calls::Retry, calls::Timeout>;
using RatePoints = std::vector<policies::RatePoint>;

calls::RetryBudget::Config budget_config(const Config::Metastable& metastable) {
  switch (metastable.retry_budget) {
    case Config::RetryBudget::none:
      return calls::RetryBudget::Unlimited{};
    case Config::RetryBudget::window: {
      policies::WindowRetryBudget::Config window;
      window.budget_percent = metastable.budget_percent;
      window.retries_min = metastable.budget_retries_min;
      return window;
    }
    case Config::RetryBudget::concurrent: {
      policies::ConcurrentRetryBudget::Config concurrent;
      concurrent.budget_percent = metastable.budget_percent;
      return concurrent;
    }
    case Config::RetryBudget::quota:
      return policies::RetryQuota::aws_sdk();
    case Config::RetryBudget::throttle:
      return policies::RetryThrottle::grpc();
  }
  return calls::RetryBudget::Unlimited{};
}

/// Users who retry, and a service with a queue; in between a gate that sheds, if wanted.
class MetastableStage {
 public:
  MetastableStage(Simulation& simulation, const Config& config, RatePoints rates, Duration duration)
      : simulation_(simulation), service_(simulation.spawn<CallService>("service", service_config(config.metastable))) {
    Port<actors::ServiceCall> entrance = service_;
    if (config.metastable.sheds) {
      entrance = simulation.spawn<ShedGate>(
          "shed-gate", ShedGate::Config{config.metastable.shedder, config.metastable.shed_requests_max}, service_);
    }
    RetryingUsers::Config users;
    users.streams = {{.service = 0, .arrivals = {policies::PiecewiseLinearPoissonArrivals{std::move(rates)}}}};
    users.duration = duration;
    auto& [retry, timeout] = users.layers;
    retry.schedule = config.metastable.retry;
    retry.budget = budget_config(config.metastable);
    timeout.timeout = config.metastable.timeout;
    users_ = simulation.spawn<RetryingUsers>("users", std::move(users), entrance);
  }

  [[nodiscard]] Simulation& simulation() const { return simulation_; }
  [[nodiscard]] Ref<CallService> service() const { return service_; }
  [[nodiscard]] const policies::FailingService& rules() const { return simulation_.get(service_).rules(); }
  /// How long the server has been at work.
  [[nodiscard]] double busy_s() const {
    return simulation_.metrics().gauge("service_in_progress_requests", "service").integral();
  }
  [[nodiscard]] const std::vector<CallRecord>& records() const { return simulation_.get(users_).records(); }
  [[nodiscard]] const std::vector<Time>& attempts() const { return simulation_.get(users_).attempts(); }
  [[nodiscard]] Accounts accounts() const { return accounts_of(simulation_, users_); }

 private:
  static CallService::Config service_config(const Config::Metastable& metastable) {
    CallService::Config service;
    service.latency = metastable.service_time;
    service.behaviour.concurrent_requests_max = 1;
    service.behaviour.waiting_max = metastable.queue_capacity;
    return service;
  }

  Simulation& simulation_;
  Ref<CallService> service_;
  Ref<RetryingUsers> users_;
};

struct Window {
  Time begin{};
  Time end{};

  [[nodiscard]] bool contains(Time at) const { return at >= begin && at < end; }
  [[nodiscard]] double length_s() const { return to_seconds(end - begin); }
};

double answered_in(std::span<const CallRecord> records, const Window& window) {
  return static_cast<double>(std::count_if(records.begin(), records.end(), [&](const CallRecord& record) {
    return record.is_answered() && window.contains(record.ended_at);
  }));
}

/// Those sent within a window: records stand in the order in which they were sent.
std::span<const CallRecord> sent_in(std::span<const CallRecord> records, const Window& window) {
  const auto sent_before = [](const CallRecord& record, Time at) { return record.sent_at < at; };
  const auto begin = std::lower_bound(records.begin(), records.end(), window.begin, sent_before);
  return {begin, std::lower_bound(begin, records.end(), window.end, sent_before)};
}

/// Percent of the requests sent within a window that were answered, whenever.
double success_percent(std::span<const CallRecord> records, const Window& window) {
  const auto sent = sent_in(records, window);
  const auto answered =
      std::count_if(sent.begin(), sent.end(), [](const auto& record) { return record.is_answered(); });
  return sent.empty() ? nothing_measured : 100 * static_cast<double>(answered) / static_cast<double>(sent.size());
}

/// Attempts per request, of those made and sent within a window.
double amplification(const MetastableStage& stage, const Window& window) {
  const auto made =
      std::count_if(stage.attempts().begin(), stage.attempts().end(), [&](Time at) { return window.contains(at); });
  const auto sent = sent_in(stage.records(), window).size();
  return sent == 0 ? nothing_measured : static_cast<double>(made) / static_cast<double>(sent);
}

/// From the end of the spike to the first ten seconds whose requests are answered again, `stable` percent of them.
std::optional<Time> recovered_at(std::span<const CallRecord> records, Time spike_end, Time end, double stable) {
  for (Time begin = spike_end; begin + 10s <= end; begin += 1s) {
    if (success_percent(records, {begin, begin + 10s}) >= stable) {
      return begin;
    }
  }
  return std::nullopt;
}

/// The records from the first one on that has not ended before a time. Once it has, nobody need look at it again.
std::span<const CallRecord> not_ended_before(Time at, std::span<const CallRecord> records) {
  const auto first = std::find_if(records.begin(), records.end(),
                                  [&](const CallRecord& record) { return record.is_open || record.ended_at >= at; });
  return {first, records.end()};
}

/// Runs until `end`, writing down once a second how things stand.
void run_with_timeline(const MetastableStage& stage, Time end) {
  Simulation& simulation = stage.simulation();
  double sent_before = static_cast<double>(stage.records().size());
  double attempts_before = static_cast<double>(stage.attempts().size());
  const auto sample = [&](std::string_view series, double value) {
    simulation.metrics().series(series, "timeline").add(value);
  };
  std::size_t ended_before = 0;  // so many of the first records
  while (simulation.now() < end) {
    const Time begin = simulation.now();
    simulation.run_until(std::min(begin + 1s, end));
    const auto recent = not_ended_before(begin, std::span(stage.records()).subspan(ended_before));
    ended_before = stage.records().size() - recent.size();
    const auto sent = static_cast<double>(stage.records().size());
    const auto attempts = static_cast<double>(stage.attempts().size());
    sample("sent_per_s", sent - std::exchange(sent_before, sent));
    sample("attempts_per_s", attempts - std::exchange(attempts_before, attempts));
    sample("goodput_per_s", answered_in(recent, {begin, simulation.now()}));
    sample("queue_requests", stage.rules().waiting());
  }
}

Accounts spike(harness::ScenarioRun& run, const Config& config) {
  const Config::Metastable& script = config.metastable;
  const Duration spike_end_after = script.spike_at + script.spike_duration;
  const RatePoints rates = {{Duration{0}, script.rate_per_s},
                            {script.spike_at, script.rate_per_s},
                            {script.spike_at, script.spike_rate_per_s},
                            {spike_end_after, script.spike_rate_per_s},
                            {spike_end_after, script.rate_per_s}};
  const MetastableStage stage(run.simulation("spike"), config, rates, script.duration);
  spawn_faults(stage.simulation(), config, {{"service", stage.service()}});
  const Time spike_end = Time{} + spike_end_after;
  const Window before{Time{} + script.spike_at / 2, Time{} + script.spike_at};
  const Duration last_quarter = std::chrono::floor<std::chrono::seconds>((script.duration - spike_end_after) / 4);
  const Window after{Time{} + script.duration - last_quarter, Time{} + script.duration};
  run_with_timeline(stage, after.begin);
  const auto served_before = stage.rules().statistics().answered_count;
  const double busy_before = stage.busy_s();
  run_with_timeline(stage, after.end);
  const auto served = static_cast<double>(stage.rules().statistics().answered_count - served_before);
  const double busy = stage.busy_s() - busy_before;
  stage.simulation().run();

  const auto& records = stage.records();
  const auto recovered = recovered_at(records, spike_end, after.end, script.stable_percent);
  const double answered_after = answered_in(records, after);
  run.report("goodput_before", "1/s", answered_in(records, before) / before.length_s());
  run.report("goodput_after", "1/s", answered_after / after.length_s());
  run.report("success_before", "percent", success_percent(records, before));
  run.report("success_after", "percent", success_percent(records, after));
  run.report("amplification_before", "ratio", amplification(stage, before));
  run.report("amplification_factor", "ratio", amplification(stage, after));
  run.report("recovered", "bool", success_percent(records, after) >= script.stable_percent ? 1 : 0);
  run.report("time_to_recover", "s", seconds_between(spike_end, recovered));
  run.report("service_busy_after", "percent", 100 * busy / after.length_s());
  run.report("wasted_work_after", "percent", served == 0 ? nothing_measured : 100 * (1 - answered_after / served));
  warn_of_idle_faults(run, stage.simulation(), config.faults.rows().size());
  return stage.accounts();
}

/// The rates of the ramp: up from the first to the last, and down again.
std::vector<double> ramp_rates(const Config::Metastable& script) {
  std::vector<double> up;
  for (double rate = script.ramp_rate_first_per_s; rate <= script.ramp_rate_last_per_s + 1e-9;
       rate += script.ramp_step_per_s) {
    up.push_back(rate);
  }
  std::vector<double> rates = up;
  rates.insert(rates.end(), up.rbegin() + 1, up.rend());
  return rates;
}

/// The largest rate up to which all steps are stable, from the lowest on.
template <class Step>
double largest_stable(Step first, Step last) {
  double largest = 0;
  for (Step step = first; step != last && step->is_stable; ++step) {
    largest = step->rate;
  }
  return largest;
}

/// The load rises and falls slowly: a system with two stable states keeps the one it is in.
Accounts ramp(harness::ScenarioRun& run, const Config& config) {
  struct RampStep {
    double rate = 0;
    bool is_stable = false;
  };
  const Config::Metastable& script = config.metastable;
  const std::vector<double> rates = ramp_rates(script);
  RatePoints points;
  for (std::size_t step = 0; step < rates.size(); ++step) {
    const auto number = static_cast<std::int64_t>(step);
    points.push_back({script.ramp_step_duration * number, rates[step]});
    points.push_back({script.ramp_step_duration * (number + 1), rates[step]});
  }
  const Duration duration = script.ramp_step_duration * static_cast<std::int64_t>(rates.size());
  const MetastableStage stage(run.simulation("ramp"), config, points, duration);
  stage.simulation().run();

  std::vector<RampStep> steps;
  for (std::size_t step = 0; step < rates.size(); ++step) {
    const Time end = Time{} + script.ramp_step_duration * static_cast<std::int64_t>(step + 1);
    const Window second_half{end - script.ramp_step_duration / 2, end};
    steps.push_back({rates[step], success_percent(stage.records(), second_half) >= script.stable_percent});
  }
  const auto top = static_cast<std::ptrdiff_t>(rates.size() / 2);
  const double up = largest_stable(steps.begin(), steps.begin() + top + 1);
  const double down = largest_stable(steps.rbegin(), steps.rbegin() + top + 1);
  run.report("largest_stable_load_up", "1/s", up, steps.size());
  run.report("largest_stable_load_down", "1/s", down, steps.size());
  run.report("hysteresis", "1/s", up - down, steps.size());
  return stage.accounts();
}

}  // namespace

void metastable(harness::ScenarioRun& run, const Config& config) {
  Accounts accounts = spike(run, config);
  accounts += ramp(run, config);
  report_accounts(run, accounts);
}

}  // namespace sim::models::resilience
