#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/queueing_theory/steady_state.hpp"

/// Stations that prefer some classes of jobs; within a class first come first served. One steady state per class, the
/// most important class first, as given: `utilisation` is the share of the servers that the class keeps busy. Means
/// only. An error names the class whose value is not positive, or the first class that the load leaves no steady state.
namespace sim::queueing_theory {

struct PriorityClass {
  double arrivals_per_s = 0.0;
  double service_mean_s = 0.0;
  double service_second_moment_s2 = 0.0;  ///< E[S^2]
};

/// M/G/1, a service is never interrupted. Source: Cobham, "Priority Assignment in Waiting Line Problems", Operations
/// Research 2 (1954); Kleinrock, Queueing Systems 2 (1976), section 3.3.
[[nodiscard]] Expected<std::vector<SteadyState>> mg_1_priority(std::span<const PriorityClass> classes);

/// M/G/1, a more important arrival interrupts the service, which goes on later where it stopped. `wait_mean_s` is the
/// sojourn less the service. Source: Kleinrock 2 (1976), section 3.4.
[[nodiscard]] Expected<std::vector<SteadyState>> mg_1_preemptive_priority(std::span<const PriorityClass> classes);

/// M/M/c, a service is never interrupted, and all classes have the same service rate. Source: Kella & Yechiali,
/// "Waiting times in the non-preemptive priority M/M/c queue", Stochastic Models 1 (1985).
[[nodiscard]] Expected<std::vector<SteadyState>> mm_c_priority(std::span<const double> arrivals_per_s,
                                                               double services_per_s, std::uint32_t servers);

/// M/M/c, a more important arrival interrupts a service of the least important class, and all classes have the same
/// service rate: the first k classes together are an M/M/c of their own, so their numbers follow by differences.
[[nodiscard]] Expected<std::vector<SteadyState>> mm_c_preemptive_priority(std::span<const double> arrivals_per_s,
                                                                          double services_per_s, std::uint32_t servers);

}  // namespace sim::queueing_theory
