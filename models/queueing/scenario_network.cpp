#include <fmt/format.h>

#include "libsim/failure.hpp"
#include "models/queueing/advice.hpp"
#include "models/queueing/measures.hpp"
#include "models/queueing/scenarios.hpp"

namespace sim::models::queueing {

void network(harness::ScenarioRun& run, const Config& config) {
  const auto read = read_network(config.network, open_example());
  check(read.has_value(), "the network has been validated");
  Traffic::Config traffic{.stops = {}};
  std::vector<double> entering_per_s(read->stations.size(), 0.0);
  double arrivals_per_s = 0.0;
  for (std::uint32_t stop = 0; stop < read->stations.size(); ++stop) {
    if (const auto& arrival = read->stations[stop].arrival) {
      traffic.entries.push_back({.stop = stop, .between_arrivals = *arrival});
      entering_per_s[stop] = 1.0 / arrival->mean_s();
      arrivals_per_s += entering_per_s[stop];
    }
  }
  Plant plant(run.simulation(), stations_of(*read), std::move(traffic));
  plant.warm_up(time_for(config.warm_up, arrivals_per_s));
  plant.run_for(time_for(config.jobs, arrivals_per_s));
  const std::vector<double> rates = visits(*read, entering_per_s);
  for (std::size_t index = 0; run.replication() == 0 && index < rates.size(); ++index) {
    const Network::Station& station = read->stations[index];
    advise_of_load(run, fmt::format("station {}", station.name),
                   rates[index] * station.service.mean_s() / station.servers);
  }
  check_littles_law(run, plant);
  const Theory theory = theory_of_network(*read);
  report_measures(run, plant, levels_of(plant), theory);
  report_stations(run, plant, theory);
}

}  // namespace sim::models::queueing
