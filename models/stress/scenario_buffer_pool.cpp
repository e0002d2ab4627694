#include "models/stress/actors/buffer_actors.hpp"
#include "models/stress/measures.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

void buffer_pool(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.buffer_pool;
  Simulation& simulation = run.simulation();
  BufferKeeper::Config keeper{{}, settings.allocation, settings.clearing};
  keeper.rules.buffer_size_bytes = settings.buffer_size_bytes;
  keeper.rules.retained_max = settings.retained_max;
  const auto pool = simulation.spawn<BufferKeeper>("pool", keeper);
  const BufferUser::Config script{settings.buffers_count, settings.rounds_count, settings.hold};
  const auto user = simulation.spawn<BufferUser>("user", script, Port<AcquireBuffer>(pool), Port<ReleaseBuffer>(pool));
  simulation.run();

  const BufferUser& seen = simulation.get(user);
  const std::uint64_t acquired = seen.allocated() + seen.reused();
  report_count(run, "pooled_buffers", seen.pooled_max(), acquired);
  report_count(run, "buffers_reused", seen.reused(), acquired);
  report_ms(run, "acquire_time_mean", seen.acquire_time() / acquired, acquired);
  run.report("pooled_memory", "MB", static_cast<double>(seen.pooled() * settings.buffer_size_bytes) / 1'048'576);
  report_count(run, "buffers_allocated", seen.allocated());
  report_count(run, "buffers_pooled_at_end", seen.pooled());
  report_count(run, "buffers_freed", seen.freed());
  // a buffer that is used again is there at once
  run.check_littles_law("buffers", simulation.get(pool).allocating_integral(), to_seconds(seen.acquire_time()));
  run.report_account({.whole = "buffers_allocated", .parts = {"buffers_pooled_at_end", "buffers_freed"}});
}

}  // namespace sim::models::stress
