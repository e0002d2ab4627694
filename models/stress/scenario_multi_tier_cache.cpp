#include "models/stress/actors/tier_actors.hpp"
#include "models/stress/measures.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

void multi_tier_cache(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.multi_tier_cache;
  Simulation& simulation = run.simulation();
  TieredCache::Config caching{{}, settings.l1_access, settings.l2_access, settings.load};
  caching.rules.l1 = {.entries_max = settings.l1_entries_max, .ttl = forever, .eviction = settings.l1_eviction};
  caching.rules.l2 = {.entries_max = settings.l2_entries_max, .ttl = forever};
  caching.rules.promote_on_hit = settings.promotes;
  const auto cache = simulation.spawn<TieredCache>("cache", caching);
  const KeyReader::Config script{settings.keys_count, settings.lookups_count, settings.order, settings.lookup_timeout};
  const auto reader = simulation.spawn<KeyReader>("reader", script, Port<LookUpKey>(cache), Port<StoreKey>(cache));
  simulation.run();

  const KeyReader& seen = simulation.get(reader);
  const std::uint64_t answered = seen.l1_hits() + seen.l2_hits() + seen.misses();
  report_count(run, "lookups", answered, settings.lookups_count);
  report_ms(run, "lookup_time_mean", seen.time() / settings.lookups_count, settings.lookups_count);
  report_count(run, "lookups_asked", settings.lookups_count);
  report_count(run, "l1_hits", seen.l1_hits(), settings.lookups_count);
  report_count(run, "l2_hits", seen.l2_hits(), settings.lookups_count);
  report_count(run, "misses", seen.misses(), settings.lookups_count);
  report_count(run, "lookups_timed_out", seen.timed_out(), settings.lookups_count);
  if (seen.timed_out() == 0) {  // a lookup that is given up goes on without its reader
    run.check_littles_law("lookups", simulation.get(cache).lookups_integral(), to_seconds(seen.time()));
  }
  run.report_account({.whole = "lookups_asked", .parts = {"l1_hits", "l2_hits", "misses", "lookups_timed_out"}});
}

}  // namespace sim::models::stress
