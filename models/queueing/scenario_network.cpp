#include <utility>

#include "models/queueing/advice.hpp"
#include "models/queueing/measures.hpp"
#include "models/queueing/scenarios.hpp"
#include "models/queueing/warm_up.hpp"

namespace sim::models::queueing {

void network(harness::ScenarioRun& run, const Config& config) {
  const Network& layout = config.files.network;
  Traffic::Config traffic{.stops = {}};
  double arrivals_per_s = 0.0;
  for (std::uint32_t stop = 0; stop < layout.stations.size(); ++stop) {
    if (const auto& arrival = layout.stations[stop].arrival) {
      traffic.entries.push_back({.stop = stop, .between_arrivals = *arrival});
      arrivals_per_s += 1.0 / arrival->mean_s();
    }
  }
  const auto plant_in = [&](Simulation& simulation) { return Plant(simulation, stations_of(layout), traffic); };
  const Duration warm_up = warm_up_time(run, config, arrivals_per_s, "the arrivals of --network", plant_in);
  Plant plant = plant_in(run.simulation());
  plant.warm_up(warm_up);
  plant.run_for(time_for(config.jobs, arrivals_per_s));
  if (run.replication() == 0) {
    advise_of_network(run, config, layout);
  }
  check_littles_law(run, plant);
  const Theory theory = theory_of_network(layout);
  report_measures(run, plant, levels_of(plant), theory);
  report_stations(run, plant, theory);
}

}  // namespace sim::models::queueing
