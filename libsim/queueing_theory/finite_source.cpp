#include "libsim/queueing_theory/finite_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsim/queueing_theory/birth_death.hpp"
#include "libsim/queueing_theory/found_on_arrival.hpp"
#include "libsim/queueing_theory/validation.hpp"

namespace sim::queueing_theory {

namespace {

StateProbabilities states_of_repairman(std::uint32_t sources, double requests_per_s, double services_per_s,
                                       std::uint32_t servers) {
  return stationary({.up = [=](std::uint64_t n) { return requests_per_s * static_cast<double>(sources - n); },
                     .down = [=](std::uint64_t n) { return services_per_s * std::min<double>(n, servers); },
                     .state_max = sources});
}

Expected<void> validate_closed_network(std::span<const ClosedStation> stations, double think_mean_s) {
  double round_s = think_mean_s;
  for (std::size_t i = 0; i < stations.size(); ++i) {
    if (const auto valid = validate_not_negative("demand_s", stations[i].demand_s); !valid) {
      return unexpected(fmt::format("station {}: {}", i, valid.error().message));
    }
    round_s += stations[i].demand_s;
  }
  return first_error(validate_not_negative("think_mean_s", think_mean_s),
                     validate_positive("time of a round without waits", round_s));
}

/// One visit to the station while `others` jobs are there.
double residence_s(const ClosedStation& station, double others) {
  return station.kind == ClosedStation::Kind::delay ? station.demand_s : station.demand_s * (1.0 + others);
}

/// Throughput with `customers`, from the numbers of jobs with one customer less, which are replaced.
double add_customer(std::span<const ClosedStation> stations, double think_mean_s, std::uint32_t customers,
                    std::vector<double>& jobs) {
  double round_s = think_mean_s;
  for (std::size_t i = 0; i < stations.size(); ++i) {
    jobs[i] = residence_s(stations[i], jobs[i]);
    round_s += jobs[i];
  }
  const double throughput_per_s = static_cast<double>(customers) / round_s;
  for (double& residence : jobs) {
    residence *= throughput_per_s;
  }
  return throughput_per_s;
}

SteadyState state_of_closed(const ClosedStation& station, double throughput_per_s, double jobs) {
  const bool is_delay = station.kind == ClosedStation::Kind::delay;
  const double busy = throughput_per_s * station.demand_s;
  SteadyState state;
  state.throughput_per_s = throughput_per_s;
  state.in_system_mean = jobs;
  state.queue_length_mean = is_delay ? 0.0 : jobs - busy;
  state.loss_probability = 0.0;
  state.abandonment_probability = 0.0;
  state.formula = "mean value analysis";
  if (!is_delay) {
    state.utilisation = busy;
  }
  if (throughput_per_s > 0.0) {
    state.sojourn_mean_s = jobs / throughput_per_s;
    state.wait_mean_s = *state.queue_length_mean / throughput_per_s;
  }
  return state;
}

}  // namespace

Expected<SteadyState> machine_repairman(std::uint32_t sources, double requests_per_s, double services_per_s,
                                        std::uint32_t servers) {
  if (const auto valid =
          first_error(validate_positive("sources", sources), validate_positive("requests_per_s", requests_per_s),
                      validate_positive("services_per_s", services_per_s), validate_servers(servers));
      !valid) {
    return tl::unexpected(valid.error());
  }
  const auto states = states_of_repairman(sources, requests_per_s, services_per_s, servers);
  // A customer that comes sees the station as it is without this customer.
  const auto found = states_of_repairman(sources - 1, requests_per_s, services_per_s, servers);
  SteadyState state;
  state.utilisation = states.busy_mean(servers) / static_cast<double>(servers);
  state.throughput_per_s = services_per_s * states.busy_mean(servers);
  state.queue_length_mean = states.waiting_mean(servers);
  state.in_system_mean = states.mean();
  state.wait_mean_s = *state.queue_length_mean / *state.throughput_per_s;
  state.sojourn_mean_s = *state.in_system_mean / *state.throughput_per_s;
  state.wait_probability = found.at_least(servers);
  state.loss_probability = 0.0;
  state.abandonment_probability = 0.0;
  state.wait_quantile_s = wait_quantiles(found, services_per_s, servers);
  state.sojourn_quantile_s = sojourn_quantiles(found, services_per_s, servers);
  state.formula = "machine repairman";
  return state;
}

Expected<ClosedNetwork> closed_network(std::span<const ClosedStation> stations, double think_mean_s,
                                       std::uint32_t customers) {
  if (const auto valid = validate_closed_network(stations, think_mean_s); !valid) {
    return tl::unexpected(valid.error());
  }
  std::vector<double> jobs(stations.size(), 0.0);
  ClosedNetwork network;
  for (std::uint32_t n = 1; n <= customers; ++n) {
    network.throughput_per_s = add_customer(stations, think_mean_s, n, jobs);
  }
  for (std::size_t i = 0; i < stations.size(); ++i) {
    network.stations.push_back(state_of_closed(stations[i], network.throughput_per_s, jobs[i]));
    network.response_mean_s += network.stations.back().sojourn_mean_s.value_or(0.0);
  }
  return network;
}

}  // namespace sim::queueing_theory
