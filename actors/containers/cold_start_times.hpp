#pragma once

#include "actors/containers/cold_start_plan.hpp"
#include "libsim/random/distribution.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// How long the parts of a cold start take.
struct ColdStartTimes {
  Distribution placement = lognormal_p50_p99(6s, 13s);
  Distribution image_pull_per_100mb = lognormal_p50_p99(6250ms, 13s);
  Distribution dependency_install = lognormal_p50_p99(25s, 55s);
  Distribution compile = lognormal_p50_p99(8s, 17s);
  Distribution git = lognormal_p50_p99(1800ms, 4500ms);
  Distribution web_server = lognormal_p50_p99(2500ms, 5500ms);
  Distribution queue_connections = lognormal_p50_p99(400ms, 1500ms);
  Distribution agent_import = lognormal_p50_p99(1200ms, 3s);

  friend bool operator==(const ColdStartTimes&, const ColdStartTimes&) = default;
};

/// From request to ready, with one draw for each part of the plan, in the order of its parts.
[[nodiscard]] Duration sample_start_time(const ColdStartPlan& plan, const ColdStartTimes& times, RandomStream& random);

}  // namespace sim::policies
