#include "models/queueing/plant.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace sim::models::queueing {

namespace {

using Policy = policies::ServiceStation;

Policy::Discipline policy_of(const Config& config) {
  switch (config.discipline) {
    case Discipline::fifo:
      return Policy::Discipline::first_in_first_out;
    case Discipline::lifo:
      return Policy::Discipline::last_in_first_out;
    case Discipline::siro:
      return Policy::Discipline::random_order;
    case Discipline::ps:
      return Policy::Discipline::processor_sharing;
    case Discipline::sjf:
      return Policy::Discipline::shortest_job_first;
    case Discipline::srpt:
      return Policy::Discipline::shortest_remaining_time;
    case Discipline::priority:
      return config.priority.preemptive ? Policy::Discipline::preemptive_priority : Policy::Discipline::priority;
  }
  return Policy::Discipline::first_in_first_out;
}

}  // namespace

Plant::Plant(Simulation& simulation, const std::vector<Station>& stations, Traffic::Config traffic)
    : simulation_(simulation),
      stations_(stations),
      record_(static_cast<std::uint32_t>(std::max<std::size_t>(traffic.classes.size(), 1)),
              traffic.services.empty() ? std::numeric_limits<std::uint64_t>::max() : traffic.services.size()) {
  for (const Station& station : stations_) {
    traffic.stops.push_back({simulation_.spawn<actors::Server>(station.name, station.server), station.next});
  }
  simulation_.spawn<Traffic>("traffic", std::move(traffic), record_);
}

void Plant::warm_up(Duration duration) {
  simulation_.run_for(duration);
  simulation_.metrics().reset_statistics();
  began_at_ = simulation_.now();
  record_.begin(began_at_);
}

double Plant::mean_level(const std::string& gauge, const std::string& station) {
  return simulation_.metrics().gauge(gauge, station).mean();
}

double Plant::mean_level(const std::string& gauge) {
  double sum = 0.0;
  for (const Station& station : stations_) {
    sum += mean_level(gauge, station.name);
  }
  return sum;
}

Plant::Station station_of(const Config& config) {
  Plant::Station station{.name = "station", .server = {}};
  station.server.station.servers = config.servers;
  station.server.station.capacity = config.capacity;
  station.server.station.discipline = policy_of(config);
  station.server.station.priorities = static_cast<std::uint32_t>(classes_of(config).size());
  station.server.service_time = config.service;
  if (has_patience(config)) {
    station.server.patience = config.patience;
  }
  return station;
}

std::vector<Plant::Station> stations_of(const Network& network) {
  std::vector<Plant::Station> stations;
  for (const Network::Station& from : network.stations) {
    Plant::Station station{.name = from.name, .server = {}, .next = from.next};
    station.server.station.servers = from.servers;
    station.server.station.discipline =
        from.shares ? Policy::Discipline::processor_sharing : Policy::Discipline::first_in_first_out;
    station.server.service_time = from.service;
    stations.push_back(std::move(station));
  }
  return stations;
}

}  // namespace sim::models::queueing
