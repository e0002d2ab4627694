#include "actors/container.hpp"

namespace sim::actors {

Task<> Container::start_up() {
  std::vector<policies::ColdStartPlan::Timed> durations;
  for (const policies::ColdStartPart part : plan_.parts()) {
    durations.push_back({part, sample(part)});
  }
  co_await ctx_.sleep(plan_.start_time(durations));
  has_imported_agent_ = !plan_.imports_at_first_command();
}

Duration Container::sample(policies::ColdStartPart part) {
  const StartTimes& times = config_.start_times;
  switch (part) {
    case policies::ColdStartPart::placement:
      return times.placement.sample(start_rng_);
    case policies::ColdStartPart::image_pull:
      return from_seconds(to_seconds(times.image_pull_per_100mb.sample(start_rng_)) * plan_.image_mb() / 100);
    case policies::ColdStartPart::dependency_install:
      return times.dependency_install.sample(start_rng_);
    case policies::ColdStartPart::compile:
      return times.compile.sample(start_rng_);
    case policies::ColdStartPart::git:
      return times.git.sample(start_rng_);
    case policies::ColdStartPart::web_server:
      return times.web_server.sample(start_rng_);
    case policies::ColdStartPart::queue_connections:
      return times.queue_connections.sample(start_rng_);
    case policies::ColdStartPart::agent_import:
      return times.agent_import.sample(start_rng_);
  }
  check(false, "a part of a cold start has its time");
  return {};
}

Task<> Container::import_agent_once() {
  if (has_imported_agent_) {
    co_return;
  }
  co_await take(import_lock_);
  if (!has_imported_agent_) {
    co_await compute(config_.start_times.agent_import.sample(start_rng_));
    has_imported_agent_ = true;
  }
  give_back(import_lock_);
}

}  // namespace sim::actors
