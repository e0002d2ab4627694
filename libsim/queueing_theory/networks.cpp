#include "libsim/queueing_theory/networks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "libsim/queueing_theory/markovian.hpp"
#include "libsim/queueing_theory/quantile_search.hpp"
#include "libsim/queueing_theory/validation.hpp"

namespace sim::queueing_theory {

namespace {

using Routing = std::vector<std::vector<double>>;

constexpr double probability_rounding = 1e-9;

/// "station 2 (shop)".
std::string label(std::span<const OpenStation> stations, std::size_t index) {
  const std::string& name = stations[index].name;
  return name.empty() ? fmt::format("station {}", index) : fmt::format("station {} ({})", index, name);
}

Expected<void> validate_row(const std::vector<double>& row, std::size_t stations) {
  if (row.size() != stations) {
    return unexpected(fmt::format("{} routing probabilities: expected {}, one per station", row.size(), stations));
  }
  double sum = 0.0;
  for (const double probability : row) {
    if (!(probability >= 0.0)) {
      return unexpected(fmt::format("routing probability {}: expected 0 to 1", probability));
    }
    sum += probability;
  }
  if (!(sum <= 1.0 + probability_rounding)) {
    return unexpected(fmt::format("routing probabilities add up to {}: expected at most 1", sum));
  }
  return {};
}

Expected<void> validate_open_network(std::span<const OpenStation> stations, const Routing& routing) {
  if (routing.size() != stations.size()) {
    return unexpected(
        fmt::format("{} rows of routing probabilities: expected {}, one per station", routing.size(), stations.size()));
  }
  for (std::size_t i = 0; i < stations.size(); ++i) {
    const auto valid = first_error(validate_not_negative("arrivals_per_s", stations[i].arrivals_per_s),
                                   validate_positive("services_per_s", stations[i].services_per_s),
                                   validate_servers(stations[i].servers), validate_row(routing[i], stations.size()));
    if (!valid) {
      return unexpected(fmt::format("{}: {}", label(stations, i), valid.error().message));
    }
  }
  return {};
}

/// Marks what is connected to a marked station, until nothing changes. `connects(i, j)`: a mark at i also marks j.
template <class Connects>
void spread(std::vector<bool>& marks, Connects connects) {
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < marks.size(); ++i) {
      for (std::size_t j = 0; marks[i] && j < marks.size(); ++j) {
        if (!marks[j] && connects(i, j)) {
          marks[j] = changed = true;
        }
      }
    }
  }
}

/// The stations that jobs reach.
std::vector<bool> reached_stations(std::span<const OpenStation> stations, const Routing& routing) {
  std::vector<bool> reached;
  for (const auto& station : stations) {
    reached.push_back(station.arrivals_per_s > 0.0);
  }
  spread(reached, [&](std::size_t from, std::size_t to) { return routing[from][to] > 0.0; });
  return reached;
}

/// The stations from which jobs get out in the end.
std::vector<bool> left_stations(const Routing& routing) {
  std::vector<bool> left;
  for (const auto& row : routing) {
    double sum = 0.0;
    for (const double probability : row) {
      sum += probability;
    }
    left.push_back(sum < 1.0 - probability_rounding);
  }
  spread(left, [&](std::size_t to, std::size_t from) { return routing[from][to] > 0.0; });
  return left;
}

/// Solves arrivals[j] = external[j] + sum over i of arrivals[i] routing[i][j] for the stations that are reached. The
/// matrix I - routing^T is an M-matrix, so that elimination needs no pivots.
std::vector<double> solve_traffic(std::span<const OpenStation> stations, const Routing& routing,
                                  const std::vector<bool>& reached) {
  const std::size_t n = stations.size();
  std::vector<std::vector<double>> matrix(n, std::vector<double>(n + 1, 0.0));
  for (std::size_t j = 0; j < n; ++j) {
    matrix[j][j] = 1.0;
    for (std::size_t i = 0; i < n; ++i) {
      matrix[j][i] -= reached[i] ? routing[i][j] : 0.0;
    }
    matrix[j][n] = stations[j].arrivals_per_s;
  }
  for (std::size_t pivot = 0; pivot < n; ++pivot) {
    for (std::size_t row = 0; row < n; ++row) {
      if (row != pivot && matrix[row][pivot] != 0.0) {
        const double factor = matrix[row][pivot] / matrix[pivot][pivot];
        for (std::size_t column = pivot; column <= n; ++column) {
          matrix[row][column] -= factor * matrix[pivot][column];
        }
      }
    }
  }
  std::vector<double> arrivals;
  for (std::size_t j = 0; j < n; ++j) {
    arrivals.push_back(reached[j] ? matrix[j][n] / matrix[j][j] : 0.0);
  }
  return arrivals;
}

