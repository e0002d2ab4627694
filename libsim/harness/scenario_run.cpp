#include "libsim/harness/scenario_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::harness {

namespace {

/// The asks that nobody will answer. A simulation with nothing left to happen does nothing more, but tells them.
std::vector<Waiting> unanswered_asks(Simulation& simulation) {
  return simulation.pending_events() > 0 ? std::vector<Waiting>{} : simulation.run_until(simulation.now()).waiting;
}

std::string description_of(const Waiting& waiting) {
  return fmt::format("{} waits for {} to answer {} since {} s", waiting.asker, waiting.target, waiting.request,
                     sim::to_text(waiting.since));
}

/// Ends the run like any other bug. The oldest ask stands for all, as the others may wait for its asker.
[[noreturn]] void fail(const std::string& label, const Simulation& simulation, const std::vector<Waiting>& unanswered) {
  const Waiting& oldest = unanswered.front();
  const std::string others = unanswered.size() == 1 ? "" : fmt::format(", and {} more wait", unanswered.size() - 1);
  throw RunFailure(
      fmt::format("simulation {} came to rest with unanswered asks: {}{}", label, description_of(oldest), others),
      {.actor = oldest.asker,
       .message = oldest.request,
       .at = simulation.now(),
       .event = simulation.events(),
       .seed = simulation.seed(),
       .replication = simulation.replication()});
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
              .simulation = std::make_unique<Simulation>(Simulation::Config{
                  .seed = settings_.seed, .replication = settings_.replication, .fingerprint = settings_.fingerprint})};
  if (settings_.events != nullptr) {
    stage.observer =
        settings_.events->observer_for({stage.label, settings_.seed, settings_.replication}, *stage.simulation);
    stage.simulation->observe(stage.observer.get());
  }
  return *stages_.emplace_back(std::move(stage)).simulation;
}

void ScenarioRun::report(std::string_view metric, std::string_view unit, double value, std::uint64_t samples) {
  const auto same = [&](const Report& report) { return report.metric == metric; };
  check(!metric.empty() && !unit.empty(), "a reported metric has a name and a unit");
  check(std::none_of(replication_.reports.begin(), replication_.reports.end(), same),
        fmt::format("metric {} is reported once in a scenario", metric));
  replication_.reports.push_back({std::string(metric), std::string(unit), value, samples});
}

void ScenarioRun::judge_asks(const std::string& label, Simulation& simulation) {
  const auto unanswered = unanswered_asks(simulation);
  if (!unanswered.empty() && !unanswered_asks_allowed_) {
    fail(label, simulation, unanswered);
  }
  for (const auto& waiting : unanswered) {
    warn(fmt::format("simulation {}: {}", label, description_of(waiting)));
  }
}

void ScenarioRun::warn(std::string text) { replication_.warnings.push_back(std::move(text)); }

Replication ScenarioRun::collect() {
  std::vector<std::uint64_t> fingerprints;
  for (const auto& [label, observer, simulation] : stages_) {
    fingerprints.push_back(simulation->fingerprint());
    replication_.totals.events += simulation->events();
    replication_.totals.dead_letters += simulation->dead_letters();
    replication_.totals.virtual_time += simulation->now() - Time{};
    for (auto& row : simulation->metrics().summarize()) {
      replication_.measurements.push_back({label, std::move(row)});
    }
    add_curves(label, simulation->metrics(), replication_.curves);
    judge_asks(label, *simulation);
  }
  replication_.totals.fingerprint = combined_fingerprint(fingerprints);
  return std::move(replication_);
}

}  // namespace sim::harness
