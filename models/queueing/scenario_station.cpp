#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "models/queueing/advice.hpp"
#include "models/queueing/measures.hpp"
#include "models/queueing/scenarios.hpp"
#include "models/queueing/warm_up.hpp"

namespace sim::models::queueing {

namespace {

Traffic::Config traffic_of(const Config& config) {
  Traffic::Config traffic{.stops = {}};
  if (config.sources > 0) {
    traffic.customers = config.sources;
    traffic.think_time = config.think_time;
  } else {
    traffic.entries = {{.stop = 0, .between_arrivals = config.arrival}};
  }
  if (config.discipline == Discipline::priority) {
    traffic.classes = classes_of(config);
  }
  return traffic;
}

std::string what_makes_the_rate(const Config& config) {
  return config.sources == 0 ? fmt::format("--arrival {}", to_text(config.arrival))
                             : fmt::format("--sources {}, --think_time {} and --service {}", config.sources,
                                           to_text(config.think_time), to_text(config.service));
}

}  // namespace

void station(harness::ScenarioRun& run, const Config& config) {
  const double arrivals_per_s = arrivals_per_s_of(config);
  const auto plant_in = [&](Simulation& simulation) {
    return Plant(simulation, {station_of(config)}, traffic_of(config));
  };
  const Duration warm_up = warm_up_time(run, config, arrivals_per_s, what_makes_the_rate(config), plant_in);
  Plant plant = plant_in(run.simulation());
  plant.warm_up(warm_up);
  plant.run_for(time_for(config.jobs, arrivals_per_s));
  if (run.replication() == 0) {
    advise_of_station(run, config);
  }
  check_littles_law(run, plant);
  report_measures(run, plant, levels_of(plant), theory_of_station(config));
}

}  // namespace sim::models::queueing
