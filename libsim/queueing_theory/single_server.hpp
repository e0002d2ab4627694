#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/queueing_theory/steady_state.hpp"

/// Stations with one server.
namespace sim::queueing_theory {

/// M/G/1, first come first served: the formula of Pollaczek and Khinchine. The second moment is E[S^2], in square
/// seconds; where it is infinite, the times and numbers that follow from it are absent. No quantiles. Source:
/// Kleinrock, Queueing Systems 1 (1975), section 5.6. An error says which value is not positive, that the second moment
/// is below the squared mean, or that the load is not below 1. For last come first served or random order see
/// `in_any_order`.
[[nodiscard]] Expected<SteadyState> mg_1(double arrivals_per_s, double service_mean_s, double service_second_moment_s2);

/// The second moment of the wait in M/G/1, first come first served, in square seconds: 2 E[W]^2 + lambda E[S^3] /
/// (3 (1 - rho)). Source: the recurrence of Takács; Kleinrock 1 (1975), section 5.7.
[[nodiscard]] Expected<double> mg_1_wait_second_moment(double arrivals_per_s, double service_mean_s,
                                                       double service_second_moment_s2, double service_third_moment_s3);

/// The mean time for which the server of an M/G/1 station is busy without a break. Kleinrock 1 (1975), section 5.8.
[[nodiscard]] Expected<double> mg_1_busy_period_mean_s(double arrivals_per_s, double service_mean_s);

/// M/D/1, first come first served, with quantiles by the series of Erlang (1909) and Crommelin (1932), in the form of
/// Franx, "A simple solution for the M/D/c waiting time distribution", Operations Research Letters 29 (2001), whose
/// terms are all positive: stable for any load below 1.
[[nodiscard]] Expected<SteadyState> md_1(double arrivals_per_s, double service_s);

/// M/G/1 with processor sharing: means by the mean service time alone. The wait and the queue are absent: every job is
/// served from its arrival on, only more slowly. The same means hold for preemptive last come first served. Source:
/// Harchol-Balter, Performance Modeling and Design of Computer Systems (2013), chapter 30.
[[nodiscard]] Expected<SteadyState> mg_1_ps(double arrivals_per_s, double service_mean_s);

/// The law of a service time, as far as disciplines by size ask for it. Not negative.
struct ServiceLaw {
  double mean_s = 0.0;
  double second_moment_s2 = 0.0;  ///< may be infinite
  /// The probability of at most so many seconds; asked for sizes from 0 to 1e12 times the mean. A cdf that rounds
  /// sizes, as to nanoseconds, makes steps that cost accuracy.
  std::function<double(double seconds)> cdf = {};
  /// Where the cdf jumps or has a bend, such as the ends of a uniform law: integration is split there. Any order.
  std::vector<double> breakpoints_s = {};
};

[[nodiscard]] ServiceLaw constant_service(double seconds);
[[nodiscard]] ServiceLaw exponential_service(double mean_s);
[[nodiscard]] ServiceLaw uniform_service(double minimum_s, double maximum_s);

/// M/G/1, shortest job first: of the waiting jobs the one with the shortest service is next, equals in the order of
/// their arrival; none is interrupted. Means only, by numerical integration to 1e-9 or better. Source: Phipps (1956);
/// Harchol-Balter (2013), chapter 31. An error says what `mg_1` says, or that the cdf has another mean than `mean_s`.
[[nodiscard]] Expected<SteadyState> mg_1_sjf(double arrivals_per_s, const ServiceLaw& service);

/// M/G/1, shortest remaining processing time: the job with the least work left is served, a shorter arrival interrupts
/// it, equals do not. Means only, by numerical integration to 1e-9 or better; they exist for an infinite second moment,
/// too (then to 1e-3). `wait_mean_s` is the sojourn less the service. Source: Schrage & Miller, "The Queue M/G/1 with
/// the Shortest Remaining Processing Time Discipline", Operations Research 14 (1966); Harchol-Balter (2013),
/// chapter 33. Errors as of `mg_1_sjf`.
[[nodiscard]] Expected<SteadyState> mg_1_srpt(double arrivals_per_s, const ServiceLaw& service);

/// The law of the times between arrivals: mean and Laplace transform E[exp(-s T)] for s > 0 in 1/s.
struct InterarrivalLaw {
  double mean_s = 0.0;
  std::function<double(double s)> laplace_transform = {};
};

struct ExponentialBranch {
  double weight = 0.0;
  double mean_s = 0.0;
};

[[nodiscard]] InterarrivalLaw constant_interarrivals(double seconds);
[[nodiscard]] InterarrivalLaw exponential_interarrivals(double mean_s);
[[nodiscard]] InterarrivalLaw uniform_interarrivals(double minimum_s, double maximum_s);
/// The sum of `phases` exponential phases that have the given mean together.
[[nodiscard]] InterarrivalLaw erlang_interarrivals(std::uint32_t phases, double mean_s);
/// The weights add up to 1.
[[nodiscard]] InterarrivalLaw hyperexponential_interarrivals(const std::vector<ExponentialBranch>& branches);
/// Two branches that contribute half of the mean each, with this squared coefficient of variation, which is at least 1:
/// `sim::hyperexponential(mean, cv)`.
[[nodiscard]] InterarrivalLaw balanced_hyperexponential_interarrivals(double mean_s, double scv);
/// Poisson arrivals that are switched on and off after exponential times; to a single queue they are hyperexponential.
/// Source: Kuczura, "The interrupted Poisson process as an overflow process", Bell System Technical Journal 52 (1973).
[[nodiscard]] InterarrivalLaw interrupted_poisson(double arrivals_while_on_per_s, double switches_off_per_s,
                                                  double switches_on_per_s);

/// G/M/1 (renewal arrivals, exponential service), first come first served, with quantiles: a job finds the server busy
/// with probability sigma, the root below 1 of sigma = A(mu (1 - sigma)), A the transform of the interarrival time.
/// Source: Kleinrock 1 (1975), section 6.4. An error says which value is not positive, that the load is not below 1, or
/// that the transform leaves no such root, because it is not that of this mean.
[[nodiscard]] Expected<SteadyState> gm_1(const InterarrivalLaw& interarrivals, double services_per_s);

}  // namespace sim::queueing_theory
