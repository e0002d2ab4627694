#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/resilience/faults.hpp"
#include "models/resilience/proxied_service.hpp"
#include "models/resilience/scenarios.hpp"

namespace sim::models::resilience {

namespace {

using Entry = actors::BreakerProxy::Entry;
using State = policies::CircuitBreaker::State;
using Journal = std::vector<Entry>;

/// How many results of one kind stand before the first change of another, counted back to the last entry of `since`.
double counted_before(const Journal& journal, Entry::Kind change, Entry::Kind counted, Entry::Kind since) {
  const auto changed =
      std::find_if(journal.begin(), journal.end(), [change](const Entry& entry) { return entry.kind == change; });
  if (changed == journal.end()) {
    return nothing_measured;
  }
  double count = 0;
  for (auto entry = changed; entry != journal.begin() && (entry - 1)->kind != since; --entry) {
    count += (entry - 1)->kind == counted ? 1 : 0;
  }
  return count;
}

/// What users waited for a rejection.
std::vector<double> rejection_times_ms(const std::vector<CallRecord>& records) {
  std::vector<double> times;
  for (const CallRecord& record : records) {
    if (!record.is_open && record.error == policies::ErrorClass::rejected) {
      times.push_back(1e3 * to_seconds(record.ended_at - record.sent_at));
    }
  }
  return times;
}

/// The most requests in a row that were answered among those sent at or after `from`.
std::uint64_t answered_in_a_row(const std::vector<CallRecord>& records, Time from) {
  std::uint64_t longest = 0;
  std::uint64_t row = 0;
  for (const CallRecord& record : records) {
    row = record.sent_at >= from && record.is_answered() ? row + 1 : 0;
    longest = std::max(longest, row);
  }
  return longest;
}

constexpr policies::Fault always_an_error{.kind = policies::FaultKind::errors};

}  // namespace

void breaker(harness::ScenarioRun& run, const Config& config) {
  Simulation& simulation = run.simulation();
  ProxiedService system(simulation, config, config.breaker_scenario.duration);
  system.run_until(config.breaker_scenario.outage_at);
  begin_fault(simulation, system.service(), always_an_error);
  system.run_until(config.breaker_scenario.outage_at + config.breaker_scenario.outage_duration);
  end_fault(simulation, system.service());
  system.drain();

  const Journal& journal = system.journal();
  const std::vector<double> rejections = rejection_times_ms(system.records());
  const std::optional<Time> closed = system.first(Entry::Kind::closed);
  run.report("opens_after_failures", "count",
             counted_before(journal, Entry::Kind::opened, Entry::Kind::failed, Entry::Kind::succeeded));
  run.report("open_rejection_time", "ms", percentile_of(rejections, 99), rejections.size());
  run.report("open_rejection_time_p50", "ms", percentile_of(rejections, 50), rejections.size());
  run.report("open_rejection_time_max", "ms", largest_of(rejections), rejections.size());
  run.report("half_open_successes_to_close", "count",
             counted_before(journal, Entry::Kind::closed, Entry::Kind::succeeded, Entry::Kind::half_opened));
  run.report("opened_at", "s", seconds_at(system.first(Entry::Kind::opened)));
  run.report("closed_at", "s", seconds_at(closed));
  system.report(run, config);
}

void recovery(harness::ScenarioRun& run, const Config& config) {
  const Config::Recovery& script = config.recovery;
  Simulation& simulation = run.simulation();
  ProxiedService system(simulation, config, script.pause * (script.outages_count + 1));
  RandomStream outage_rng({run.seed(), run.replication(), "recovery-script", 0, "outage"});
  std::vector<double> times;
  std::uint32_t healthy_while_open = 0;
  for (std::uint32_t outage = 1; outage <= script.outages_count; ++outage) {
    system.run_until(script.pause * outage);
    begin_fault(simulation, system.service(), {.kind = policies::FaultKind::down});
    simulation.run_for(std::min(script.outage_duration.sample(outage_rng), script.pause));
    end_fault(simulation, system.service());
    check(system.is_service_up(), "an outage is over when its fault ends");
    const Time healthy_at = simulation.now();
    const State state = system.proxy().breaker().state(healthy_at);
    healthy_while_open += state == State::open ? 1 : 0;
    system.run_until(script.pause * (outage + 1));
    const std::optional<Time> closed_at = system.first(Entry::Kind::closed, healthy_at);
    times.push_back(state == State::closed ? 0 : seconds_between(healthy_at, closed_at));
  }
  system.drain();
  if (healthy_while_open < script.outages_count) {
    run.warn(fmt::format("{} of {} outages ended when the breaker was not open",
                         script.outages_count - healthy_while_open, script.outages_count));
  }
  const bool all_closed = std::none_of(times.begin(), times.end(), [](double time) { return std::isnan(time); });
  run.report("recovery_time", "s", all_closed ? largest_of(times) : nothing_measured, times.size());
  run.report("recovery_time_p50", "s", all_closed ? percentile_of(times, 50) : nothing_measured, times.size());
  run.report("healthy_while_open", "count", healthy_while_open, times.size());
  system.report(run, config);
}

void intermittent(harness::ScenarioRun& run, const Config& config) {
  const Config::Intermittent& script = config.intermittent;
  constexpr std::uint64_t calls_in_a_row = 10;
  Config steady = config;
  steady.service.error_probability = 0;  // what fails is what the scenario makes fail
  Simulation& simulation = run.simulation();
  ProxiedService system(simulation, steady, script.duration + script.stable_duration);
  policies::Fault fault = always_an_error;
  fault.probability = script.error_probability;
  begin_fault(simulation, system.service(), fault);
  system.run_until(script.duration);
  end_fault(simulation, system.service());
  const Time stable_at = simulation.now();
  system.drain();

  const bool is_closed = system.proxy().breaker().state(simulation.now()) == State::closed;
  const std::uint64_t in_a_row = answered_in_a_row(system.records(), stable_at);
  run.report("final_state_closed", "bool", is_closed && in_a_row >= calls_in_a_row ? 1 : 0, in_a_row);
  run.report("answered_in_a_row", "count", static_cast<double>(in_a_row), in_a_row);
  run.report("closed_after", "s", seconds_between(stable_at, system.first(Entry::Kind::closed, stable_at)));
  system.report(run, config);
}

}  // namespace sim::models::resilience
