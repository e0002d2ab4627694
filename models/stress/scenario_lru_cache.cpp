#include "models/stress/actors/bounded_cache.hpp"
#include "models/stress/measures.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

void lru_cache(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.lru_cache;
  Simulation& simulation = run.simulation();
  const BoundedCache::Config rules{settings.entries_max, settings.eviction};
  const auto cache = simulation.spawn<BoundedCache>("cache", rules);
  const CacheFiller::Config script{settings.inserts_count, settings.hot_keys_count, settings.pause};
  const auto filler = simulation.spawn<CacheFiller>("filler", script, Port<StoreEntry>(cache), Port<ReadEntry>(cache));
  simulation.run();

  const CacheFiller& seen = simulation.get(filler);
  report_count(run, "entries_max", seen.entries_max(), settings.inserts_count);
  run.report_share("hot_hit_rate", seen.hits(), seen.reads());
  report_count(run, "inserts", settings.inserts_count);
  report_count(run, "entries_at_end", seen.entries());
  report_count(run, "entries_evicted", seen.evictions());
  run.report_account({.whole = "inserts", .parts = {"entries_at_end", "entries_evicted"}});
}

}  // namespace sim::models::stress
