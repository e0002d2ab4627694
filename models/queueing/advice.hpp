#pragma once

#include <cstdint>
#include <string_view>

#include "libsim/harness/experiment/scenario_run.hpp"
#include "models/queueing/config.hpp"

namespace sim::models::queueing {

/// The mean rate of arrivals at the station; of a finite source the most that it and the servers allow.
[[nodiscard]] double arrivals_per_s_of(const Config& config);

/// How long so many jobs take to arrive at the mean; infinite when none ever comes.
[[nodiscard]] double seconds_for(std::uint64_t jobs, double arrivals_per_s);

/// The time in which so many jobs arrive at the mean, to nine digits; at most the longest duration.
[[nodiscard]] Duration time_for(std::uint64_t jobs, double arrivals_per_s);

/// How long a station remembers its state: the relaxation time of M/M/1, 1 / (mu (1 - sqrt(rho))^2) (Cohen, The Single
/// Server Queue, 1982), over the number of servers, stretched by `variation`, the mean of the squared coefficients of
/// variation of arrivals and services; and a service on top. The load is below 1.
[[nodiscard]] double relaxation_s(double load, double service_mean_s, std::uint32_t servers, double variation);

/// Warns of a station of the flags that cannot settle (a load of 1 or more that nothing sheds, services without a
/// variance), and of a run that is too short for it to settle.
void advise_of_station(harness::ScenarioRun& run, const Config& config);

/// The same for the stations of an open network.
void advise_of_network(harness::ScenarioRun& run, const Config& config, const Network& network);

/// Warns of a run in which a customer comes back less than 20 times while measured, or 3 times before.
void advise_of_customers(harness::ScenarioRun& run, const Config& config, std::uint32_t customers);

}  // namespace sim::models::queueing
