#include <fmt/format.h>

#include "models/queueing/measures.hpp"
#include "models/queueing/scenarios.hpp"

namespace sim::models::queueing {

void trace(harness::ScenarioRun& run, const Config& config) {
  const Trace exact = trace_of(config);
  Traffic::Config traffic{.stops = {}};
  traffic.entries = {{.stop = 0, .between_arrivals = config.arrival}};
  traffic.interarrivals = exact.interarrivals;
  traffic.services = exact.services;
  if (config.discipline == Discipline::priority) {
    traffic.classes = classes_of(config);
  }
  Plant plant(run.simulation(), {station_of(config)}, std::move(traffic));
  if (exact.end > 0s) {
    plant.run_for(exact.end);
  } else {
    plant.run();
  }
  const Levels levels = levels_of(plant);
  plant.run();
  if (exact.published.empty() && exact.services.size() < exact.interarrivals.size() && !exact.services.empty()) {
    run.warn(fmt::format("{} arrivals, but {} service times: later jobs drew theirs, and no times of them are reported",
                         exact.interarrivals.size(), exact.services.size()));
  }
  check_littles_law(run, plant);
  run.check_steady("the sojourns", plant.record().sojourns_s());
  report_measures(run, plant, levels, {});
}

}  // namespace sim::models::queueing
