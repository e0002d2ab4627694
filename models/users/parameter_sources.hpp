#pragma once

#include "libsim/harness/experiment/parameters.hpp"
#include "models/users/config.hpp"

namespace sim::models::users {

/// Where a default comes from that the description of the application gives, and one that nobody gives.
inline constexpr const char* guide = "performance guide of the application";
inline constexpr const char* assumed = "assumed";

/// Declares the parameters of the database, its connections and the way to it.
void describe_storage(harness::Parameters& parameters, Config& config);

/// Declares the parameters of the scenarios: how many users, for how long.
void describe_scenarios(harness::Parameters& parameters, Config& config);

}  // namespace sim::models::users
