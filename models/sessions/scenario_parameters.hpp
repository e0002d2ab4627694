#pragma once

#include "libsim/harness/experiment/parameters.hpp"
#include "models/sessions/config.hpp"

namespace sim::models::sessions {

/// Where a default comes from that the description of the platform gives, and one that nobody gives.
inline constexpr const char* document = "test plan of the platform";
inline constexpr const char* assumed = "assumed";

/// Declares the parameters of the scenarios: how many messages, for how long, and the preview pages.
void describe_scenarios(harness::Parameters& parameters, Config& config);

}  // namespace sim::models::sessions
