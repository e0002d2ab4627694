#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/server/server.hpp"
#include "libsim/sim.hpp"
#include "models/queueing/actors/traffic.hpp"
#include "models/queueing/config.hpp"
#include "models/queueing/record.hpp"

namespace sim::models::queueing {

/// The stations of a scenario and what moves jobs between them, in one simulation.
class Plant {
 public:
  struct Station {
    std::string name;
    actors::Server::Config server;
    std::vector<double> next = {};
  };

  /// `traffic` without its stops, which are the stations. Where it has exact services, only the jobs that have one are
  /// followed.
  Plant(Simulation& simulation, const std::vector<Station>& stations, Traffic::Config traffic);

  /// Runs for so long, and forgets what was measured.
  void warm_up(Duration duration);
  void run_for(Duration duration) { simulation_.run_for(duration); }
  /// Until nothing is left to happen.
  void run() { simulation_.run(); }

  [[nodiscard]] Simulation& simulation() { return simulation_; }
  [[nodiscard]] const std::vector<Station>& stations() const { return stations_; }
  [[nodiscard]] const Record& record() const { return record_; }
  [[nodiscard]] Time began_at() const { return began_at_; }
  [[nodiscard]] Duration measured() const { return simulation_.now() - began_at_; }

  /// The mean over the measured time of a gauge of the station's actor.
  [[nodiscard]] double mean_level(const std::string& gauge, const std::string& station);
  /// The sum of it over all stations.
  [[nodiscard]] double mean_level(const std::string& gauge);

 private:
  Simulation& simulation_;
  std::vector<Station> stations_;
  Record record_;
  Time began_at_{};
};

/// The station of `config` with the discipline that its name says.
[[nodiscard]] Plant::Station station_of(const Config& config);

/// The stations of a network.
[[nodiscard]] std::vector<Plant::Station> stations_of(const Network& network);

}  // namespace sim::models::queueing
