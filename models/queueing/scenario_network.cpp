#include <utility>

#include "libsim/failure.hpp"
#include "models/queueing/advice.hpp"
#include "models/queueing/measures.hpp"
#include "models/queueing/scenarios.hpp"
#include "models/queueing/warm_up.hpp"

namespace sim::models::queueing {

void network(harness::ScenarioRun& run, const Config& config) {
  const auto read = read_network(config.network, open_example());
  check(read.has_value(), "the network has been validated");
  Traffic::Config traffic{.stops = {}};
  double arrivals_per_s = 0.0;
  for (std::uint32_t stop = 0; stop < read->stations.size(); ++stop) {
    if (const auto& arrival = read->stations[stop].arrival) {
      traffic.entries.push_back({.stop = stop, .between_arrivals = *arrival});
      arrivals_per_s += 1.0 / arrival->mean_s();
    }
  }
  const auto plant_in = [&](Simulation& simulation) { return Plant(simulation, stations_of(*read), traffic); };
  const Duration warm_up = warm_up_time(run, config, arrivals_per_s, "the arrivals of --network", plant_in);
  Plant plant = plant_in(run.simulation());
  plant.warm_up(warm_up);
  plant.run_for(time_for(config.jobs, arrivals_per_s));
  if (run.replication() == 0) {
    advise_of_network(run, config, *read);
  }
  check_littles_law(run, plant);
  const Theory theory = theory_of_network(*read);
  report_measures(run, plant, levels_of(plant), theory);
  report_stations(run, plant, theory);
}

}  // namespace sim::models::queueing
