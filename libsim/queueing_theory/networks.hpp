#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/queueing_theory/steady_state.hpp"

/// Networks of stations that jobs enter from outside and leave in the end.
namespace sim::queueing_theory {

struct OpenStation {
  std::string name;             ///< for errors
  double arrivals_per_s = 0.0;  ///< Poisson, from outside; may be 0
  double services_per_s = 0.0;  ///< of each server
  std::uint32_t servers = 1;
};

struct OpenNetwork {
  std::vector<double> arrivals_per_s;  ///< at each station, from outside and from other stations
  std::vector<SteadyState> stations;   ///< as M/M/c; all but throughput absent for a station that no job reaches
  double throughput_per_s = 0.0;       ///< of the network: all arrivals from outside
  double in_system_mean = 0.0;
  double sojourn_mean_s = 0.0;          ///< in the network, over all visits
  QuantileFunction sojourn_quantile_s;  ///< of the network; only for rows of single servers, else empty
};

/// An open Jackson network: exponential services, first come first served; whom station i has served goes to station j
/// with the probability `routing[i][j]`, else leaves. Source: Jackson, "Networks of Waiting Lines", Operations Research
/// 5 (1957). An error names the station that is not steady or whose rate or row of probabilities is wrong, or a station
/// that jobs reach but never leave the network from, and says when nothing arrives.
[[nodiscard]] Expected<OpenNetwork> open_network(std::span<const OpenStation> stations,
                                                 const std::vector<std::vector<double>>& routing);

/// Stations in a row; jobs arrive at the first one only, so the others' own arrivals are 0. Sojourns of single servers
/// are independent exponential times: Reich, "Waiting Times When Queues Are in Tandem" (1957); Burke (1956).
[[nodiscard]] Expected<OpenNetwork> tandem(std::span<const OpenStation> stations);

}  // namespace sim::queueing_theory
