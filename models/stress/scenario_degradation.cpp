#include <algorithm>

#include "models/stress/actors/feature_actors.hpp"
#include "models/stress/measures.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

namespace {

using policies::LoadShedder;

constexpr std::uint32_t bit(Feature feature) { return std::uint32_t{1} << static_cast<std::uint32_t>(feature); }

/// A level begins with one request more than `above`. One that is never left keeps its features off for good.
LoadShedder::Threshold threshold(const Config::Degradation& settings, std::uint32_t above, double rank) {
  const double enter = above + 1.0;
  return {enter, settings.recovers ? enter - settings.hysteresis : -1.0 + rank / 10};
}

LoadShedder::Config shedder_rules(const Config::Degradation& settings) {
  constexpr std::uint32_t reduced = bit(Feature::analytics) | bit(Feature::recommendations);
  LoadShedder::Config rules;
  rules.degraded = threshold(settings, settings.reduced_above, 0);
  rules.minimal = threshold(settings, settings.minimal_above, 1);
  rules.shedding = threshold(settings, settings.core_off_above, 2);
  rules.features_off = {0, reduced, reduced | bit(Feature::search),
                        reduced | bit(Feature::search) | bit(Feature::core)};
  return rules;
}

/// Whether the feature was asked for at that load, with that many requests in flight, and answered so.
bool observed(const FeatureProbe& probe, std::uint32_t load, Feature feature, bool is_degraded) {
  const auto& observations = probe.observations();
  return std::any_of(observations.begin(), observations.end(), [&](const FeatureProbe::Observation& each) {
    return each.load == load && each.feature == feature && each.answer.in_flight == load &&
           each.answer.is_degraded == is_degraded;
  });
}

bool all_on(const FeatureProbe& probe, std::uint32_t load) {
  return std::all_of(all_features.begin(), all_features.end(),
                     [&](Feature feature) { return observed(probe, load, feature, false); });
}

}  // namespace

void degradation(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.degradation;
  constexpr std::uint32_t calm = 1;
  Simulation& simulation = run.simulation();
  const FeatureService::Config serving{shedder_rules(settings), settings.processing};
  const auto service = simulation.spawn<FeatureService>("service", serving);
  const FeatureProbe::Config script{{settings.load, settings.peak_load, calm}};
  const auto prober = simulation.spawn<FeatureProbe>("users", script, Port<FeatureRequest>(service));
  simulation.run();

  const FeatureProbe& seen = simulation.get(prober);
  const bool reduced = observed(seen, settings.load, Feature::analytics, true) &&
                       observed(seen, settings.load, Feature::recommendations, true);
  std::uint32_t in_flight_max = 0;
  for (const auto& observation : seen.observations()) {
    in_flight_max = std::max(in_flight_max, observation.answer.in_flight);
  }
  report_bool(run, "analytics_off_above_80", reduced, 2);
  report_bool(run, "search_off_above_90", observed(seen, settings.peak_load, Feature::search, true));
  report_bool(run, "core_always_on", seen.core_degraded() == 0, seen.sent());
  report_bool(run, "search_on_at_85", observed(seen, settings.load, Feature::search, false));
  report_bool(run, "all_on_after_peak", all_on(seen, calm), all_features.size());
  report_count(run, "in_flight_max", in_flight_max, seen.sent());
  report_count(run, "requests", seen.sent());
  report_count(run, "requests_answered_in_full", seen.full(), seen.sent());
  report_count(run, "requests_degraded", seen.degraded(), seen.sent());
  run.check_littles_law("requests", simulation.metrics().gauge("in_flight_requests", "service").integral(),
                        to_seconds(seen.time()));
  run.report_account({.whole = "requests", .parts = {"requests_answered_in_full", "requests_degraded"}});
}

}  // namespace sim::models::stress
