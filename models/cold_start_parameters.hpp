#pragma once

#include "actors/containers/cold_start_times.hpp"
#include "libsim/harness/experiment/parameters.hpp"

namespace sim::models {

/// Declares how long the parts of a cold start take that every container has; the import of an agent's library is not
/// among them.
void describe_cold_start(harness::Parameters& parameters, policies::ColdStartTimes& times);

}  // namespace sim::models
