#include <fmt/format.h>

#include "models/stress/actors/weak_cache_actors.hpp"
#include "models/stress/measures.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

void weak_cache(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.weak_cache;
  Simulation& simulation = run.simulation();
  const WeakCache::Config rules{settings.owner_bound};
  const auto cache = simulation.spawn<WeakCache>("cache", rules);
  EntryAuditor::Config audit{{}, settings.entries_per_owner};
  for (std::uint32_t number = 0; number < settings.owners_count; ++number) {
    const CacheOwner::Config owner{settings.entries_per_owner, settings.lifetime, number < settings.ending_count,
                                   settings.computation};
    const auto spawned = simulation.spawn<CacheOwner>(fmt::format("owner-{}", number), owner, Port<OwnerBegins>(cache),
                                                      Port<StoreForOwner>(cache));
    audit.owners.push_back(spawned.id);
  }
  simulation.run();
  const auto auditor = simulation.spawn<EntryAuditor>("auditor", audit, Port<ReadOwnedEntry>(cache));
  simulation.run();

  const EntryAuditor& audited = simulation.get(auditor);
  const WeakCache& counted = simulation.get(cache);
  report_count(run, "entries_after_owner_gone", audited.found_of_gone(),
               std::uint64_t{settings.ending_count} * settings.entries_per_owner);
  report_count(run, "entries_computed", counted.stored());
  report_count(run, "entries_of_living_owners", audited.found_of_living());
  report_count(run, "entries_ended_with_owner", counted.ended());
  report_count(run, "entries_refused_late", counted.refused());
  run.report_account({.whole = "entries_computed",
                      .parts = {"entries_of_living_owners", "entries_after_owner_gone", "entries_ended_with_owner",
                                "entries_refused_late"}});
}

}  // namespace sim::models::stress
