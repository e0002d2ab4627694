#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/queueing_theory/steady_state.hpp"

/// A fixed number of customers who think, go through stations, and think again. Always steady.
namespace sim::queueing_theory {

/// M/M/c//N, the machine repairman: each of `sources` customers thinks for a time with the mean 1 / `requests_per_s`
/// (of any law), then is served by one of the servers for an exponential time. `throughput_per_s` counts services,
/// `wait_probability` is that of a request. Source: Gross & Harris, Fundamentals of Queueing Theory, 3rd ed. (1998),
/// section 2.7. An error says which value is not positive.
[[nodiscard]] Expected<SteadyState> machine_repairman(std::uint32_t sources, double requests_per_s,
                                                      double services_per_s, std::uint32_t servers);

struct ClosedStation {
  enum class Kind {
    single_server,  ///< processor sharing with any service time, or first come first served with an exponential one
    delay,          ///< a server for everybody
  };
  double demand_s = 0.0;  ///< mean service per round: visits * service time
  Kind kind = Kind::single_server;
};

struct ClosedNetwork {
  double throughput_per_s = 0.0;  ///< rounds
  double response_mean_s = 0.0;   ///< of a round, without the think time
  /// One per station, as given. Waits and sojourns are sums over a round; a delay station has no utilisation.
  std::vector<SteadyState> stations;
};

/// Exact mean value analysis of `customers` (one class, may be 0). The think time may be 0, and demands may be 0, but
/// not all together. Source: Reiser & Lavenberg, "Mean-Value Analysis of Closed Multichain Queuing Networks", Journal
/// of the ACM 27 (1980). An error names the station whose demand is negative, or says that a round takes no time.
[[nodiscard]] Expected<ClosedNetwork> closed_network(std::span<const ClosedStation> stations, double think_mean_s,
                                                     std::uint32_t customers);

}  // namespace sim::queueing_theory
