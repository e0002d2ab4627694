#include <optional>
#include <string_view>

#include "models/stress/actors/pool_actors.hpp"
#include "models/stress/measures.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

namespace {

/// Exhausts a pool of its own and waits for a connection; what the one who did so has seen.
const PoolExhauster& exhaust(harness::ScenarioRun& run, const Config::ConnectionPool& settings, std::string_view label,
                             std::optional<Duration> release_after) {
  Simulation& simulation = run.simulation(label);
  PoolKeeper::Config keeping{{}, settings.creation};
  keeping.rules.maximum_pool_size = settings.maximum_pool_size;
  keeping.rules.minimum_idle = 0;
  keeping.rules.connection_timeout = settings.acquire_timeout;
  keeping.rules.idle_timeout = forever;
  keeping.rules.max_lifetime = forever;
  const auto pool = simulation.spawn<PoolKeeper>("pool", keeping);
  const PoolExhauster::Config script{release_after, settings.held_for};
  const auto exhauster = simulation.spawn<PoolExhauster>("exhauster", script, Port<AcquireConnection>(pool),
                                                         Port<ReleaseConnection>(pool), Port<CountPool>(pool));
  simulation.run();
  const PoolExhauster& seen = simulation.get(exhauster);
  run.check_littles_law("connections", simulation.metrics().gauge("connections_in_use_count", "pool").integral(),
                        to_seconds(seen.held_time()));
  return seen;
}

}  // namespace

void connection_pool(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.connection_pool;
  const PoolExhauster& served = exhaust(run, settings, "released", settings.release_after);
  const PoolExhauster& refused = exhaust(run, settings, "not_released", std::nullopt);

  report_count(run, "active_at_exhaustion", served.active_at_exhaustion(), served.lent());
  report_bool(run, "waiter_served", served.waiter().outcome == LoanOutcome::lent);
  report_bool(run, "waiter_timed_out", refused.waiter().outcome == LoanOutcome::timed_out);
  report_ms(run, "waiter_served_after", served.waiter().waited);
  report_ms(run, "waiter_timed_out_after", refused.waiter().waited);
  const std::uint64_t lent = served.lent() + refused.lent();
  const std::uint64_t timed_out = served.timed_out() + refused.timed_out();
  const std::uint64_t rejected = served.rejected() + refused.rejected();
  report_count(run, "requests", served.asked() + refused.asked());
  report_count(run, "requests_served", lent);
  report_count(run, "requests_timed_out", timed_out);
  report_count(run, "requests_rejected", rejected);
  run.report_account({.whole = "requests", .parts = {"requests_served", "requests_timed_out", "requests_rejected"}});
}

}  // namespace sim::models::stress
