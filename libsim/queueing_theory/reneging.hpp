#pragma once

#include <cstdint>

#include "libsim/expected.hpp"
#include "libsim/queueing_theory/steady_state.hpp"

/// Stations whose jobs leave the queue when they have waited too long, first come first served. Always steady. Means of
/// wait and sojourn, and quantiles of the wait where known, are over all jobs, those that give up included (see
/// SteadyState). A job in service never gives up. Errors name the value that is not positive.
namespace sim::queueing_theory {

/// M/M/c+M, Erlang A: each job's patience is exponential with the mean 1 / `give_ups_per_s`. Source: Palm (1957);
/// Mandelbaum & Zeltyn, "Service Engineering in Action: The Palm/Erlang-A Queue" (2007).
[[nodiscard]] Expected<SteadyState> mm_c_m(double arrivals_per_s, double services_per_s, std::uint32_t servers,
                                           double give_ups_per_s);

/// M/M/c/K+M: the same with at most `capacity` jobs in the system; further arrivals are lost. No quantiles.
[[nodiscard]] Expected<SteadyState> mm_c_k_m(double arrivals_per_s, double services_per_s, std::uint32_t servers,
                                             std::uint32_t capacity, double give_ups_per_s);

/// M/M/c+D: each job leaves when it has waited `patience_s` and is not in service by then. Source: Barrer, "Queuing
/// with Impatient Customers and Ordered Service", Operations Research 5 (1957); Baccelli & Hébuterne, "On Queues with
/// Impatient Customers" (1981).
[[nodiscard]] Expected<SteadyState> mm_c_d(double arrivals_per_s, double services_per_s, std::uint32_t servers,
                                           double patience_s);

/// M/M/1 where an arrival that finds n jobs enters with the probability 1 / (n + 1) only: `loss_probability` is the
/// share that does not. Source: Kleinrock, Queueing Systems 1 (1975), section 3.3.
[[nodiscard]] Expected<SteadyState> mm_1_discouraged(double arrivals_per_s, double services_per_s);

}  // namespace sim::queueing_theory