SteadyState idle_station() {
  SteadyState state;
  state.throughput_per_s = 0.0;
  state.formula = "no arrivals";
  return state;
}

Expected<OpenNetwork> add_stations(OpenNetwork network, std::span<const OpenStation> stations) {
  for (std::size_t i = 0; i < stations.size(); ++i) {
    network.throughput_per_s += stations[i].arrivals_per_s;
    if (!(network.arrivals_per_s[i] > 0.0)) {
      network.stations.push_back(idle_station());
      continue;
    }
    auto state = mm_c(network.arrivals_per_s[i], stations[i].services_per_s, stations[i].servers);
    if (!state) {
      return unexpected(fmt::format("{}: {}", label(stations, i), state.error().message));
    }
    network.in_system_mean += *state->in_system_mean;
    network.stations.push_back(std::move(*state));
  }
  network.sojourn_mean_s = network.in_system_mean / network.throughput_per_s;
  return network;
}

/// Moves one step of the uniformised chain on: phase i ends with the probability rates[i] / step.
void advance(std::vector<double>& in_phase, const std::vector<double>& rates_per_s, double step_per_s) {
  for (std::size_t i = in_phase.size(); i-- > 0;) {
    const double entering = i > 0 ? in_phase[i - 1] * rates_per_s[i - 1] / step_per_s : 0.0;
    in_phase[i] = in_phase[i] * (1.0 - rates_per_s[i] / step_per_s) + entering;
  }
}

/// P(sum of exponential times with these rates > t), by uniformisation: all terms are positive, whatever the rates.
double survival_of_phases(const std::vector<double>& rates_per_s, double t_s) {
  const double step_per_s = *std::max_element(rates_per_s.begin(), rates_per_s.end());
  const double steps = step_per_s * t_s;
  if (!(steps > 0.0)) {
    return 1.0;
  }
  std::vector<double> in_phase(rates_per_s.size(), 0.0);
  in_phase.front() = 1.0;
  const auto steps_max = static_cast<std::uint64_t>(steps + 12.0 * std::sqrt(steps) + 40.0);
  double log_weight = -steps;  // of the Poisson probability of n steps
  double weights = 0.0;
  double survival = 0.0;
  for (std::uint64_t n = 1; n <= steps_max; ++n) {
    const double weight = std::exp(log_weight);
    weights += weight;
    survival += weight * std::accumulate(in_phase.begin(), in_phase.end(), 0.0);
    advance(in_phase, rates_per_s, step_per_s);
    log_weight += std::log(steps / static_cast<double>(n));
  }
  return survival / weights;
}

/// Of M/M/1 stations in a row; empty when one has more servers.
QuantileFunction row_quantiles(std::span<const OpenStation> stations) {
  std::vector<double> rates_per_s;
  double mean_s = 0.0;
  for (const auto& station : stations) {
    if (station.servers != 1) {
      return {};
    }
    rates_per_s.push_back(station.services_per_s - stations.front().arrivals_per_s);
    mean_s += 1.0 / rates_per_s.back();
  }
  return quantiles_of([rates_per_s](double t_s) { return survival_of_phases(rates_per_s, t_s); }, mean_s);
}

}  // namespace

Expected<OpenNetwork> open_network(std::span<const OpenStation> stations, const Routing& routing) {
  if (const auto valid = validate_open_network(stations, routing); !valid) {
    return tl::unexpected(valid.error());
  }
  const auto reached = reached_stations(stations, routing);
  const auto left = left_stations(routing);
  if (std::find(reached.begin(), reached.end(), true) == reached.end()) {
    return unexpected("nothing arrives at any station: expected arrivals_per_s above 0 at one or more");
  }
  for (std::size_t i = 0; i < stations.size(); ++i) {
    if (reached[i] && !left[i]) {
      return unexpected(fmt::format("{}: jobs reach it and never leave the network again", label(stations, i)));
    }
  }
  OpenNetwork network;
  network.arrivals_per_s = solve_traffic(stations, routing, reached);
  return add_stations(std::move(network), stations);
}

Expected<OpenNetwork> tandem(std::span<const OpenStation> stations) {
  for (std::size_t i = 1; i < stations.size(); ++i) {
    if (stations[i].arrivals_per_s != 0.0) {
      return unexpected(fmt::format("{}: arrivals_per_s {}: expected 0, jobs arrive at the first station of a row",
                                    label(stations, i), stations[i].arrivals_per_s));
    }
  }
  Routing routing(stations.size(), std::vector<double>(stations.size(), 0.0));
  for (std::size_t i = 1; i < stations.size(); ++i) {
    routing[i - 1][i] = 1.0;
  }
  auto network = open_network(stations, routing);
  if (network) {
    network->sojourn_quantile_s = row_quantiles(stations);
  }
  return network;
}

}  // namespace sim::queueing_theory
