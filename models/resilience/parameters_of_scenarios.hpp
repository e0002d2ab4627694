#pragma once

#include "models/resilience/config.hpp"

namespace sim::models::resilience {

inline constexpr const char* document = "Performance & Resilience Testing Guide";
inline constexpr const char* assumed = "assumed";
inline constexpr const char* metastable_example =
    "example of the scenario; after Bronson et al. (HotOS 2021) and Huang et al. (OSDI 2022)";

/// Declares the parameters of single scenarios.
void describe_scenarios(harness::Parameters& parameters, Config& config);

}  // namespace sim::models::resilience
