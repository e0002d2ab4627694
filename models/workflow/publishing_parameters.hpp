#pragma once

#include "libsim/harness/experiment/parameters.hpp"
#include "models/workflow/config.hpp"

namespace sim::models::workflow {

/// Where a default comes from that the description of the workflow gives, and one that nobody gives.
inline constexpr const char* document = "test plan of the workflow";
inline constexpr const char* assumed = "assumed";

/// Declares how figures are sampled, reported and handed to the metrics service.
void describe_publishing(harness::Parameters& parameters, Config& config);

}  // namespace sim::models::workflow
