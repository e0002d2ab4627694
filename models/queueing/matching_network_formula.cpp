#include <fmt/format.h>

#include <algorithm>

#include "libsim/queueing_theory/finite_source.hpp"
#include "libsim/queueing_theory/networks.hpp"
#include "models/queueing/laws_of_theory.hpp"
#include "models/queueing/matching_formula.hpp"

namespace sim::models::queueing {

namespace {

namespace theory_library = queueing_theory;
using theory_library::SteadyState;

Theory no_formula(std::string reason) { return {.formula = {}, .reason = std::move(reason), .values = {}}; }

/// The first station that product-form networks do not allow, and why; empty: none.
std::string flaw_of_stations(const Network& network) {
  for (const Network::Station& station : network.stations) {
    if (station.arrival && !is_exponential(*station.arrival)) {
      return fmt::format("station {}: only Poisson arrivals have a formula", station.name);
    }
    if (!station.shares && !is_exponential(station.service)) {
      return fmt::format("station {}: only exponential services, or one shared server, have a formula", station.name);
    }
    if (station.shares && station.servers > 1) {
      return fmt::format("station {}: sharing has a formula at one server", station.name);
    }
  }
  return {};
}

/// Whether jobs come to the first station and go from each to the next.
bool is_row(const Network& network) {
  for (std::size_t index = 0; index < network.stations.size(); ++index) {
    const Network::Station& station = network.stations[index];
    const bool is_last = index + 1 == network.stations.size();
    const double onwards = is_last ? 0.0 : station.next[index + 1];
    double all = 0.0;
    for (const double probability : station.next) {
      all += probability;
    }
    if (station.arrival.has_value() != (index == 0) || all != (is_last ? 0.0 : 1.0) || onwards != all ||
        station.shares) {
      return false;
    }
  }
  return true;
}

std::string name_of_open(const Network& network, bool is_a_row) {
  const bool shares = std::any_of(network.stations.begin(), network.stations.end(),
                                  [](const Network::Station& station) { return station.shares; });
  return is_a_row ? "stations in a row (Burke, Reich)"
         : shares ? "open network (Jackson, BCMP)"
                  : "open Jackson network";
}

void add_station(Theory& theory, const std::string& name, const SteadyState& state, double visits_per_sojourn = 1.0) {
  if (state.utilisation) {
    theory.values.emplace_back(name + "_utilisation", 100.0 * *state.utilisation);
  }
  if (state.in_system_mean) {
    theory.values.emplace_back(name + "_in_system_mean", *state.in_system_mean);
  }
  if (state.sojourn_mean_s) {
    theory.values.emplace_back(name + "_sojourn_mean", *state.sojourn_mean_s / visits_per_sojourn);
  }
}

}  // namespace

Theory theory_of_network(const Network& network) {
  if (std::string flaw = flaw_of_stations(network); !flaw.empty()) {
    return no_formula(std::move(flaw));
  }
  std::vector<theory_library::OpenStation> stations;
  std::vector<std::vector<double>> routing;
  for (const Network::Station& station : network.stations) {
    stations.push_back({.name = station.name,
                        .arrivals_per_s = station.arrival ? 1.0 / station.arrival->mean_s() : 0.0,
                        .services_per_s = 1.0 / station.service.mean_s(),
                        .servers = station.servers});
    routing.push_back(station.next);
  }
  const bool row = is_row(network);
  const auto state = row ? theory_library::tandem(stations) : theory_library::open_network(stations, routing);
  if (!state) {
    return no_formula(state.error().message);
  }
  Theory theory{.formula = name_of_open(network, row), .reason = {}, .values = {}};
  theory.values = {{"throughput", state->throughput_per_s},
                   {"sojourn_mean", state->sojourn_mean_s},
                   {"in_system_mean", state->in_system_mean}};
  for (const int percent : {50, 95, 99}) {
    const auto quantile =
        state->sojourn_quantile_s ? state->sojourn_quantile_s(percent / 100.0) : std::optional<double>{};
    if (quantile) {
      theory.values.emplace_back(fmt::format("sojourn_p{}", percent), *quantile);
    }
  }
  for (std::size_t index = 0; index < stations.size(); ++index) {
    add_station(theory, stations[index].name, state->stations[index]);
  }
  return theory;
}

Theory theory_of_closed(const Network& network, const Config& config) {
  if (std::string flaw = flaw_of_stations(network); !flaw.empty()) {
    return no_formula(std::move(flaw));
  }
  const auto many = std::find_if(network.stations.begin(), network.stations.end(),
                                 [](const Network::Station& station) { return station.servers > 1; });
  if (many != network.stations.end()) {
    return no_formula(fmt::format("station {}: mean value analysis takes one server per station", many->name));
  }
  std::vector<double> start(network.stations.size(), 0.0);
  start.front() = 1.0;
  const std::vector<double> per_round = visits(network, start);
  std::vector<theory_library::ClosedStation> stations;
  for (std::size_t index = 0; index < per_round.size(); ++index) {
    stations.push_back({.demand_s = per_round[index] * network.stations[index].service.mean_s()});
  }
  const auto state =
      theory_library::closed_network(stations, config.closed_think_time.mean_s(), config.closed_customers);
  if (!state) {
    return no_formula(state.error().message);
  }
  Theory theory{.formula = "mean value analysis", .reason = {}, .values = {}};
  theory.values = {{"throughput", state->throughput_per_s},
                   {"sojourn_mean", state->response_mean_s},
                   {"in_system_mean", state->throughput_per_s * state->response_mean_s}};
  for (std::size_t index = 0; index < stations.size(); ++index) {
    if (per_round[index] > 0.0) {
      add_station(theory, network.stations[index].name, state->stations[index], per_round[index]);
    }
  }
  return theory;
}

}  // namespace sim::models::queueing
