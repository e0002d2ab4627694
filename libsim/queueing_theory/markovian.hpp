#pragma once

#include <cstdint>

#include "libsim/expected.hpp"
#include "libsim/queueing_theory/steady_state.hpp"

/// Stations with Poisson arrivals and exponential service times.
namespace sim::queueing_theory {

/// The share of arrivals that find all servers busy when there is no queue. The offered load is the arrival rate times
/// the mean service time, in erlangs, and may be 0; with 0 servers everything is lost. By the recursion over the number
/// of servers, whose terms are all positive: Gross & Harris, Fundamentals of Queueing Theory, 3rd ed. (1998),
/// section 2.5. An error says when the load is negative or not finite.
[[nodiscard]] Expected<double> erlang_b(double offered_load, std::uint32_t servers);

/// The share of arrivals that wait in M/M/c. Source: Gross & Harris (1998), section 2.3. An error says when the load is
/// negative, or not below the number of servers.
[[nodiscard]] Expected<double> erlang_c(double offered_load, std::uint32_t servers);

/// M/M/c, first come first served: Erlang C. Quantiles of the wait by P(W > t) = C exp(-(c mu - lambda) t), those of
/// the sojourn as wait plus an independent service. Source: Gross & Harris (1998), section 2.3. An error says which
/// rate is not positive, or that the load is not below the number of servers.
[[nodiscard]] Expected<SteadyState> mm_c(double arrivals_per_s, double services_per_s, std::uint32_t servers);

/// M/M/c/K, first come first served: at most `capacity` jobs are in the system, those in service included. Steady for
/// every load; with capacity = servers it is Erlang's loss system, and wait and queue are 0. Source: Gross & Harris
/// (1998), section 2.4. An error says which rate is not positive, or that the capacity is below the number of servers.
[[nodiscard]] Expected<SteadyState> mm_c_k(double arrivals_per_s, double services_per_s, std::uint32_t servers,
                                           std::uint32_t capacity);

/// M/G/c/c, Erlang's loss system with service times of any law: only their mean matters. Source: Sevastyanov (1957);
/// Ross, Stochastic Processes, 2nd ed. (1996), section 5.7. No sojourn quantiles, which are those of the service time.
[[nodiscard]] Expected<SteadyState> mg_c_c(double arrivals_per_s, double service_mean_s, std::uint32_t servers);

/// M/M/∞: a server for everybody, so utilisation is absent. All but the sojourn quantiles holds for service times of
/// any law (M/G/∞). Source: Gross & Harris (1998), section 2.7 and 5.2.
[[nodiscard]] Expected<SteadyState> mm_inf(double arrivals_per_s, double services_per_s);

/// The probability of more than `jobs` jobs in M/M/∞ or M/G/∞: a Poisson tail.
[[nodiscard]] Expected<double> mm_inf_more_than(double arrivals_per_s, double services_per_s, std::uint32_t jobs);

/// The probability of at least `jobs` jobs in M/M/1: (lambda/mu)^jobs.
[[nodiscard]] Expected<double> mm_1_at_least(double arrivals_per_s, double services_per_s, std::uint32_t jobs);

}  // namespace sim::queueing_theory
