#pragma once

#include "libsim/harness/experiment/parameters.hpp"
#include "models/stress/config.hpp"

namespace sim::models::stress {

/// Where a default comes from that the description of the mechanisms gives, and one that nobody gives.
inline constexpr const char* document = "stress test plan";
inline constexpr const char* assumed = "assumed";

/// Each declares the parameters of some scenarios.
void describe_memory(harness::Parameters& parameters, Config& config);
void describe_load(harness::Parameters& parameters, Config& config);
void describe_computation(harness::Parameters& parameters, Config& config);
void describe_exhaustion(harness::Parameters& parameters, Config& config);

}  // namespace sim::models::stress
