#include "actors/containers/cold_start_times.hpp"

#include <vector>

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

Duration sample_part(ColdStartPart part, double image_mb, const ColdStartTimes& times, RandomStream& random) {
  switch (part) {
    case ColdStartPart::placement:
      return times.placement.sample(random);
    case ColdStartPart::image_pull:
      return nearest_duration(to_seconds(times.image_pull_per_100mb.sample(random)) * image_mb / 100);
    case ColdStartPart::dependency_install:
      return times.dependency_install.sample(random);
    case ColdStartPart::compile:
      return times.compile.sample(random);
    case ColdStartPart::git:
      return times.git.sample(random);
    case ColdStartPart::web_server:
      return times.web_server.sample(random);
    case ColdStartPart::queue_connections:
      return times.queue_connections.sample(random);
    case ColdStartPart::agent_import:
      return times.agent_import.sample(random);
  }
  check(false, "a part of a cold start has its time");
  return {};
}

}  // namespace

Duration sample_start_time(const ColdStartPlan& plan, const ColdStartTimes& times, RandomStream& random) {
  std::vector<ColdStartPlan::Timed> durations;
  durations.reserve(plan.parts().size());
  for (const ColdStartPart part : plan.parts()) {
    durations.push_back({part, sample_part(part, plan.image_mb(), times, random)});
  }
  return plan.start_time(durations);
}

}  // namespace sim::policies
