#include <catch2/catch.hpp>

#include "tests/theory/circuit.hpp"

using namespace theory;

namespace {

/// Rounds per second of the interactive network of a case, in each replication.
void check_interactive(const std::string& id, Station::Discipline discipline) {
  const Case& row = find_case(id);
  const double think_s = row.number("Z_think_exp");
  std::vector<double> samples;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    sim::Simulation simulation(config_of(row.id, replication));
    Circuit::Config config{.customers = static_cast<std::uint32_t>(row.number("N")),
                           .think_time = think_s > 0 ? exponential_rate(1 / think_s) : sim::constant(0s),
                           .stations = {}};
    for (const double demand_s : row.numbers("demands")) {
      const Server::Config server{.station = {.discipline = discipline},
                                  .service_time = exponential_rate(1 / demand_s)};
      config.stations.emplace_back(
          simulation.spawn<Server>("station " + std::to_string(config.stations.size()), server));
    }
    const auto circuit = simulation.spawn<Circuit>("circuit", config);
    constexpr double rounds = 6'000;
    const sim::Duration measured = sim::from_seconds(rounds / row.expected);
    simulation.run_for(measured / 10);
    simulation.get(circuit).rounds = 0;
    simulation.run_for(measured);
    samples.push_back(static_cast<double>(simulation.get(circuit).rounds) / sim::to_seconds(measured));
  }
  judge(id, samples);
}

/// The repair shop of a case.
void check_repairs(const std::vector<std::string>& ids) {
  const Case& row = find_case(ids.front());
  Samples samples;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    sim::Simulation simulation(config_of(row.id, replication));
    const auto shop = simulation.spawn<Server>(
        "shop", Server::Config{.station = {.servers = static_cast<std::uint32_t>(row.number("servers"))},
                               .service_time = exponential_rate(row.number("mu"))});
    simulation.spawn<Circuit>("machines",
                              Circuit::Config{.customers = static_cast<std::uint32_t>(row.number("N_sources")),
                                              .think_time = exponential_rate(row.number("lambda_each")),
                                              .stations = {shop}});
    const sim::Duration measured = sim::from_seconds(20'000 / row.number("mu"));
    simulation.run_for(measured / 10);
    simulation.metrics().reset_statistics();
    simulation.run_for(measured);
    for (const std::string& id : ids) {
      const std::string& metric = find_case(id).metric;
      samples[id].push_back(metric == "mean_in_repair"
                                ? simulation.metrics().gauge("server_in_system_items", "shop").mean()
                            : metric == "mean_response_time"
                                ? simulation.metrics().tally("server_time_in_system_s", "shop").mean()
                                : static_cast<double>(simulation.metrics().counter_total("server_served_count")) /
                                      sim::to_seconds(measured));
    }
  }
  judge(samples);
}

}  // namespace

TEST_CASE("closed networks have the throughput of mean value analysis", "[theory][closed]") {
  check_interactive("A-MVA-01", Station::Discipline::first_in_first_out);
  check_interactive("A-MVA-03", Station::Discipline::first_in_first_out);
  check_interactive("A-MVA-05", Station::Discipline::first_in_first_out);
  check_interactive("A-MVA-07", Station::Discipline::processor_sharing);
  check_interactive("A-MVA-09", Station::Discipline::first_in_first_out);
  check_interactive("A-MVA-11", Station::Discipline::processor_sharing);
  check_interactive("A-MVA-13", Station::Discipline::first_in_first_out);
}

TEST_CASE("machines wait for their repair as in the repairman's model", "[theory][closed]") {
  check_repairs({"A-REP-01", "A-REP-03"});
  check_repairs({"A-REP-05"});
  check_repairs({"A-REP-07", "A-REP-09"});
  check_repairs({"A-REP-11"});
}
