#include "libsim/harness/experiment/scenario_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "libsim/failure.hpp"
#include "libsim/statistics/littles_law.hpp"
#include "libsim/statistics/sample_summary.hpp"
#include "libsim/statistics/stability.hpp"
#include "libsim/text/number_text.hpp"

namespace sim::harness {

namespace {

double value_in(const Replication& replication, const std::string& metric) {
  const auto found = std::find_if(replication.reports.begin(), replication.reports.end(),
                                  [&](const Report& report) { return report.metric == metric; });
  check(found != replication.reports.end(), fmt::format("metric {} of an account is reported before it", metric));
  return found->value;
}

/// A simulation with nothing left to happen does nothing more, but says which asks nobody will answer: a deadlock, or
/// workers that wait for more work. The oldest come first, for the others may wait for their askers.
void add_waiting(const std::string& label, Simulation& simulation, std::vector<std::string>& warnings) {
  constexpr std::size_t named_max = 5;
  if (simulation.pending_events() > simulation.never_due().count) {
    return;
  }
  const std::vector<Waiting> waiting = simulation.run_until(simulation.now()).waiting;
  for (std::size_t i = 0; i < std::min(named_max, waiting.size()); ++i) {
    warnings.push_back(fmt::format("simulation {}: {} waits for {} to answer {} since {} s", label, waiting[i].asker,
                                   waiting[i].target, waiting[i].request, sim::to_text(waiting[i].since)));
  }
  if (waiting.size() > named_max) {
    warnings.push_back(
        fmt::format("simulation {}: {} more asks wait for an answer", label, waiting.size() - named_max));
  }
}

/// Of nothing there is no statistic, whatever it was reported as. An account of nothing keeps its zeros: that nothing
/// was sent is a number.
void leave_nothing_measured(Replication& replication) {
  std::set<std::string> counted;
  for (const Account& account : replication.accounts) {
    const bool of_nothing = value_in(replication, account.whole) == 0.0;
    if (of_nothing) {
      counted.insert(account.whole);
      counted.insert(account.parts.begin(), account.parts.end());
    }
  }
  for (Report& report : replication.reports) {
    if (report.samples == 0 && !counted.contains(report.metric)) {
      report.value = nothing_measured;
    }
  }
}

/// What a simulation with nothing else left waits for beyond the end of virtual time; empty: for nothing.
std::string beyond_the_end_text(const std::string& label, Simulation& simulation) {
  const NeverDue never = simulation.never_due();
  if (never.count == 0) {
    return {};
  }
  return fmt::format("after {} s simulation {} has only left what lies beyond it: {}", sim::to_text(simulation.now()),
                     label, to_text(never));
}

void add_curves(const std::string& simulation, const Metrics& metrics, std::vector<Curve>& curves) {
  for (const auto& name : metrics.names()) {
    if (metrics.kind(name) != MetricKind::series) {
      continue;
    }
    for (const auto& [actor, series] : metrics.all_series(name)) {
      curves.push_back({simulation, name, actor, {series.points().begin(), series.points().end()}});
    }
  }
}

}  // namespace

ScenarioRun::ScenarioRun(RunSettings settings) : settings_(settings) {}
ScenarioRun::~ScenarioRun() = default;

Simulation& ScenarioRun::simulation(std::string_view label) {
  const auto same = [&](const Stage& stage) { return stage.label == label; };
  check(std::none_of(stages_.begin(), stages_.end(), same),
        fmt::format("the simulation label {} is used once in a scenario", label));
  Stage stage{.label = std::string(label),
              .observer = nullptr,
              .simulation = std::make_unique<Simulation>(config_of_simulation())};
  if (settings_.events != nullptr) {
    stage.observer =
        settings_.events->observer_for({stage.label, settings_.seed, settings_.replication}, *stage.simulation);
    stage.simulation->observe(stage.observer.get());
  }
  return *stages_.emplace_back(std::move(stage)).simulation;
}

/// The simulations of a scenario, which mostly run one after the other, share what it may do.
Simulation::Config ScenarioRun::config_of_simulation() const {
  Simulation::Config config{
      .seed = settings_.seed, .replication = settings_.replication, .fingerprint = settings_.fingerprint};
  config.never_due_is_refused = true;
  if (settings_.limits) {
    config.events_max = settings_.limits->events_max;
    for (const Stage& stage : stages_) {
      config.events_max -= std::min(config.events_max, stage.simulation->events());
    }
    config.pending_events_max = settings_.limits->pending_events_max;
  }
  return config;
}

void ScenarioRun::report(std::string_view metric, std::string_view unit, double value, std::uint64_t samples) {
  add({std::string(metric), std::string(unit), value, samples});
}

void ScenarioRun::report_share(std::string_view metric, std::uint64_t part, std::uint64_t whole) {
  check(part <= whole, "a part is not more than the whole");
  const double share = whole == 0 ? nothing_measured : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  add({.metric = std::string(metric), .unit = "percent", .value = share, .samples = whole, .is_share = true});
}

void ScenarioRun::report_interval(std::string_view metric, std::string_view unit, const Interval& interval,
                                  std::uint64_t samples) {
  add({.metric = std::string(metric),
       .unit = std::string(unit),
       .value = interval.mean,
       .samples = samples,
       .standard_error = interval.standard_error,
       .independent = interval.samples});
}

void ScenarioRun::add(Report report) {
  const auto same = [&](const Report& other) { return other.metric == report.metric; };
  check(!report.metric.empty() && !report.unit.empty(), "a reported metric has a name and a unit");
  check(std::none_of(replication_.reports.begin(), replication_.reports.end(), same),
        fmt::format("metric {} is reported once in a scenario", report.metric));
  replication_.reports.push_back(std::move(report));
}

void ScenarioRun::report_account(Account account) {
  double sum = 0.0;
  for (const std::string& part : account.parts) {
    sum += value_in(replication_, part);
  }
  const double whole = value_in(replication_, account.whole);
  check(sum == whole, fmt::format("{} is {}, but its parts add up to {}", account.whole, whole, sum));
  replication_.accounts.push_back(std::move(account));
}

void ScenarioRun::check_littles_law(std::string_view what, double number_integral, double sum_of_times) {
  if (!holds_from_empty_to_empty(number_integral, sum_of_times)) {
    warn(fmt::format(
        "Little's law is violated: the number of {} in the system over time gives {} s, but they were there "
        "for {} s",
        what, short_text(number_integral), short_text(sum_of_times)));
  }
}

void ScenarioRun::check_steady(std::string_view what, std::span<const double> levels) {
  constexpr std::size_t levels_min = 100;
  if (levels.size() < levels_min) {
    return;
  }
  const auto growth = growth_of_run(levels);
  check(growth.has_value(), "levels are numbers");
  if (growth->growing) {
    warn(fmt::format(
        "unstable, or too short: {} grew over the run by {:.0f} % of the mean; no mean of this run tells of "
        "a steady state",
        what, 100 * growth->share));
  }
}

void ScenarioRun::attach(std::string_view file_name, std::string text) {
  constexpr std::array<std::string_view, 5> taken = {"manifest.json", "metrics.csv", "targets.csv", "replications.csv",
                                                     "series.csv"};
  const auto same = [&](const Attachment& attachment) { return attachment.file_name == file_name; };
  check(!file_name.empty() && file_name.front() != '.' &&
            file_name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string_view::npos,
        fmt::format("the attachment \"{}\" has a plain file name in lower case", file_name));
  check(std::find(taken.begin(), taken.end(), file_name) == taken.end() &&
            std::none_of(replication_.attachments.begin(), replication_.attachments.end(), same),
        fmt::format("the file {} is in a results folder once", file_name));
  replication_.attachments.push_back({std::string(file_name), std::move(text)});
}

std::string ScenarioRun::beyond_the_end() const {
  for (const Stage& stage : stages_) {
    if (std::string text = beyond_the_end_text(stage.label, *stage.simulation); !text.empty()) {
      return text;
    }
  }
  return {};
}

void ScenarioRun::warn(std::string text) { replication_.warnings.push_back(std::move(text)); }

Replication ScenarioRun::collect() {
  std::vector<std::uint64_t> fingerprints;
  for (const auto& [label, observer, simulation] : stages_) {
    fingerprints.push_back(simulation->fingerprint());
    replication_.totals.events += simulation->events();
    replication_.totals.dead_letters += simulation->dead_letters();
    replication_.totals.virtual_time += simulation->now() - Time{};
    if (settings_.detail == Detail::all) {
      for (auto& row : simulation->metrics().summarize()) {
        replication_.measurements.push_back({label, std::move(row)});
      }
      add_curves(label, simulation->metrics(), replication_.curves);
    }
    if (std::string text = beyond_the_end_text(label, *simulation); !text.empty()) {
      warn(fmt::format("the end of virtual time (292 years): {}", text));
    }
    add_waiting(label, *simulation, replication_.warnings);
  }
  leave_nothing_measured(replication_);
  replication_.totals.virtual_time = replication_.totals.virtual_time.nearest();  // as stores keep it
  replication_.totals.fingerprint = combined_fingerprint(fingerprints);
  if (settings_.detail == Detail::reports) {
    replication_.attachments.clear();
  }
  return std::move(replication_);
}

}  // namespace sim::harness
