#pragma once

#include <cstdint>

#include "libsim/harness/scenario_run.hpp"
#include "models/queueing/config.hpp"

namespace sim::models::queueing {

/// The mean rate of arrivals at the station; of a finite source the most that it and the servers allow.
[[nodiscard]] double arrivals_per_s_of(const Config& config);

/// The time in which so many jobs arrive at the mean.
[[nodiscard]] Duration time_for(std::uint64_t jobs, double arrivals_per_s);

/// The work that arrives, over what the servers can do. 0 for a finite source.
[[nodiscard]] double load_of(const Config& config);

/// Warns of a station that cannot settle (a load of 1 or more that nothing sheds, services without a variance), and of
/// a run that is too short for it to settle: fewer than 100 relaxation times, or a warm-up of fewer than 3. The
/// relaxation time is that of M/M/1, 1 / (mu (1 - sqrt(rho))^2) (Cohen, The Single Server Queue, 1982), stretched by
/// the mean of the squared coefficients of variation of arrivals and services.
void advise(harness::ScenarioRun& run, const Config& config);

/// The same for a station of a network with this load.
void advise_of_load(harness::ScenarioRun& run, std::string_view station, double load);

}  // namespace sim::models::queueing
