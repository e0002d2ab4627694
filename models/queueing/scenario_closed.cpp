#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "models/queueing/advice.hpp"
#include "models/queueing/measures.hpp"
#include "models/queueing/scenarios.hpp"
#include "models/queueing/warm_up.hpp"

namespace sim::models::queueing {

namespace {

/// The most rounds per second that customers and stations allow.
double rounds_per_s_max(const Network& network, const Config& config) {
  std::vector<double> start(network.stations.size(), 0.0);
  start.front() = 1.0;
  const std::vector<double> per_round = visits(network, start);
  double round_s = config.closed_think_time.mean_s();
  double slowest_s = 0.0;
  for (std::size_t index = 0; index < per_round.size(); ++index) {
    const Network::Station& station = network.stations[index];
    const double demand_s = per_round[index] * station.service.mean_s();
    round_s += demand_s;
    slowest_s = std::max(slowest_s, demand_s / station.servers);
  }
  return std::min(config.closed_customers / round_s, 1.0 / slowest_s);
}

}  // namespace

void closed(harness::ScenarioRun& run, const Config& config) {
  const Network& network = config.files.closed_network;
  Traffic::Config traffic{.stops = {}};
  traffic.customers = config.closed_customers;
  traffic.think_time = config.closed_think_time;
  const double rounds_per_s = rounds_per_s_max(network, config);
  const auto plant_in = [&](Simulation& simulation) { return Plant(simulation, stations_of(network), traffic); };
  const std::string made_by =
      fmt::format("--closed.customers {}, --closed.think_time {} and the services of --closed.network",
                  config.closed_customers, to_text(config.closed_think_time));
  const Duration warm_up = warm_up_time(run, config, rounds_per_s, made_by, plant_in);
  Plant plant = plant_in(run.simulation());
  plant.warm_up(warm_up);
  plant.run_for(time_for(config.jobs, rounds_per_s));
  if (run.replication() == 0) {
    advise_of_customers(run, config, config.closed_customers);
  }
  check_littles_law(run, plant);
  const Theory theory = theory_of_closed(network, config);
  report_measures(run, plant, levels_of(plant), theory);
  report_stations(run, plant, theory);
}

}  // namespace sim::models::queueing
