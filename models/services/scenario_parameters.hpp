#pragma once

#include "libsim/harness/experiment/parameters.hpp"
#include "models/services/config.hpp"

namespace sim::models::services {

/// Where a default comes from that the test plan gives, and one that nobody gives.
inline constexpr const char* document = "test plan of the services";
inline constexpr const char* assumed = "assumed";

/// Declares the parameters of the scenarios.
void describe_scenarios(harness::Parameters& parameters, Config& config);

}  // namespace sim::models::services
